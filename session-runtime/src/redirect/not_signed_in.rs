//! The answer to whoever has to sign in first: 401, or the way to the login.

use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Response, StatusCode};

use crate::error::SessionError;
use crate::session::{Session, SessionSchema, Visit};

use super::answer::Redirect;
use super::rejection::Rejection;

/// Why a guard refused a request, and what it is answered.
#[derive(Debug)]
pub struct NotSignedIn {
    is_signed_in: bool,
    login: Option<Redirect>,
}

impl NotSignedIn {
    /// Remembers the way of whoever is sent to the login. A session without room for that is sent there all the same.
    pub(crate) fn refuse<S: SessionSchema>(
        session: &Session<S>,
        visit: Visit,
        is_signed_in: bool,
    ) -> Rejection {
        let Visit { login_at, target } = visit;
        if let Some(target) = login_at.as_ref().and(target) {
            match session.set_intended_url(target.as_str()) {
                Ok(_) | Err(SessionError::FlashTooLarge { .. }) => {}
                Err(error) => return Rejection::Session(error),
            }
        }
        let login = login_at.map(|path| session.redirect_to(path));
        Rejection::NotSignedIn(Self { is_signed_in, login })
    }

    /// Whether somebody is signed in, and only proved too long ago who he is.
    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        self.is_signed_in
    }

    /// The way to the login, if that is the answer. The page that was asked for is remembered.
    #[must_use]
    pub const fn login(&self) -> Option<&Redirect> {
        self.login.as_ref()
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_login(self) -> Option<Redirect> {
        self.login
    }

    /// The answer, with an empty body: 303 to the login, or 401, which nobody is to store.
    #[must_use]
    pub fn response<B: Default>(&self) -> Response<B> {
        if let Some(login) = &self.login {
            return login.response();
        }
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
