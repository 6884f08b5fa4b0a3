//! The cookies of a request, as bytes, which need not be text.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// All pairs of all `Cookie` headers, in the order of the request (RFC 6265 section 4.2.1), trimmed.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    pairs_of(headers.get_all(COOKIE).into_iter())
}

pub(super) fn pairs_of<'h>(lines: impl Iterator<Item = &'h HeaderValue>) -> impl Iterator<Item = &'h [u8]> {
    lines.flat_map(|header| {
        let header = header.as_bytes();
        let mut start = 0;
        memchr::memchr_iter(b';', header).chain([header.len()]).map(move |end| {
            let pair = header.get(start..end).unwrap_or_default().trim_ascii();
            start = end + 1;
            pair
        })
    })
}
