//! The session for templates as an extractor of axum.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::error::SessionError;
use crate::session::UntypedSession;
use crate::view::View;

/// Flash that the page does not carry on is consumed, as with [`Session`](crate::Session).
///
/// A view alone knows no schema, and so not which fields are secret: they are hidden if the request also loads a
/// [`Session<S>`](crate::Session) whose schema says so, as by another extractor of the same handler.
impl<T: Sync> FromRequestParts<T> for View {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        Ok(UntypedSession::load(&*parts).await?.view())
    }
}
