//! The session's cookie: its attributes, checked at build time, and the one function that writes it.

use std::time::Duration;

use http::HeaderValue;

use crate::token::Token;

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

    fn check(&self) -> Result<(), ConfigError> {
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

/// The checked cookie, with its attributes written out once.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    name: String,
    attributes: String,
    clear_with_browser: bool,
}

impl Cookies {
    pub(crate) fn new(config: &CookieConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let mut cookie = cookie::Cookie::build((config.name.as_str(), ""))
            .path(config.path.as_str())
            .secure(config.secure)
            .http_only(config.http_only)
            .same_site(config.same_site)
            .partitioned(config.partitioned);
        if let Some(domain) = &config.domain {
            cookie = cookie.domain(domain.as_str());
        }
        let written = cookie.build().to_string();
        let attributes = written.get(config.name.len() + 1..).unwrap_or_default().to_owned();
        Ok(Self { name: config.name.clone(), attributes, clear_with_browser: config.clear_with_browser })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The cookie that carries `token` for as long as the session may live.
    pub(crate) fn live(&self, token: &Token, max_age: Duration) -> HeaderValue {
        self.write(Some(token), (!self.clear_with_browser).then_some(max_age))
    }

    /// The cookie that takes the live one away: the same but for value and age.
    pub(crate) fn removal(&self) -> HeaderValue {
        self.write(None, Some(Duration::ZERO))
    }

    fn write(&self, token: Option<&Token>, max_age: Option<Duration>) -> HeaderValue {
        // Browsers cap at 400 days (RFC 6265bis section 5.5); more would only be text.
        let seconds = max_age.map(|max_age| max_age.as_secs().min(400 * 24 * 3_600));
        let mut buffer = itoa::Buffer::new();
        let age = seconds.map(|seconds| buffer.format(seconds));
        let value = token.map_or(0, |_| Token::CHARS);
        let age_chars = age.map_or(0, |age| MAX_AGE.len() + age.len());
        // The exact length, so that the header takes the text over without a copy.
        let mut text = String::with_capacity(self.name.len() + 1 + value + self.attributes.len() + age_chars);
        text.push_str(&self.name);
        text.push('=');
        if let Some(token) = token {
            token.write_to(&mut text);
        }
        text.push_str(&self.attributes);
        if let Some(age) = age {
            text.push_str(MAX_AGE);
            text.push_str(age);
        }
        // Name and attributes were checked, and a token has no other characters.
        let mut line = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        // Keeps the token out of whatever prints headers.
        line.set_sensitive(token.is_some());
        line
    }
}

const MAX_AGE: &str = "; Max-Age=";
