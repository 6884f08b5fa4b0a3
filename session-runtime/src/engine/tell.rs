//! What a commit came to, as events: noted before it runs, told when it is done.

use crate::observe::{About, EventKind};
use crate::plan::Outcome;
use crate::record::PrincipalKey;
use crate::state::Privilege;
use crate::token::Selector;

use super::core::Core;
use super::executor::Executor;

/// The session that a commit began with, and whose it was if it is to end.
pub(super) struct Story {
    session: Option<Selector>,
    owner: Option<PrincipalKey>,
}

impl Story {
    pub(super) fn of(executor: &Executor) -> Self {
        let ground = executor.ground();
        let ending = ground.ending.as_ref();
        let stored = ending.map(|ending| &ending.session).or(ground.base.stored());
        Self {
            session: stored.map(|stored| stored.token.selector()),
            owner: ending.and_then(|ending| ending.owner()).copied(),
        }
    }

    /// Each outcome is one event, and what it did to the principal and the secret are others. A commit that failed may
    /// have ended a session all the same.
    pub(super) fn tell(&self, core: &Core, executor: &Executor, outcome: Option<Outcome>) {
        let (traces, ended) = (executor.traces(), executor.has_ended());
        let told = |kind, session, principal| {
            core.tell(kind, About { session, principal, outcome, ..About::default() });
        };
        if ended {
            told(EventKind::Destroyed, self.session, None);
            if self.owner.is_some() {
                told(EventKind::Logout, self.session, self.owner.as_ref());
            }
        }
        let session = traces.created.or(self.session);
        let kind = match outcome {
            None | Some(Outcome::Unchanged) => return,
            Some(Outcome::Destroyed) if traces.created.is_some() => EventKind::Created,
            Some(Outcome::Destroyed) if ended => return,
            Some(outcome) => kind_of(outcome),
        };
        told(kind, session, None);
        if !matches!(kind, EventKind::Created | EventKind::Committed) {
            return;
        }
        match &executor.ground().changes.privilege {
            Privilege::Login(principal) => told(EventKind::Login, session, Some(principal.key())),
            Privilege::Elevate => told(EventKind::Elevated, session, None),
            Privilege::Regenerate | Privilege::Unchanged => {}
        }
        if traces.rotated {
            told(EventKind::Rotated, session, None);
        }
        if traces.renewed {
            told(EventKind::Renewed, session, None);
        }
    }
}

/// A commit that needed no driver: its changes were dropped, or there were none.
pub(super) fn tell_done(core: &Core, outcome: Outcome) {
    if outcome != Outcome::Unchanged {
        core.tell(kind_of(outcome), About { outcome: Some(outcome), ..About::default() });
    }
}

const fn kind_of(outcome: Outcome) -> EventKind {
    match outcome {
        Outcome::Touched => EventKind::Touched,
        Outcome::Created => EventKind::Created,
        Outcome::Committed | Outcome::Unchanged => EventKind::Committed,
        Outcome::Destroyed => EventKind::Destroyed,
        Outcome::Gone => EventKind::Gone,
        Outcome::Superseded => EventKind::Superseded,
    }
}
