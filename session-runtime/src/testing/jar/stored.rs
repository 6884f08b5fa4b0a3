//! In: a cookie that passed every rule. Out: what it is, and whether it goes along with a request.
//! The retrieval rules of section 5.8.3 and the lifetime of section 5.5 are here.

use std::fmt;

use cookie::SameSite;
use http::Method;

use super::address::{Address, domain_matches, path_matches};
use super::site::Site;
use crate::clock::Timestamp;

/// One cookie as a browser keeps it.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute that servers set independently")]
pub struct StoredCookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) domain: String,
    pub(super) host_only: bool,
    pub(super) path: String,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
    pub(super) partitioned: bool,
    pub(super) expires_at: Option<Timestamp>,
    /// Its place among all cookies that were ever created here; a replacement inherits it.
    pub(super) created: u64,
}

impl StoredCookie {
    /// The name, exactly as the server wrote it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, quotes included.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The domain, in lower case; the host itself for a host-only cookie.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether it goes to this very host only, because no `Domain` was given.
    #[must_use]
    pub fn is_host_only(&self) -> bool {
        self.host_only
    }

    /// The path, given or by default.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it goes over `https` only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether scripts cannot see it. The jar is the HTTP side of a browser, so it only records this.
    #[must_use]
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// The `SameSite` attribute; without one, browsers behave as for `Lax`.
    #[must_use]
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// Whether it is kept apart per top-level site. A partitioned and a plain cookie never replace each other.
    #[must_use]
    pub fn is_partitioned(&self) -> bool {
        self.partitioned
    }

    /// When it ends by the jar's clock; `None` for a cookie that ends with the browser.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether both are the same cookie, so that the later one replaces the earlier (section 5.7, last steps).
    pub(super) fn replaces(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.host_only == other.host_only
            && self.path == other.path
            && self.partitioned == other.partitioned
    }

    /// Whether a request carries it (section 5.8.3).
    pub(super) fn goes_to(&self, address: &Address, method: &Method, site: Site) -> bool {
        let host = if self.host_only {
            address.host == self.domain
        } else {
            domain_matches(&address.host, &self.domain)
        };
        host && path_matches(&address.path, &self.path)
            && (address.secure || !self.secure)
            && self.crosses(method, site)
    }

    fn crosses(&self, method: &Method, site: Site) -> bool {
        match (site, self.same_site) {
            (Site::Same, _) | (_, Some(SameSite::None)) => true,
            (_, Some(SameSite::Strict)) | (Site::CrossSubresource, _) => false,
            (Site::CrossNavigation, Some(SameSite::Lax) | None) => method.is_safe(),
        }
    }
}

impl fmt::Debug for StoredCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredCookie")
            .field("name", &self.name)
            .field("domain", &self.domain)
            .field("path", &self.path)
            .field("secure", &self.secure)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
