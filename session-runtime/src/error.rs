//! What a handler can be told instead of a value, and the HTTP status each answer maps to.

use http::StatusCode;

use crate::driver::{Applicability, BoxError, DriverError};
use crate::random::RandomError;
use crate::record::{NumberFault, Refusal};
use crate::value::{JsonFault, Key};

/// Why a session could not do what it was asked.
///
/// Every variant names the key and the cause; none contains a token, a key of a key ring or a stored value, so that
/// it may be logged. A handler may return it as its error: the service answers with [`status`](SessionError::status).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// No session service stands around this handler.
    #[error(
        "no session service stands around this handler: wrap it with `sessions.service(..)` or `sessions.layer()`"
    )]
    NoService,
    /// The session was taken for reading only.
    #[error("the session was loaded for reading only")]
    ReadOnly,
    /// The response head has left; nothing can be recorded any more.
    #[error("the session was committed when the response head left")]
    Committed,
    /// What is stored under the key does not fit the type it is read as.
    #[error("the value stored under `{}` is not a `{expected}`", .key.shown())]
    Mismatch {
        /// The key.
        key: Key,
        /// The type it was read as.
        expected: &'static str,
        /// Where it does not fit.
        source: JsonFault,
    },
    /// A value cannot be written as JSON, or would not read back as it was (a float that is not a number).
    #[error("the value for `{}` cannot be stored as JSON", .key.shown())]
    Unstorable {
        /// The key.
        key: Key,
        /// Why, where the serializer said so.
        source: Option<JsonFault>,
    },
    /// What is stored under the key is no number of the type.
    #[error("the value stored under `{}` is not a number of this type", .key.shown())]
    NotANumber {
        /// The key.
        key: Key,
    },
    /// The sum does not fit the type. Nothing was changed.
    #[error("adding to `{}` leaves the bounds of its type", .key.shown())]
    Overflow {
        /// The key.
        key: Key,
    },
    /// The key holds the principal, which only `login` and `logout` write.
    #[error("`{}` holds the principal: use `login`, `logout` and `principal`", .key.shown())]
    Reserved {
        /// The key.
        key: Key,
    },
    /// The path leads nowhere in what is stored.
    #[error("the path `{}` {fault}", .path.shown())]
    Path {
        /// The path.
        path: Key,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// The key is one of those that forms and redirects keep their own values under.
    #[error("`{}` is kept for forms and redirects: flash under another key", .key.shown())]
    ReservedFlash {
        /// The key.
        key: Key,
    },
    /// The value is longer than its slot allows, or the session would grow over its limit by it. Nothing was recorded,
    /// and the request may go on and answer a page.
    #[error("{} does not fit: {bytes} bytes, over a limit of {limit}", flash_name(.key))]
    FlashTooLarge {
        /// The key.
        key: Key,
        /// Bytes that the value, or with it the session or its cookies, would take.
        bytes: usize,
        /// The limit of that in bytes.
        limit: usize,
    },
    /// The session would grow over its limit.
    #[error(
        "the session would take {bytes} bytes, over its limit of {limit}; the biggest field is `{biggest}`"
    )]
    TooLarge {
        /// The biggest field or flash entry.
        biggest: Key,
        /// Bytes the session would take.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Others were faster at changing the field until the deadline for replays.
    #[error("`{}` was changed by others again and again until the deadline", .key.shown())]
    Conflict {
        /// The key.
        key: Key,
    },
    /// The store is away or did not answer in time. Nobody was logged out: the cookie stays as it is.
    #[error("the session store is unavailable ({applied})")]
    Unavailable {
        /// Whether a change may have been applied all the same.
        applied: Applicability,
        /// What the store's client said.
        source: BoxError,
    },
    /// The stored session cannot be read. It was left as it is, for somebody to look at, and its browser keeps its cookie:
    /// every request that loads it fails until the record is mended or removed. An application that would rather have the
    /// visitor begin anew takes the cookie away in its [`on_failure`](crate::SessionService::on_failure): by one of the same
    /// name and path with `Max-Age=0`.
    #[error("the stored session cannot be read")]
    Corrupt {
        /// What is wrong with it.
        source: BoxError,
    },
    /// The sessions are in their browsers' cookies: no token names one, and without a store of what was revoked none can
    /// be ended from here.
    #[error("the cookie driver keeps nothing of a session that this could reach")]
    NotKept,
    /// There is no room for another session.
    #[error("the session store is full")]
    Full,
    /// The session is nobody's, or not that of the principal in question.
    #[error("the session is not signed in")]
    SignedOut,
    /// How long a signed-in session lives is decided by its login, in the same request.
    #[error("only a login in the same request decides how long the session lives")]
    NeedsLogin,
    /// The principal has as many sessions as he may have. Nothing was stored, and the session is as it was.
    #[error("the principal has {limit} sessions already, which is the limit")]
    TooManySessions {
        /// The limit.
        limit: usize,
    },
    /// A session that was detached from its request has no response to send a cookie with.
    #[error("the session was detached from its request: nothing can be done with it that needs a cookie")]
    Detached,
    /// No token could be made.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// What is wrong with a path of the untyped session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathFault {
    /// It is empty or has an empty segment.
    #[error("has an empty segment")]
    EmptySegment,
    /// It leads through a value that is neither an object nor an array.
    #[error("leads through a value that is neither object nor array")]
    Scalar,
    /// It has more than 100 segments.
    #[error("is too deep")]
    Depth,
    /// Its index is no number, or lies behind the end of the array.
    #[error("names no place in the array")]
    Index,
}

