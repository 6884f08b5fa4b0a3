//! An observer that takes down what it is told.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use session_runtime::{Event, EventKind, Observer, Outcome, PrincipalTag, Selector};

/// Clones share what was told.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Told>>>);

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) kind: EventKind,
    pub(crate) session: Option<Selector>,
    pub(crate) principal: Option<PrincipalTag>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) count: Option<u64>,
    /// All of it, as a log would show it.
    pub(crate) shown: String,
}

impl Log {
    /// What was told since the last time.
    pub(crate) fn take(&self) -> Vec<Told> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// The names of that, without loads.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let told = self.take().into_iter().filter(|told| told.kind != EventKind::Loaded);
        told.map(|told| told.kind.name()).collect()
    }
}

impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        let mut shown = format!("{event:?}");
        let mut cause = event.error.map(|error| error as &dyn Error);
        while let Some(error) = cause {
            write!(shown, " {error} {error:?}").unwrap();
            cause = error.source();
        }
        let Event { kind, session, principal, outcome, count, .. } = *event;
        self.0.lock().unwrap().push(Told { kind, session, principal, outcome, count, shown });
    }
}
