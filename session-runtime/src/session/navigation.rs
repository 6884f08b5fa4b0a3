//! What a browser says about a request: whether somebody navigates by it, and from where. In: headers. Out: verdicts.

use http::header::{ACCEPT, HOST, HeaderName, REFERER};
use http::{HeaderMap, Method};

use crate::local_path::LocalPath;

use super::load::SessionSource;

/// Whether the request opens a page in front of somebody: no frame, image or script, nothing that a script fetches or
/// the browser fetches ahead.
///
/// Fetch metadata: <https://www.w3.org/TR/fetch-metadata/>.
pub(super) fn is_one<R: SessionSource>(request: &R) -> bool {
    *request.method() == Method::GET && is_page(request)
}

/// The same whatever the method, as of a form that is sent.
pub(super) fn is_page<R: SessionSource>(request: &R) -> bool {
    let headers = request.headers();
    if *request.method() == Method::HEAD || is_ahead(headers) {
        return false;
    }
    let (mode, dest) = (text(headers, &MODE), text(headers, &DEST));
    if mode.is_some() || dest.is_some() {
        return mode == Some("navigate") && dest == Some("document");
    }
    let accepts_pages = || {
        let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        accepted.flat_map(|value| value.split(',')).any(|media| {
            let media = media.split(';').next().unwrap_or_default();
            media.trim().eq_ignore_ascii_case("text/html")
        })
    };
    !headers.contains_key(&BY_SCRIPT) && accepts_pages()
}

/// The path of `Referer`, if it is an address of the host that was asked.
pub(crate) fn came_from<R: SessionSource>(request: &R) -> Option<LocalPath> {
    let headers = request.headers();
    let authority = request.uri().authority().map(http::uri::Authority::as_str);
    LocalPath::of_url(only(headers, &REFERER)?, authority.or_else(|| only(headers, &HOST))?)
}

/// Whether a browser fetches the page ahead of a click that may not come.
pub(super) fn is_ahead(headers: &HeaderMap) -> bool {
    [&PURPOSE, &OLD_PURPOSE, &MOZILLA_PURPOSE].into_iter().any(|name| {
        text(headers, name).is_some_and(|purpose| purpose.to_ascii_lowercase().contains("prefetch"))
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// A header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).into_iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const OLD_PURPOSE: HeaderName = HeaderName::from_static("purpose");
const MOZILLA_PURPOSE: HeaderName = HeaderName::from_static("x-moz");
const BY_SCRIPT: HeaderName = HeaderName::from_static("x-requested-with");

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
        let request = Request::builder().method(method).uri("/page");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap()
    }

    #[test]
    fn only_pages_in_front_of_somebody_are_navigated_to() {
        let navigate = ("sec-fetch-mode", "navigate");
        let document = ("sec-fetch-dest", "document");
        let html = ("accept", "application/xhtml+xml, text/HTML;q=0.9");
        for (method, headers, expected) in [
            ("GET", &[navigate, document][..], true),
            ("GET", &[navigate, document, ("accept", "*/*")], true),
            ("GET", &[html], true),
            ("POST", &[navigate, document], false),
            ("HEAD", &[navigate, document], false),
            ("GET", &[navigate, ("sec-fetch-dest", "iframe")], false),
            ("GET", &[navigate, ("sec-fetch-dest", "image"), html], false),
            ("GET", &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty"), html], false),
            ("GET", &[("sec-fetch-mode", "no-cors"), document], false),
            ("GET", &[navigate], false),
            ("GET", &[document], false),
            ("GET", &[navigate, document, ("sec-purpose", "prefetch;prerender")], false),
            ("GET", &[navigate, document, ("purpose", "Prefetch")], false),
            ("GET", &[html, ("x-moz", "prefetch")], false),
            ("GET", &[html, ("x-requested-with", "XMLHttpRequest")], false),
            ("GET", &[("accept", "*/*")], false),
            ("GET", &[("accept", "image/avif,text/htmlx")], false),
            ("GET", &[], false),
        ] {
            assert_eq!(is_one(&request(method, headers)), expected, "{method} {headers:?}");
        }
    }

    #[test]
    fn a_referer_is_ours_if_the_host_is() {
        let from =
            |headers: &[(&str, &str)]| came_from(&request("GET", headers)).map(|path| path.to_string());
        let host = ("host", "ours");
        assert_eq!(from(&[host, ("referer", "https://ours/a?b")]).as_deref(), Some("/a?b"));
        assert_eq!(from(&[host, ("referer", "https://evil/a")]), None);
        assert_eq!(from(&[host]), None);
        assert_eq!(from(&[("referer", "https://ours/a")]), None);
        assert_eq!(from(&[host, host, ("referer", "https://ours/a")]), None);
        assert_eq!(from(&[host, ("referer", "https://evil/"), ("referer", "https://ours/a")]), None);
        let absolute = Request::builder().uri("https://other/x").header("host", "ours");
        let absolute = absolute.header("referer", "https://ours/a").body(()).unwrap();
        assert_eq!(came_from(&absolute), None, "the target's authority counts before `Host`");
    }
}
