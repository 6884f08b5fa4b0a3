//! In: a response with its whole body. Out: what a test asks about it.
//! It remembers where it came from, so that its cookies can be delivered later.

use std::fmt;

use bytes::Bytes;
use cookie::Cookie;
use http::header::{HeaderMap, LOCATION, SET_COOKIE};
use http::{StatusCode, Uri, response};
use serde::de::DeserializeOwned;

use super::error::TestError;
use crate::testing::jar::Site;

/// An answer of the service, read to its end.
#[derive(Clone)]
pub struct TestResponse {
    url: Uri,
    site: Site,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl TestResponse {
    pub(super) fn new(url: Uri, site: Site, head: response::Parts, body: Bytes) -> Self {
        let mut headers = head.headers;
        for (name, value) in &mut headers {
            if name == SET_COOKIE {
                value.set_sensitive(true);
            }
        }
        Self { url, site, status: head.status, headers, body }
    }

    /// The address that answered: after redirects, the last one.
    #[must_use]
    pub fn url(&self) -> &Uri {
        &self.url
    }

    pub(super) fn site(&self) -> Site {
        self.site
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers; those of `Set-Cookie` are marked as sensitive.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header, if it is there and text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The `Set-Cookie` lines in order. Lines that are not text are left out; see [`TestResponse::headers`].
    #[must_use]
    pub fn set_cookies(&self) -> Vec<&str> {
        self.set_cookie_bytes().filter_map(|line| str::from_utf8(line).ok()).collect()
    }

    /// The first `Set-Cookie` line of this name, taken apart; whether a browser takes it is the jar's matter.
    #[must_use]
    pub fn set_cookie(&self, name: &str) -> Option<Cookie<'_>> {
        let mut cookies = self.set_cookies().into_iter().filter_map(|line| Cookie::parse(line).ok());
        cookies.find(|cookie| cookie.name() == name)
    }

    pub(super) fn set_cookie_bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(SET_COOKIE).iter().map(AsRef::as_ref)
    }

    /// The `Location` header as it was sent, relative or not.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header(LOCATION.as_str())
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`TestError::NotText`] if it is not UTF-8.
    pub fn text(&self) -> Result<&str, TestError> {
        str::from_utf8(&self.body).map_err(TestError::NotText)
    }

    /// The body as JSON, whatever its `Content-Type`.
    ///
    /// # Errors
    ///
    /// [`TestError::Decode`] if it is not the JSON of a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, TestError> {
        serde_json::from_slice(&self.body).map_err(TestError::Decode)
    }
}

impl fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestResponse")
            .field("url", &self.url)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
