//! One event as an observer gets it: names and numbers only, nothing that opens a session or says whose it is.

use std::error::Error;
use std::fmt;

use crate::clock::Timestamp;
use crate::plan::Outcome;
use crate::seal::KeyId;
use crate::token::Selector;

use super::kind::{EventKind, Reason};

/// Gets every event of a manager; set by [`Builder::observer`](crate::Builder::observer).
///
/// It is called where the event happens, in the middle of a request: count, or hand on to a channel, and do not wait. A
/// panic in it harms no request, and is told to `tracing` once. Closures `Fn(&Event<'_>)` are observers.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use session_runtime::drivers::MemoryDriver;
/// use session_runtime::{Event, EventKind, Sessions};
///
/// let logins = Arc::new(AtomicU64::new(0));
/// let counted = logins.clone();
/// let sessions = Sessions::builder(MemoryDriver::new())
///     .observer(move |event: &Event<'_>| {
///         if event.kind == EventKind::Login {
///             counted.fetch_add(1, Ordering::Relaxed);
///         }
///     })
///     .build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Takes note of an event.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

/// One thing that happened to a session.
///
/// It holds neither tokens nor values, and principals only as tags; so does its `Debug`, which may be logged.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// What has happened.
    pub kind: EventKind,
    /// When, by the manager's clock.
    pub at: Timestamp,
    /// The session, where it is known. `tracing` gets [`Selector::log_id`] of it.
    pub session: Option<Selector>,
    /// Whose session it is, where that matters.
    pub principal: Option<PrincipalTag>,
    /// What came of the commit, if it is one.
    pub outcome: Option<Outcome>,
    /// How many, of what is counted.
    pub count: Option<u64>,
    /// The key of a key ring that it is about.
    pub key: Option<KeyId>,
    /// The error that it is about.
    pub error: Option<&'a (dyn Error + 'static)>,
}

impl Event<'_> {
    /// Why sessions were revoked, if they were.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self.kind {
            EventKind::Revoked(reason) => Some(reason),
            _ => None,
        }
    }
}

/// Stands for a principal in the events of one process: the same one has the same tag.
///
/// It is a keyed hash under a key that each manager draws anew. So two events can be seen to be about one principal, and
/// nobody who reads them, with a list of all user ids at hand even, can tell whom. To name him, an application tells its own
/// log at the login.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrincipalTag(pub(super) [u8; 8]);

impl fmt::Display for PrincipalTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for PrincipalTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrincipalTag({self})")
    }
}
