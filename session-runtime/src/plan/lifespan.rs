//! How long a session is to live: as the configuration says, or as the application chose for this one.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::config::{Lifetimes, Policy};
use crate::record::{Deadlines, Lifetime, More};
use crate::state::Lifespan;

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

    /// What a new record says of it.
    pub(super) fn into_more(self) -> Option<Box<More>> {
        let Lifetime { idle_for, remembered } = self.lifetime;
        let says = idle_for.is_some() || remembered;
        says.then(|| Box::new(More { idle_for, remembered, ..More::default() }))
    }
}
