//! The session's cookie: its attributes, checked at build time.

use super::policy::ConfigError;

pub use cookie::SameSite;

/// The attributes of the session's cookie.
///
/// The default is the safest that works for a whole site: `__Host-id`, `Secure`, `HttpOnly`, `SameSite=Lax`, `Path=/`
/// (OWASP ASVS 5.0, V3.3). [`Sessions::builder`](crate::Sessions::builder) refuses contradictions.
///
/// ```
/// use session_runtime::CookieConfig;
/// let cookie = CookieConfig { name: "__Secure-id".into(), domain: Some("example.com".into()), ..CookieConfig::default() };
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute that is there or not")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieConfig {
    /// The name, `__Host-id` by default. Compared exactly, capitals included.
    pub name: String,
    /// Which host and its subdomains get the cookie; `None` (the default) means this host only.
    pub domain: Option<String>,
    /// Below which path, `/` by default.
    pub path: String,
    /// Whether the cookie travels over https only, `true` by default. Never derived from the request, since a proxy
    /// in front may end TLS.
    pub secure: bool,
    /// Whether scripts cannot see the cookie, `true` by default.
    pub http_only: bool,
    /// Which cross-site requests carry it, `Lax` by default. `Strict` hides the session from a first request that
    /// comes from another site, sign-in callbacks included.
    pub same_site: SameSite,
    /// Whether the cookie is kept apart by embedding site (CHIPS), `false` by default.
    pub partitioned: bool,
    /// Whether the cookie ends with the browser instead of the session's absolute deadline, `false` by default.
    /// The record keeps its deadlines either way.
    pub clear_with_browser: bool,
}

impl Default for CookieConfig {
    fn default() -> Self {
        Self {
            name: "__Host-id".to_owned(),
            domain: None,
            path: "/".to_owned(),
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            partitioned: false,
            clear_with_browser: false,
        }
    }
}

impl CookieConfig {
    /// For development over plain http: named `id-dev`, without `Secure`. Anyone on the network can read it.
    #[must_use]
    pub fn insecure_development() -> Self {
        Self { name: "id-dev".to_owned(), secure: false, ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
        if self.name.is_empty() || !self.name.chars().all(token) {
            return Err(ConfigError::CookieName);
        }
        let clean = |text: &str| text.chars().all(|char| char.is_ascii_graphic() && char != ';');
        if !self.path.starts_with('/') || !clean(&self.path) {
            return Err(ConfigError::CookieAttribute { attribute: "path" });
        }
        if self.domain.as_ref().is_some_and(|domain| domain.is_empty() || !clean(domain)) {
            return Err(ConfigError::CookieAttribute { attribute: "domain" });
        }
        self.check_prefix()?;
        match (self.secure, self.same_site, self.partitioned) {
            (false, SameSite::None, _) => Err(ConfigError::NeedsSecure { attribute: "SameSite=None" }),
            (false, _, true) => Err(ConfigError::NeedsSecure { attribute: "Partitioned" }),
            _ => Ok(()),
        }
    }

    /// Browsers enforce the prefixes in any capitalisation (RFC 6265bis section 5.7), so they are checked like that.
    fn check_prefix(&self) -> Result<(), ConfigError> {
        let name = self.name.to_ascii_lowercase();
        let needs = |prefix, needs| Err(ConfigError::CookiePrefix { prefix, needs });
        if name.starts_with("__host-") {
            match (self.secure, self.domain.is_none(), self.path == "/") {
                (true, true, true) => Ok(()),
                (false, _, _) => needs("__Host-", "`Secure`"),
                (_, false, _) => needs("__Host-", "no domain"),
                (_, _, false) => needs("__Host-", "the path `/`"),
            }
        } else if name.starts_with("__secure-") && !self.secure {
            needs("__Secure-", "`Secure`")
        } else {
            Ok(())
        }
    }
}
