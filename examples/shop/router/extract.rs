//! Extractors of the shop's own, beside those that come with the sessions.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;
use session_runtime::{Session, SessionError};

use crate::forms;
use crate::problem::Problem;
use crate::session::Shop;
use crate::visit;

/// The session of who looks at a page; of a HEAD request for reading only.
pub(super) struct Visit(pub(super) Session<Shop>);

impl<T: Sync> FromRequestParts<T> for Visit {
    type Rejection = SessionError;

    async fn from_request_parts(head: &mut Parts, _: &T) -> Result<Self, SessionError> {
        visit::begin(head).await.map(Self)
    }
}

/// A form that is not shown again when something is wrong with it.
pub(super) struct Form<F>(pub(super) F);

impl<T: Sync, F: DeserializeOwned> FromRequest<T> for Form<F> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &T) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        forms::read(&head.headers, body).await.map(Self)
    }
}
