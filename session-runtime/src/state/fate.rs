//! What became of the session that a request came with.

use std::fmt;

/// Why there is a session, or none: for whoever wants to say "You were signed out, since you were away for two hours"
/// rather than nothing. See [`UntypedSession::fate`](crate::UntypedSession::fate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fate {
    /// There is one, and it is live.
    Live,
    /// None was presented, or one that never was, or one of which nothing is known any more.
    Unknown,
    /// Its time has passed.
    Expired,
    /// It was ended: by a logout, a revocation, or because nothing was left of it.
    Ended,
    /// It lives, and its secret was replaced by a login, an elevation or a regeneration: the request came late.
    Superseded,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Live => "live",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::Superseded => "superseded",
        })
    }
}
