//! What can be wrong with a request, and how to tell people.

use http::StatusCode;
use session_runtime::SessionError;

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
            Self::Foreign => StatusCode::FORBIDDEN,
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
            Self::Form | Self::MediaType => (
                "We could not read that",
                "What your browser sent is not what our form asks for. Please go back and try again.",
            ),
            Self::TooLong(_) => ("That is too much", "What your browser sent is far longer than our forms."),
            Self::TooSlow => ("We stopped waiting", "The form did not arrive. Please send it again."),
            Self::Foreign => (
                "That did not come from here",
                "Another site tried to send this form in your name. Nothing was done.",
            ),
            Self::Session(_) => NO_SESSION,
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
