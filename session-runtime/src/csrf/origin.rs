//! Where a request comes from, as its browser says. In: its headers and what is trusted. Out: whether it may go on.
//!
//! `Sec-Fetch-Site` is the browser's own verdict, which no page can forge (Fetch Metadata, section 2.4). `Origin` is
//! for browsers and connections without it.

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

/// Scheme, host and port of a page, as a browser names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    scheme: String,
    host: String,
    /// `None` where it is the scheme's own.
    port: Option<u16>,
}

/// Why a text names no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an origin: write a scheme, a host and, where it is not the scheme's own, a port: `https://pay.example`"
)]
pub struct OriginError;

/// What the headers say about where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// From our own pages, from nowhere, or from an origin that is trusted; or nothing is said.
    Passes,
    /// The browser says that another site has sent it.
    CrossSite,
    /// Its origin is another one, or none that could be ours.
    Origin,
}

/// What an origin is judged by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure<'r> {
    pub(super) trusted: &'r [Origin],
    /// Whether our pages come over https only.
    pub(super) https_only: bool,
}

impl Measure<'_> {
    /// The verdict on a request with these headers to this target.
    pub(super) fn judge(&self, target: &Uri, headers: &HeaderMap) -> Verdict {
        let origin = Claim::read(headers);
        let trusts = matches!(&origin, Claim::Some(origin) if self.trusted.contains(origin));
        match site(headers) {
            // The browser knows better than we do under which name it reached us: proxies rewrite `Host`.
            Site::Same if origin != Claim::Malformed => return Verdict::Passes,
            Site::Other if !trusts => return Verdict::CrossSite,
            _ => {}
        }
        match &origin {
            Claim::None => Verdict::Passes,
            Claim::Some(origin) if trusts || self.is_ours(origin, target, headers) => Verdict::Passes,
            Claim::Some(_) | Claim::Null | Claim::Malformed => Verdict::Origin,
        }
    }

    fn is_ours(&self, origin: &Origin, target: &Uri, headers: &HeaderMap) -> bool {
        // The target's authority wins over `Host` (RFC 9110 section 7.2).
        let mut hosts = headers.get_all(HOST).into_iter();
        let host = match (target.authority(), hosts.next(), hosts.next()) {
            (Some(authority), ..) => Some(authority.as_str()),
            (None, Some(host), None) => host.to_str().ok(),
            _ => None,
        };
        let scheme = if self.https_only { origin.scheme == "https" } else { is_of_the_web(&origin.scheme) };
        scheme && host.and_then(|host| Origin::of(&origin.scheme, host)).is_some_and(|ours| ours == *origin)
    }
}

impl Origin {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let is_word = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.');
        let named =
            scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(is_word);
        Self::of(&scheme.to_ascii_lowercase(), authority).filter(|_| named)
    }

    fn of(scheme: &str, authority: &str) -> Option<Self> {
        let parsed: Authority = authority.parse().ok()?;
        let (host, port) = (parsed.host(), parsed.port_u16());
        let whole = match parsed.port() {
            Some(port) => host.len() + 1 + port.as_str().len() == authority.len(),
            None => host.len() == authority.len(),
        };
        // What is left over is a user, an empty port or one that is no number.
        if !whole || host.is_empty() {
            return None;
        }
        let usual = match scheme {
            "https" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        let port = port.filter(|port| Some(*port) != usual);
        Some(Self { scheme: scheme.to_owned(), host: host.to_ascii_lowercase(), port })
    }
}

/// What `Origin` says.
#[derive(PartialEq, Eq)]
enum Claim {
    None,
    /// The browser keeps it back: a sandboxed frame, or a page with `Referrer-Policy: no-referrer`.
    Null,
    Malformed,
    Some(Origin),
}

impl Claim {
    fn read(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(ORIGIN).into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => match value.to_str() {
                Ok("null") => Self::Null,
                Ok(text) => Origin::parse(text).map_or(Self::Malformed, Self::Some),
                Err(_) => Self::Malformed,
            },
            _ => Self::Malformed,
        }
    }
}

/// What `Sec-Fetch-Site` says.
enum Site {
    Unsaid,
    /// A page of the same origin.
    Same,
    /// Nobody's page: the address bar, a bookmark.
    Nobody,
    /// Another site, another host of ours, or a word that is yet to be invented.
    Other,
}

fn site(headers: &HeaderMap) -> Site {
    let mut values = headers.get_all(SEC_FETCH_SITE).into_iter();
    match (values.next().map(http::HeaderValue::as_bytes), values.next()) {
        (None, _) => Site::Unsaid,
        (Some(b"same-origin"), None) => Site::Same,
        (Some(b"none"), None) => Site::Nobody,
        _ => Site::Other,
    }
}

fn is_of_the_web(scheme: &str) -> bool {
    matches!(scheme, "http" | "https")
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[cfg(test)]
mod tests;
