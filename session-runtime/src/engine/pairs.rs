//! The cookies of a request, as bytes, which need not be text.

use http::HeaderMap;
use http::header::COOKIE;

/// All pairs of all `Cookie` headers, in the order of the request (RFC 6265 section 4.2.1), trimmed.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(COOKIE).into_iter().flat_map(|header| {
        let header = header.as_bytes();
        let mut start = 0;
        memchr::memchr_iter(b';', header).chain([header.len()]).map(move |end| {
            let pair = header.get(start..end).unwrap_or_default().trim_ascii();
            start = end + 1;
            pair
        })
    })
}
