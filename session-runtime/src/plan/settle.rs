//! What a driver's answer means: the outcome, and what the browser is told about its cookie.

use std::fmt;

use crate::record::{Applied, Metadata};
use crate::state::CookieChange;

use super::step::{Apply, NewRecord};

/// What came of a commit.
///
/// Changes that met [`Gone`](Outcome::Gone) or [`Superseded`](Outcome::Superseded) are dropped; nothing is brought
/// back, and the browser's cookie stays as it is, since it may already be a newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing was recorded and nothing was stored.
    Unchanged,
    /// Only the idle deadline was moved.
    Touched,
    /// A new session was stored.
    Created,
    /// The changes were stored.
    Committed,
    /// The session was ended by this request, or nothing was left of it.
    Destroyed,
    /// Somebody else destroyed the session meanwhile, or it expired: the changes were dropped.
    Gone,
    /// The session's privilege changed meanwhile (a login, an elevation, a regeneration): the changes were dropped.
    Superseded,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unchanged => "unchanged",
            Self::Touched => "touched",
            Self::Created => "created",
            Self::Committed => "committed",
            Self::Destroyed => "destroyed",
            Self::Gone => "gone",
            Self::Superseded => "superseded",
        })
    }
}

/// A finished step.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) outcome: Outcome,
    pub(crate) cookie: Option<CookieChange>,
}

impl Settled {
    pub(crate) const fn quietly(outcome: Outcome) -> Self {
        Self { outcome, cookie: None }
    }
}

/// What came of a commit on a session that was `before`; `None` for a refusal, which is no outcome.
pub(crate) fn after_apply(apply: &Apply, applied: &Applied, before: &Metadata) -> Option<Settled> {
    let live = || CookieChange::Live {
        token: apply.token,
        until: apply.absolute(before),
        remembered: apply.remembers(before),
    };
    Some(match applied {
        Applied::Stored(_) if apply.only_touches() => Settled::quietly(Outcome::Touched),
        Applied::Stored(_) => {
            Settled { outcome: Outcome::Committed, cookie: apply.commit.session().rotation.map(|_| live()) }
        }
        Applied::Emptied => Settled { outcome: Outcome::Destroyed, cookie: Some(CookieChange::Removal) },
        Applied::Gone => Settled::quietly(Outcome::Gone),
        Applied::Superseded => Settled::quietly(Outcome::Superseded),
        Applied::Refused(_) => return None,
    })
}

/// A new session gets its cookie; after an ending it stands in for the old one.
pub(crate) fn after_create(new: &NewRecord, ended: bool) -> Settled {
    let metadata = new.record.metadata();
    let (until, remembered) = (metadata.deadlines.absolute, metadata.is_remembered());
    let outcome = if ended { Outcome::Destroyed } else { Outcome::Created };
    Settled { outcome, cookie: Some(CookieChange::Live { token: new.token, until, remembered }) }
}

/// Only a request that ended a live session takes the cookie away: if somebody else was faster, the session is lost to
/// this one, and the browser may have a newer cookie by now.
pub(crate) const fn after_ending() -> Settled {
    Settled { outcome: Outcome::Destroyed, cookie: Some(CookieChange::Removal) }
}
