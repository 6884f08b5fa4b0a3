//! What was typed into a form as an extractor of axum.

use axum_core::extract::{FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};

use crate::form::Input;

/// Reads the body of an ordinary form, or the query of a GET. Another media type is answered with 415, a body over the
/// limit that the router sets (2 MB by default) with 413.
impl<T: Send + Sync> FromRequest<T> for Input {
    type Rejection = Response;

    async fn from_request(request: Request, state: &T) -> Result<Self, Response> {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(Self::from_urlencoded(request.uri().query().unwrap_or_default().as_bytes()));
        }
        if !is_form(&request) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self::from_urlencoded(&body))
    }
}

fn is_form(request: &Request) -> bool {
    let media = request.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let essence = media.and_then(|media| media.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
