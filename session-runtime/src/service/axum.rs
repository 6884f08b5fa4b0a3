//! The session as an extractor of axum, and its errors as responses.

mod csrf;
mod flash;
mod guard;
mod input;
mod redirect;
mod view;

use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

use crate::error::SessionError;
use crate::session::{ReadOnly, Session, SessionSchema};

use super::failure::HandlerFailed;

pub use self::csrf::Csrf;
pub use self::flash::Flash;

/// Several extractors in one handler, of one schema or of several, share one load.
impl<S: SessionSchema, T: Sync> FromRequestParts<T> for Session<S> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        Self::load(&*parts).await
    }
}

/// As [`Session::load_readonly`].
impl<S: SessionSchema, T: Sync> FromRequestParts<T> for ReadOnly<Session<S>> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        Session::load_readonly(&*parts).await.map(Self)
    }
}

/// Extracts a session in a request that is no activity; see [`Session::load_passive`].
#[derive(Clone, Debug)]
pub struct Passive<S>(pub S);

impl<S: SessionSchema, T: Sync> FromRequestParts<T> for Passive<Session<S>> {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        Session::load_passive(&*parts).await.map(Self)
    }
}

impl<S> Deref for Passive<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

/// The error's status and an empty body: its text is for the log. Whatever the status, the request counts as failed and
/// keeps endings only.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        let error = &self as &dyn std::error::Error;
        tracing::warn!(target: "session", event = "session.answered_with_error", error, "answered with an error of the session");
        let mut response = self.status().into_response();
        response.extensions_mut().insert(HandlerFailed);
        response
    }
}
