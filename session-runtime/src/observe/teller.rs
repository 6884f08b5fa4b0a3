//! Tells events. Where nobody listens, that is one look at a pointer and one at a number.

use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use ring::hmac;
use tracing::Level;
use tracing::level_filters::LevelFilter;

use crate::clock::Timestamp;
use crate::plan::Outcome;
use crate::random::{RandomSource as _, SystemRandom};
use crate::record::PrincipalKey;
use crate::seal::KeyId;
use crate::token::Selector;

use super::event::{Event, Observer, PrincipalTag};
use super::kind::EventKind;
use super::patience::Patience;

/// Who is told of what happens to the sessions of one manager.
#[derive(Default)]
pub(crate) struct Teller {
    observer: Option<Arc<dyn Observer>>,
    /// The key of the tags of principals, drawn with the first one.
    tags: OnceLock<Option<hmac::Key>>,
    unrecognised: Patience,
    unavailable: Patience,
    full: Patience,
    has_panicked: AtomicBool,
}

/// What an event is about.
#[derive(Clone, Copy, Default)]
pub(crate) struct About<'a> {
    pub(crate) session: Option<Selector>,
    pub(crate) principal: Option<&'a PrincipalKey>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) count: Option<u64>,
    pub(crate) key: Option<KeyId>,
    pub(crate) error: Option<&'a (dyn Error + 'static)>,
}

impl<'a> About<'a> {
    pub(crate) fn session(selector: Selector) -> Self {
        Self { session: Some(selector), ..Self::default() }
    }

    pub(crate) fn of(principal: &'a PrincipalKey) -> Self {
        Self { principal: Some(principal), ..Self::default() }
    }

    pub(crate) fn count(count: u64) -> Self {
        Self { count: Some(count), ..Self::default() }
    }

    pub(crate) fn error(error: &'a (dyn Error + 'static)) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}

impl Teller {
    pub(crate) fn new(observer: Option<Arc<dyn Observer>>) -> Self {
        Self { observer, ..Self::default() }
    }

    /// Whether anybody would be told of an event of this kind.
    pub(crate) fn listens(&self, kind: EventKind) -> bool {
        self.observer.is_some() || kind.level() <= LevelFilter::current()
    }

    /// Tells of it. Hold no lock: what an observer does is its own business.
    pub(crate) fn tell(&self, kind: EventKind, about: About<'_>, now: impl FnOnce() -> Timestamp) {
        if self.listens(kind) {
            self.tell_now(kind, about, now());
        }
    }

    #[cold]
    fn tell_now(&self, kind: EventKind, mut about: About<'_>, at: Timestamp) {
        if let Some(patience) = self.patience(kind) {
            let Some(count) = patience.count(at) else { return };
            about.count = Some(count);
        }
        let About { session, principal, outcome, count, key, error } = about;
        let principal = principal.and_then(|principal| self.tag(principal));
        let event = Event { kind, at, session, principal, outcome, count, key, error };
        trace(&event);
        if let Some(observer) = &self.observer {
            let observed = catch_unwind(AssertUnwindSafe(|| observer.observe(&event)));
            if observed.is_err() && !self.has_panicked.swap(true, Ordering::Relaxed) {
                tracing::error!(target: "session", event = "session.observer_panicked", "an observer has panicked");
            }
        }
    }

    /// What comes as often as anybody likes, or as there are requests.
    const fn patience(&self, kind: EventKind) -> Option<&Patience> {
        match kind {
            EventKind::Unrecognised => Some(&self.unrecognised),
            EventKind::Unavailable => Some(&self.unavailable),
            EventKind::Full => Some(&self.full),
            _ => None,
        }
    }

    fn tag(&self, principal: &PrincipalKey) -> Option<PrincipalTag> {
        let drawn = || {
            let mut bytes = [0; 32];
            SystemRandom::default().fill(&mut bytes).ok()?;
            Some(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
        };
        let key = self.tags.get_or_init(drawn).as_ref()?;
        hmac::sign(key, principal.as_bytes()).as_ref().first_chunk().copied().map(PrincipalTag)
    }
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Teller").field("observed", &self.observer.is_some()).finish_non_exhaustive()
    }
}

fn trace(told: &Event<'_>) {
    macro_rules! at {
        ($level:expr) => {
            tracing::event!(
                target: "session",
                $level,
                event = told.kind.name(),
                session = told.session.map(|selector| selector.log_id()),
                principal = told.principal.map(tracing::field::display),
                outcome = told.outcome.map(tracing::field::display),
                reason = told.reason().map(|reason| reason.name()),
                count = told.count,
                key = told.key.map(tracing::field::display),
                error = told.error,
                "{}",
                told.kind.message(),
            )
        };
    }
    match told.kind.level() {
        Level::TRACE => at!(Level::TRACE),
        Level::DEBUG => at!(Level::DEBUG),
        Level::INFO => at!(Level::INFO),
        _ => at!(Level::WARN),
    }
}
