//! In: a request and its answer. Out: the request that a browser makes next, if the answer is a redirect.
//! The rules are those of the Fetch standard, "HTTP-redirect fetch".

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST};
use http::{Method, StatusCode};

use super::error::TestError;
use super::response::TestResponse;
use super::wire::Outgoing;

/// The next request; `None` if the answer asks for none.
pub(super) fn next(mut request: Outgoing, answer: &TestResponse) -> Result<Option<Outgoing>, TestError> {
    let Some(location) = answer.location().filter(|_| redirects(answer.status())) else {
        return Ok(None);
    };
    let target = request.url.join(location)?;
    if becomes_get(answer.status(), &request.method) {
        request.method = Method::GET;
        request.body = Bytes::new();
        request.headers.remove(CONTENT_TYPE);
        request.headers.remove(CONTENT_LENGTH);
    }
    // A cookie or host that a test forged was for one request only; from now on the jar and the URL decide.
    request.headers.remove(COOKIE);
    request.headers.remove(HOST);
    if target.origin() != request.url.origin() {
        request.headers.remove(AUTHORIZATION);
    }
    request.url = target;
    Ok(Some(request))
}

fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn becomes_get(status: StatusCode, method: &Method) -> bool {
    match status.as_u16() {
        301 | 302 => method == Method::POST,
        303 => method != Method::GET && method != Method::HEAD,
        _ => false,
    }
}
