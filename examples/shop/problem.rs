//! What can be wrong with a request, and how to tell people.

use http::StatusCode;
use session_runtime::{Redirect, Rejection, SessionError};

use crate::route::Stray;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("no page has this address")]
    Path,
    #[error("this address answers {0} only")]
    Method(&'static str),
    #[error("no product has this name")]
    Product,
    #[error("the form cannot be read")]
    Form,
    #[error("only forms are read here")]
    MediaType,
    #[error("the form is longer than {0} bytes")]
    TooLong(usize),
    #[error("the form did not arrive in time")]
    TooSlow,
    #[error("the form was sent by a page of another origin")]
    Foreign,
    #[error("the form has no token of this session")]
    Token,
    #[error("the form is of a session that has ended")]
    Ended,
    #[error("nobody is signed in")]
    SignIn,
    /// Not done for now: what is wrong waits on the form's page, to which this leads.
    #[error("the form is not filled in as it should be")]
    Invalid(Redirect),
    /// Left to the session service, which answers for it.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Problem {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Path | Self::Product => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Form => StatusCode::BAD_REQUEST,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Foreign | Self::Token | Self::Ended => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::SEE_OTHER,
            Self::Session(error) => error.status(),
        }
    }

    /// A headline and a sentence for people.
    pub(crate) const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Path => (
                "Nothing on this shelf",
                "The page you asked for does not exist. Perhaps the address has a typing error.",
            ),
            Self::Product => (
                "We do not sell that",
                "There is no product of this name in the shop. Your cart is as it was.",
            ),
            Self::Method(_) => (
                "Not like that",
                "This address cannot be asked for in this way. Please use the buttons of the shop.",
            ),
            Self::Form | Self::MediaType | Self::Invalid(_) => (
                "We could not read that",
                "What your browser sent is not what our form asks for. Please go back and try again.",
            ),
            Self::TooLong(_) => ("That is too much", "What your browser sent is far longer than our forms."),
            Self::TooSlow => ("We stopped waiting", "The form did not arrive. Please send it again."),
            Self::Foreign => (
                "That did not come from here",
                "Another site tried to send this form in your name. Nothing was done.",
            ),
            Self::Token => (
                "This page is out of date",
                "The form does not belong to your present visit, perhaps since you signed in or out in another tab. Nothing \
                 was done; please load its page again.",
            ),
            Self::Ended => (
                "You were away for a while",
                "Your visit had ended before you sent the form. What you wrote is still here.",
            ),
            Self::SignIn => {
                ("Please sign in first", "This is for visitors who are signed in. Nothing was done.")
            }
            Self::Session(_) => NO_SESSION,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Invalid(redirect) => Self::Invalid(redirect),
            Rejection::NotSignedIn(refused) => refused.into_login().map_or(Self::SignIn, Self::Invalid),
            Rejection::Session(error) => Self::Session(error),
        }
    }
}

impl From<Stray> for Problem {
    fn from(stray: Stray) -> Self {
        match stray {
            Stray::Path => Self::Path,
            Stray::Method(allowed) => Self::Method(allowed),
        }
    }
}

/// The words for a session that cannot be loaded or stored.
pub(crate) const NO_SESSION: (&str, &str) = (
    "One moment, please",
    "We cannot look after your visit right now. Nothing is lost; please try again in a minute.",
);
