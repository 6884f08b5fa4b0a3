//! The tokens of a request's forms as an extractor.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::error::SessionError;
use crate::session::UntypedSession;

/// Extracts what a page needs for its forms, without taking the session for writing.
///
/// ```
/// use session_runtime::{Csrf, SessionError};
///
/// async fn form(csrf: Csrf) -> Result<String, SessionError> {
///     let token = csrf.token()?;
///     Ok(format!(r#"<form method="post"><input type="hidden" name="_csrf" value="{token}"></form>"#))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Csrf(UntypedSession);

impl Csrf {
    /// A token; see [`UntypedSession::csrf_token`]. A visitor's browser gets its cookie only if this is called.
    ///
    /// # Errors
    /// As [`UntypedSession::csrf_token`].
    pub fn token(&self) -> Result<String, SessionError> {
        self.0.csrf_token()
    }

    /// Whether a token is one of this session; see [`UntypedSession::accepts_csrf_token`].
    #[must_use]
    pub fn accepts(&self, token: &str) -> bool {
        self.0.accepts_csrf_token(token)
    }
}

impl<T: Sync> FromRequestParts<T> for Csrf {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        let session = UntypedSession::load_readonly(&*parts).await?;
        Ok(Self(UntypedSession::clone(&session)))
    }
}
