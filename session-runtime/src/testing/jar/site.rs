//! In: nothing. Out: the word for who started a request, by which `SameSite` is decided.
//! Facts only; the rule itself stands with the cookie that it concerns.

/// Who made the browser send a request (RFC 6265bis, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Site {
    /// A page of the same site, or the person at the address bar.
    #[default]
    Same,
    /// Another site, by a link or a form that changes what the address bar shows.
    CrossNavigation,
    /// Another site, by a `fetch`, an image or a frame inside its own page.
    CrossSubresource,
}
