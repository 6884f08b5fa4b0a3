//! How long a session is to live: as the configuration says, or as the application chose for this one.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::config::{Lifetimes, Policy};
use crate::record::{Commit, Deadlines, Lifetime};
use crate::state::{Changes, Lifespan};

use super::step::Situation;

/// A life that begins now: with a new session, a login, or by a choice for a session of nobody.
pub(super) struct Span {
    pub(super) deadlines: Deadlines,
    pub(super) lifetime: Lifetime,
    /// How long it lasts without being used.
    pub(super) idle: Duration,
}

impl Span {
    pub(super) fn chosen(lifespan: Option<Lifespan>, policy: &Policy, now: Timestamp) -> Self {
        let remembered = lifespan == Some(Lifespan::Remembered);
        let Lifetimes { idle, absolute } = match lifespan {
            None | Some(Lifespan::Usual) => policy.usual(),
            Some(Lifespan::Remembered) => policy.remembered,
            Some(Lifespan::Chosen(lifetimes)) => lifetimes,
        };
        let idle_for = (idle != policy.idle_timeout).then_some(idle);
        let deadlines = Deadlines::starting(now, idle, absolute);
        Self { deadlines, lifetime: Lifetime { idle_for, remembered }, idle }
    }
}

/// Has a login, or a choice for a session of nobody, begin its life anew; the idle time then.
pub(super) fn begin_anew(
    commit: &mut Commit,
    changes: &Changes,
    situation: &Situation<'_>,
) -> Option<Duration> {
    let chosen = changes.seldom().lifetime;
    if changes.privilege.login().is_none() && chosen.is_none() {
        return None;
    }
    let Span { deadlines, lifetime, idle } = Span::chosen(chosen, situation.policy, situation.now);
    commit.session_mut().deadlines = Some(deadlines);
    // A login without a word takes away what was said before.
    commit.session_mut().lifetime = chosen.map(|_| lifetime);
    Some(idle)
}
