//! In: nothing. Out: the reasons for which a browser drops a `Set-Cookie` line.
//! No reason and no record of one carries a cookie's value.

use thiserror::Error;

/// Why a browser would have dropped a `Set-Cookie` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The address that the line came from names no host.
    #[error("the address has no host")]
    NoHost,
    /// The line is not UTF-8. Browsers keep such octets; nothing that this library writes needs them.
    #[error("the line is not utf-8")]
    NotText,
    /// A control character other than a tab (section 5.6, step 1).
    #[error("the line contains a control character")]
    ControlCharacter,
    /// No `name=value`, or an empty name. Browsers keep nameless cookies; here they are always a mistake.
    #[error("the line has no name=value pair")]
    NoPair,
    /// Name and value together exceed 4096 octets (section 5.6).
    #[error("name and value are {octets} octets, more than 4096")]
    TooLarge {
        /// The length of name and value together.
        octets: usize,
    },
    /// `Domain` holds something other than ASCII (section 5.7).
    #[error("the domain is not ascii")]
    DomainNotAscii,
    /// `Domain` is a whole top-level domain (section 5.7). Names of several labels are not looked up.
    #[error("the domain is a public suffix")]
    PublicSuffix,
    /// The host that answered does not belong to `Domain` (section 5.7).
    #[error("the host is outside of the cookie's domain")]
    ForeignDomain,
    /// `Secure` over plain HTTP (section 5.7).
    #[error("a secure cookie came over plain http")]
    SecureFromPlainHttp,
    /// An answer over plain HTTP would have shadowed or replaced a `Secure` cookie (section 5.7).
    #[error("an answer over plain http must not overwrite a secure cookie")]
    OverwritesSecure,
    /// A `SameSite` cookie in the answer to a subresource request of another site (section 5.7).
    #[error("a same-site cookie came in the answer to a cross-site request")]
    CrossSite,
    /// `SameSite=None` without `Secure` (section 5.7).
    #[error("samesite=none needs secure")]
    SameSiteNoneWithoutSecure,
    /// `Partitioned` without `Secure` (CHIPS).
    #[error("partitioned needs secure")]
    PartitionedWithoutSecure,
    /// `__Secure-` without `Secure` (section 5.4).
    #[error("the prefix __secure- needs secure")]
    SecurePrefix,
    /// `__Host-` without `Secure`, without `Path=/` or with a `Domain` (section 5.4).
    #[error("the prefix __host- needs secure, path=/ and no domain")]
    HostPrefix,
}

/// One `Set-Cookie` line that the jar did not take.
///
/// ```
/// use session_runtime::SystemClock;
/// use session_runtime::testing::{CookieJar, Refusal};
///
/// let jar = CookieJar::new(SystemClock);
/// let shop = "https://shop.example/".parse()?;
/// assert_eq!(jar.put(&shop, "__Host-id=1; Path=/"), Err(Refusal::HostPrefix));
/// assert_eq!(jar.refused()[0].name(), "__Host-id");
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCookie {
    name: String,
    host: String,
    reason: Refusal,
}

impl RefusedCookie {
    pub(super) fn new(line: &[u8], host: &str, reason: Refusal) -> Self {
        Self { name: name_of(line), host: host.to_owned(), reason }
    }

    /// The cookie's name as far as it could be read; empty if the line has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The host that answered; empty if the address names none.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Why the line was refused.
    #[must_use]
    pub fn reason(&self) -> Refusal {
        self.reason
    }
}

/// What stands before the `=` of the first pair. A line without a pair is all value, which is not for showing.
fn name_of(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let pair = text.split(';').next().unwrap_or_default();
    pair.split_once('=').map_or_else(String::new, |(name, _)| name.trim().to_owned())
}
