//! What is said to a request that a guard does not let through.

use std::fmt;

use http::request::Parts;
use http::{Response, StatusCode};

use crate::error::SessionError;
use crate::form::Input;
use crate::session::UntypedSession;

/// Why a request was not let through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsrfFault {
    /// The browser says that a page of another site has sent it.
    #[error("sent by another site")]
    CrossSite,
    /// Its `Origin` is another one than the host that was asked, or none that could be.
    #[error("sent from another origin")]
    Origin,
    /// It carries no token: neither in the header nor in a field of an urlencoded form.
    #[error("carries no token")]
    Missing,
    /// Its token is not one of this session.
    #[error("carries a token of another session")]
    Mismatch,
    /// Its token is not one of this session, and the session that its browser remembers is gone: it expired or was
    /// ended. The visitor did nothing wrong; show him the form once more, with what he wrote.
    #[error("carries a token of a session that is gone")]
    Stale,
    /// Its form is longer than the guard reads.
    #[error("its form is too long")]
    TooLarge,
    /// Its form did not arrive in time.
    #[error("its form did not arrive in time")]
    TooSlow,
    /// Its body broke off.
    #[error("its body cannot be read")]
    Unreadable,
    /// The session could not be loaded.
    #[error("its session cannot be loaded")]
    Session(#[from] SessionError),
}

impl CsrfFault {
    /// The status of the answer: 403, 413 for too long a form, 408 for too slow a one, 400 for a broken one, and the
    /// session's own where it could not be loaded.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::CrossSite | Self::Origin | Self::Missing | Self::Mismatch | Self::Stale => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Session(error) => error.status(),
        }
    }
}

/// A request that was not let through: why, and what is known of it, so that its page can be shown once more.
pub struct CsrfRefusal {
    pub(super) fault: CsrfFault,
    pub(super) head: Box<Parts>,
    pub(super) input: Input,
    pub(super) session: Option<UntypedSession>,
}

impl CsrfRefusal {
    /// Why.
    #[must_use]
    pub const fn fault(&self) -> &CsrfFault {
        &self.fault
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.fault.status()
    }

    /// Method, target and headers.
    #[must_use]
    pub fn head(&self) -> &Parts {
        &self.head
    }

    /// What was typed into the form, without the token; empty where the form was not read. It comes from whoever has sent
    /// the request: show it in the fields of a form, passwords excepted, and do nothing else with it.
    #[must_use]
    pub const fn input(&self) -> &Input {
        &self.input
    }

    /// The session, for reading only: for the token of the form that is shown once more. `None` where it was not
    /// looked at, or could not be loaded.
    #[must_use]
    pub const fn session(&self) -> Option<&UntypedSession> {
        self.session.as_ref()
    }
}

/// Shows no value: they may be passwords.
impl fmt::Debug for CsrfRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsrfRefusal")
            .field("fault", &self.fault)
            .field("method", &self.head.method)
            .finish_non_exhaustive()
    }
}

/// Makes a response out of a refusal. Closures `Fn(&CsrfRefusal) -> Response<B>` do.
pub trait Refuse<B> {
    /// The response.
    fn respond(&self, refusal: &CsrfRefusal) -> Response<B>;
}

/// Answers with the refusal's [`status`](CsrfRefusal::status) and an empty body.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultRefusal;

impl<B: Default> Refuse<B> for DefaultRefusal {
    fn respond(&self, refusal: &CsrfRefusal) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = refusal.status();
        response
    }
}

impl<B, F: Fn(&CsrfRefusal) -> Response<B>> Refuse<B> for F {
    fn respond(&self, refusal: &CsrfRefusal) -> Response<B> {
        self(refusal)
    }
}
