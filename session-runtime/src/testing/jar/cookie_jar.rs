//! In: `Set-Cookie` lines with their origin, and requests about to leave. Out: the `Cookie` header of each.
//! The one place with state; the rules are pure functions of its siblings.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::HeaderValue;
use http::{Method, Uri};

use super::address::Address;
use super::admission::{admit, check_overwrite};
use super::attributes::parse;
use super::refusal::{Refusal, RefusedCookie};
use super::site::Site;
use super::stored::StoredCookie;
use crate::clock::{Clock, Timestamp};

/// The cookies of one browser.
///
/// A clone is the same jar; [`CookieJar::fresh`] is another browser. Beyond the rules of RFC 6265bis a browser
/// may evict cookies at any time; this one never does. Of public suffixes it knows only the
/// top-level domains.
///
/// ```
/// use http::Method;
/// use session_runtime::SystemClock;
/// use session_runtime::testing::{CookieJar, Site};
///
/// let jar = CookieJar::new(SystemClock);
/// let shop = "https://shop.example/".parse()?;
/// assert_eq!(jar.put(&shop, "__Host-id=1; Path=/; Secure; HttpOnly"), Ok(()));
///
/// let header = jar.header(&shop, &Method::GET, Site::Same);
/// assert_eq!(header.as_ref().map(|h| h.as_bytes()), Some(&b"__Host-id=1"[..]));
///
/// jar.close_browser();
/// assert!(jar.cookies().is_empty());
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
#[derive(Clone)]
pub struct CookieJar {
    clock: Arc<dyn Clock>,
    contents: Arc<Mutex<Contents>>,
}

impl CookieJar {
    /// An empty jar of this clock, which should be that of the sessions under test.
    #[must_use]
    pub fn new(clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), contents: Arc::default() }
    }

    /// An empty jar of the same clock: another browser, or a private window.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { clock: Arc::clone(&self.clock), contents: Arc::default() }
    }

    /// Takes one `Set-Cookie` line as if `from` had answered a request of its own site with it.
    ///
    /// A line whose lifetime has ended removes the cookie that it would have replaced.
    ///
    /// # Errors
    ///
    /// The reason for which a browser drops the line; [`CookieJar::refused`] keeps it too.
    pub fn put(&self, from: &Uri, line: &str) -> Result<(), Refusal> {
        self.receive(from, Site::Same, line.as_bytes())
    }

    /// Takes one `Set-Cookie` line of the answer to a request that `site` started.
    ///
    /// # Errors
    ///
    /// The reason for which a browser drops the line; [`CookieJar::refused`] keeps it too.
    pub fn receive(&self, from: &Uri, site: Site, line: &[u8]) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut contents = self.lock();
        contents.take(from, site, line, now).inspect_err(|&reason| {
            let host = from.host().unwrap_or_default();
            contents.refused.push(RefusedCookie::new(line, host, reason));
        })
    }

    /// The `Cookie` header of a request, marked as sensitive; `None` if no cookie goes along.
    ///
    /// Longer paths come first, then older cookies.
    #[must_use]
    pub fn header(&self, to: &Uri, method: &Method, site: Site) -> Option<HeaderValue> {
        let address = Address::of(to).ok()?;
        let mut sent = self.cookies();
        sent.retain(|cookie| cookie.goes_to(&address, method, site));
        sent.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.created));
        let pairs: Vec<_> = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        // Control characters never get into the jar, so that every stored pair is a valid header value.
        let mut header = HeaderValue::from_bytes(pairs.join("; ").as_bytes()).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }

    /// Every cookie that has not ended, in order of creation.
    #[must_use]
    pub fn cookies(&self) -> Vec<StoredCookie> {
        let now = self.clock.now();
        let mut contents = self.lock();
        contents.cookies.retain(|cookie| !cookie.is_expired(now));
        contents.cookies.clone()
    }

    /// The oldest cookie of this exact name, wherever it belongs.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<StoredCookie> {
        self.cookies().into_iter().find(|cookie| cookie.name == name)
    }

    /// Every line that was refused since the jar was made.
    #[must_use]
    pub fn refused(&self) -> Vec<RefusedCookie> {
        self.lock().refused.clone()
    }

    /// Drops what ends with the browser: every cookie without `Max-Age` and `Expires`.
    pub fn close_browser(&self) {
        self.lock().cookies.retain(|cookie| cookie.expires_at.is_some());
    }

    /// Drops every cookie, as "clear site data" does.
    pub fn clear(&self) {
        self.lock().cookies.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        // A panic of another test thread leaves whole cookies behind, never half ones.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let contents = self.lock();
        f.debug_struct("CookieJar")
            .field("cookies", &contents.cookies)
            .field("refused", &contents.refused)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Contents {
    cookies: Vec<StoredCookie>,
    refused: Vec<RefusedCookie>,
    created: u64,
}

impl Contents {
    fn take(&mut self, from: &Uri, site: Site, line: &[u8], now: Timestamp) -> Result<(), Refusal> {
        let address = Address::of(from)?;
        let mut cookie = admit(&parse(line)?, &address, site, now)?;
        self.cookies.retain(|old| !old.is_expired(now));
        check_overwrite(&cookie, &address, &self.cookies)?;
        self.created += 1;
        cookie.created = self.created;
        match self.cookies.iter_mut().find(|old| cookie.replaces(old)) {
            Some(old) => {
                cookie.created = old.created;
                *old = cookie;
            }
            None => self.cookies.push(cookie),
        }
        Ok(())
    }
}
