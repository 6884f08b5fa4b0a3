//! The cookie of visitors without a session: the key that the tokens of their forms are made from, sealed.
//!
//! A form needs a token before there is a session, and a page that is only read must not create one. So the browser keeps
//! the key. It is sealed, not signed: whoever sees a copy of the header learns no key.

use std::sync::OnceLock;

use http::{HeaderMap, HeaderValue};
use memchr::memmem;

use crate::config::{ConfigError, CookieConfig, Cookies};
use crate::random::{RandomError, RandomSource};
use crate::record::CsrfKey;
use crate::seal::{KeyRing, Opened, Purpose};
use crate::state::CookieLines;

use super::pairs::pairs_of;

pub(crate) struct Visitors {
    cookies: Cookies,
    /// Looks for the cookie's name.
    name: memmem::Finder<'static>,
    purpose: Purpose,
    /// Whether cookies travel over https only, and pages so come over it.
    #[cfg(feature = "csrf")]
    pub(crate) https_only: bool,
    /// Drawn when it is first needed, where none was given.
    keys: OnceLock<KeyRing>,
}

impl Visitors {
    /// Beside a session's cookie like `beside`.
    pub(crate) fn new(beside: &CookieConfig, keys: Option<KeyRing>) -> Result<Self, ConfigError> {
        let name = name_beside(&beside.name);
        let purpose = Purpose::cookie(&name);
        let cookies = Cookies::new(&CookieConfig { name, clear_with_browser: true, ..beside.clone() })?;
        let keys = keys.map_or_else(OnceLock::new, OnceLock::from);
        Ok(Self {
            name: memmem::Finder::new(cookies.name()).into_owned(),
            cookies,
            purpose,
            #[cfg(feature = "csrf")]
            https_only: beside.secure,
            keys,
        })
    }

    /// The cookies among which a visitor's may be.
    pub(crate) fn presented(&self, headers: &HeaderMap) -> CookieLines {
        CookieLines::of(headers, &self.name)
    }

    /// The key of the visitor with these cookies.
    pub(super) fn open(&self, presented: &CookieLines) -> Option<CsrfKey> {
        let keys = self.keys.get()?;
        self.values(presented).take(MOST).find_map(|value| {
            let key = |opened: Opened<'_>| opened.content.try_into().ok().map(CsrfKey::from_bytes);
            keys.open(&self.purpose, value, key)
        })
    }

    /// Whether these cookies are a visitor's, whether they open or not.
    pub(crate) fn came(&self, presented: &CookieLines) -> bool {
        self.values(presented).next().is_some()
    }

    /// The line that gives a visitor his key. It ends with the browser.
    pub(crate) fn live(&self, key: &CsrfKey, random: &dyn RandomSource) -> Result<HeaderValue, RandomError> {
        let mut envelope = KeyRing::envelope();
        envelope.extend_from_slice(key.as_bytes());
        let sealed = self.keys()?.seal(&self.purpose, envelope, random)?;
        let until_browser_ends = None;
        let lines = self.cookies.sealed(sealed.chars(), |line| sealed.write_to(line), until_browser_ends);
        lines.into_iter().next().ok_or(RandomError)
    }

    /// The line that takes it away.
    pub(crate) fn removal(&self) -> HeaderValue {
        self.cookies.removal(0)
    }

    fn keys(&self) -> Result<&KeyRing, RandomError> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let drawn = KeyRing::ephemeral()?;
        Ok(self.keys.get_or_init(|| {
            tracing::warn!(
                target: "session", event = "csrf.ephemeral_keys",
                "no keys configured: forms of visitors without a session end with this process, and hold in no other"
            );
            drawn
        }))
    }

    fn values<'h>(&self, presented: &'h CookieLines) -> impl Iterator<Item = &'h [u8]> {
        pairs_of(presented.iter())
            .filter_map(|pair| pair.strip_prefix(self.cookies.name().as_bytes())?.strip_prefix(b"="))
            .filter(|value| !value.is_empty())
    }
}

/// `__Host-csrf` beside `__Host-id`. Beside any other name it contains that name: two managers on one host may have other
/// keys, and must not take each other's cookie away.
fn name_beside(name: &str) -> String {
    let prefix = ["__Host-", "__Secure-"]
        .into_iter()
        .find(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
    let (prefix, rest) = name.split_at(prefix.map_or(0, str::len));
    if rest == "id" { format!("{prefix}csrf") } else { format!("{prefix}{rest}-csrf") }
}

/// More would make one request a lever for much work.
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::COOKIE;

    use crate::drivers::SealKey;
    use crate::random::SystemRandom;

    use super::*;

    fn visitors(keys: Option<KeyRing>) -> Visitors {
        Visitors::new(&CookieConfig::default(), keys).unwrap()
    }

    fn presented(lines: &[&str]) -> CookieLines {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        CookieLines::of(&headers, &memmem::Finder::new(""))
    }

    /// The pair that a browser sends after this line.
    fn pair(line: &HeaderValue) -> String {
        line.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn the_cookie_is_named_beside_the_sessions() {
        for (session, visitor) in [
            ("__Host-id", "__Host-csrf"),
            ("__Secure-id", "__Secure-csrf"),
            ("__host-id", "__host-csrf"),
            ("id", "csrf"),
            ("id-dev", "id-dev-csrf"),
            ("__Host-admin", "__Host-admin-csrf"),
            ("__Host-csrf", "__Host-csrf-csrf"),
        ] {
            assert_eq!(name_beside(session), visitor);
        }
    }

    #[test]
    fn what_was_sealed_opens_with_every_key_of_the_ring_and_for_nothing_else() {
        let random = SystemRandom::default();
        let (old, new) = (SealKey::generate().unwrap(), SealKey::generate().unwrap());
        let key = CsrfKey::from_bytes([7; 16]);
        let ring = KeyRing::new(old.clone());
        let ours = visitors(Some(ring.clone()));
        let line = ours.live(&key, &random).unwrap();
        let shown = line.to_str().unwrap();
        assert!(shown.starts_with("__Host-csrf=") && shown.contains("HttpOnly") && shown.contains("Secure"));
        assert!(!shown.contains("Max-Age") && line.is_sensitive());

        let cookies = presented(&["a=b", &format!("__Host-csrf=x; {}", pair(&line))]);
        assert_eq!(ours.open(&cookies), Some(key));
        ring.replace(new.clone(), [old]);
        assert_eq!(ours.open(&cookies), Some(key));
        ring.replace(new, []);
        assert_eq!(ours.open(&cookies), None);
        assert!(ours.came(&cookies));

        let moved = pair(&line).replace("__Host-csrf", "__Host-id-csrf");
        assert_eq!(ours.open(&presented(&[&moved])), None);
        assert!(!ours.came(&presented(&[&moved, "__Host-csrf="])));
    }

    #[test]
    fn without_keys_one_is_drawn_that_no_other_process_has() {
        let random = SystemRandom::default();
        let (one, other) = (visitors(None), visitors(None));
        let key = CsrfKey::from_bytes([7; 16]);
        let pair = pair(&one.live(&key, &random).unwrap());
        assert_eq!(one.open(&presented(&[&pair])), Some(key));
        other.live(&key, &random).unwrap();
        assert_eq!(other.open(&presented(&[&pair])), None);
    }
}
