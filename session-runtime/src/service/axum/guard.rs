//! The guards as extractors of axum.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::guard::{RecentlySignedIn, SignedIn};
use crate::redirect::Rejection;
use crate::session::HasPrincipal;

/// It shares the load of the other extractors.
impl<S: HasPrincipal, T: Sync> FromRequestParts<T> for SignedIn<S> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        Self::load(&*parts).await
    }
}

/// It shares the load of the other extractors.
impl<S: HasPrincipal, T: Sync, const SECONDS: u64> FromRequestParts<T> for RecentlySignedIn<S, SECONDS> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Rejection> {
        Self::load(&*parts).await
    }
}
