//! The handle on a request's session, and the guards that every access passes.

use std::fmt;
use std::sync::Arc;

use crate::engine::Exchange;
use crate::error::SessionError;
use crate::state::{Access, Phase, RequestState, Step};
use crate::value::{JsonText, Key};

use super::path;

/// A session by string keys, and what every typed session dereferences to.
///
/// Cheap to clone; all clones, and all sessions extracted in one request, see the same state. Accessors are
/// synchronous: the store was read once when the session was loaded, and is written once when it is committed.
///
/// Keys are dot paths: `"user.email"` names the member `email` of the field `user`, unless a field is stored under
/// that whole text. A numeric segment names a place in an array that is there. A write below a dot path is a
/// compare-and-swap on the field, replayed if someone else was faster.
///
/// ```
/// # use session_runtime::{Session, SessionError};
/// fn visit(session: &Session) -> Result<i64, SessionError> {
///     session.put("user.email", "ada@example.org")?;
///     session.increment("visits")
/// }
/// ```
#[derive(Clone)]
pub struct UntypedSession {
    pub(super) exchange: Arc<Exchange>,
    access: Access,
}

impl UntypedSession {
    pub(crate) const fn new(exchange: Arc<Exchange>, access: Access) -> Self {
        Self { exchange, access }
    }

    pub(crate) fn exchange(&self) -> &Arc<Exchange> {
        &self.exchange
    }

    pub(super) const fn access(&self) -> Access {
        self.access
    }

    /// Looks at the state.
    pub(super) fn look<R>(&self, look: impl FnOnce(&RequestState) -> R) -> R {
        look(&self.exchange.state())
    }

    /// Records something, unless the session is read-only or its response head has left.
    pub(super) fn record<R>(&self, record: impl FnOnce(&mut RequestState) -> R) -> Result<R, SessionError> {
        if self.access < Access::Passive {
            return Err(SessionError::ReadOnly);
        }
        let mut state = self.exchange.state();
        if state.phase == Phase::Finished || self.exchange.was_released() {
            return Err(SessionError::Committed);
        }
        state.revision += 1;
        Ok(record(&mut state))
    }

    /// Records what gives or takes rights, and so needs a cookie.
    pub(super) fn record_rights<R>(
        &self,
        record: impl FnOnce(&mut RequestState) -> R,
    ) -> Result<R, SessionError> {
        if self.exchange.is_detached() {
            return Err(SessionError::Detached);
        }
        self.record(record)
    }

    /// Changes a value by what the request sees of it, and records the change as a step that can be replayed.
    ///
    /// `change` runs without a lock; if the field was written meanwhile by another clone, it runs again, but not for
    /// ever: it may be its own closure that writes.
    pub(super) fn compute<R>(
        &self,
        key: Key,
        see: impl Fn(&RequestState) -> Option<JsonText>,
        mut change: impl FnMut(Option<&JsonText>) -> Result<(Option<JsonText>, R), SessionError> + Send + 'static,
        record: impl FnOnce(&mut RequestState, Step, Option<JsonText>),
    ) -> Result<R, SessionError> {
        self.record(|_| ())?;
        for _ in 0..MOST_RUNS {
            let (seen, revision) = self.look(|state| (see(state), state.revision));
            let (view, answer) = change(seen.as_ref())?;
            let mut state = self.exchange.state();
            if state.phase == Phase::Finished || self.exchange.was_released() {
                return Err(SessionError::Committed);
            }
            if state.revision == revision || see(&state) == seen {
                let again = move |stored: Option<&JsonText>| change(stored).map(|(view, _)| view);
                record(&mut state, Step::Update(Box::new(again)), view);
                state.revision += 1;
                return Ok(answer);
            }
        }
        Err(SessionError::Conflict { key })
    }
}

impl fmt::Debug for UntypedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> =
            self.look(|state| state.ground.views().into_keys().map(ToString::to_string).collect());
        f.debug_struct("Session").field("id", &self.id()).field("keys", &keys).finish_non_exhaustive()
    }
}

/// Where a key of the untyped session leads.
pub(super) struct Place<'k> {
    /// The field.
    pub(super) field: &'k str,
    /// The way below it.
    pub(super) below: Vec<&'k str>,
}

impl<'k> Place<'k> {
    /// A field that is there under the whole text wins over a path.
    pub(super) fn of(state: &RequestState, key: &'k str) -> Result<Self, SessionError> {
        let place = if key.contains('.') && state.ground.view(key).is_none() {
            let fault = |fault| SessionError::Path { path: Key::from(key), fault };
            let mut segments = path::split(key).map_err(fault)?;
            Self { field: segments.remove(0), below: segments }
        } else {
            Self { field: key, below: Vec::new() }
        };
        if state.schemas.reserve(place.field) {
            return Err(SessionError::Reserved { key: Key::from(place.field) });
        }
        Ok(place)
    }

    /// The text stored there.
    pub(super) fn read(&self, state: &RequestState) -> Option<JsonText> {
        let field = state.ground.view(self.field)?;
        if self.below.is_empty() {
            return Some(field.clone());
        }
        path::read(field.as_str(), &self.below).map(JsonText::trusted)
    }
}

/// How often an update is computed whose field changes under it within one request.
const MOST_RUNS: usize = 100;
