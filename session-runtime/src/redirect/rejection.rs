//! What a handler returns early with: the way back to a refused form, or to a login, or the failure of the session.

use http::Response;

use crate::error::SessionError;

use super::answer::Redirect;
use super::not_signed_in::NotSignedIn;

/// Why a handler stops at `?`: a form was refused, and the answer leads back to it; the visitor has to sign in; or the
/// session failed.
///
/// The first two are ordinary answers, since what they leave for the next page has to be committed. An axum handler returns
/// it as it is; any other turns it by [`answer`](Rejection::answer).
#[derive(Debug)]
pub enum Rejection {
    /// What was typed and what is wrong wait for the form's page, to which this leads.
    Invalid(Redirect),
    /// The visitor has to sign in first: the answer is 401, or leads to the login.
    NotSignedIn(NotSignedIn),
    /// The session could not do its part.
    Session(SessionError),
}

impl Rejection {
    /// The answer to the request, or the session's error for the service.
    ///
    /// ```
    /// # use http::{Request, Response};
    /// # use session_runtime::{Rejection, SessionError};
    /// # async fn submit(request: Request<String>) -> Result<Response<String>, Rejection> { Ok(Response::default()) }
    /// async fn serve(request: Request<String>) -> Result<Response<String>, SessionError> {
    ///     submit(request).await.or_else(Rejection::answer)
    /// }
    /// ```
    ///
    /// # Errors
    /// The session's.
    pub fn answer<B: Default>(self) -> Result<Response<B>, SessionError> {
        match self {
            Self::Invalid(redirect) => Ok(redirect.response()),
            Self::NotSignedIn(refused) => Ok(refused.response()),
            Self::Session(error) => Err(error),
        }
    }
}

impl From<SessionError> for Rejection {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}