impl SessionError {
    /// The status of an answer to a request that failed with this error.
    ///
    /// 503 where trying again later helps, 409 for a lost race and for too many sessions, 413 for too much data, 401
    /// where a login is missing, else 500.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unavailable { .. } | Self::Full | Self::Random(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Conflict { .. } | Self::TooManySessions { .. } => StatusCode::CONFLICT,
            Self::SignedOut | Self::NeedsLogin => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } | Self::FlashTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn number(key: Key, fault: NumberFault) -> Self {
        match fault {
            NumberFault::NotANumber => Self::NotANumber { key },
            NumberFault::Overflow => Self::Overflow { key },
        }
    }

    pub(crate) fn refused(refusal: Refusal, limit: usize) -> Self {
        match refusal {
            Refusal::Conflict { key } => Self::Conflict { key },
            Refusal::NotANumber { key } => Self::NotANumber { key },
            Refusal::Overflow { key } => Self::Overflow { key },
            Refusal::TooLarge { biggest, bytes } => Self::TooLarge { biggest, bytes, limit },
            Refusal::Renewed => {
                let source = "another request has renewed the secret".into();
                Self::Unavailable { applied: Applicability::No, source }
            }
        }
    }

    /// The same error of a step whose predecessors were carried out.
    pub(crate) fn after_effect(self) -> Self {
        match self {
            Self::Unavailable { source, .. } => Self::Unavailable { applied: Applicability::Unknown, source },
            other => other,
        }
    }

    /// Whether it is certain that nothing was stored.
    pub(crate) const fn left_nothing(&self) -> bool {
        !matches!(self, Self::Unavailable { applied: Applicability::Unknown, .. })
    }
}

/// What the keys stand for that forms and redirects keep values under.
fn flash_name(key: &Key) -> String {
    let shown = key.shown().to_string();
    match (shown.strip_prefix("_old:"), shown.strip_prefix("_errors:")) {
        (Some(form), _) => format!("the old input of the form `{form}`"),
        (_, Some(form)) => format!("the errors of the form `{form}`"),
        _ => format!("the flash under `{shown}`"),
    }
}

impl From<DriverError> for SessionError {
    fn from(error: DriverError) -> Self {
        match error {
            DriverError::Unavailable { applied, source } => Self::Unavailable { applied, source },
            DriverError::Corrupt { source } => Self::Corrupt { source },
            DriverError::Full => Self::Full,
        }
    }
}
