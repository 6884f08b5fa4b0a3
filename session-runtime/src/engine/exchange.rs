//! What one request shares between its extractors, its handler and the service: the state, loaded at most once.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OnceCell};

use crate::driver::Applicability;
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome, Plan, Situation, plan};
use crate::schema::FieldInfo;
use crate::state::{Access, Ground, Phase, Privilege, RequestState, Turn};

use super::candidates::Candidates;
use super::core::Core;
use super::executor::Executor;
use super::load::{Loaded, load, load_at_once};

pub(crate) struct Exchange {
    pub(crate) core: Arc<Core>,
    /// Made when it is first looked at, so that a request that never asks does not pay for it.
    shared: OnceLock<Box<Shared>>,
    asked: AtomicBool,
    released: AtomicBool,
    /// Whether there is no request that a cookie could be sent with.
    detached: bool,
}

struct Shared {
    state: Mutex<RequestState>,
    /// Makes extractors that load at the same time wait for one read.
    loading: OnceCell<()>,
    /// Tells commits that wait for another one of the request.
    settled: Notify,
}

impl Shared {
    const fn new() -> Self {
        Self {
            state: Mutex::new(RequestState::new()),
            loading: OnceCell::const_new(),
            settled: Notify::const_new(),
        }
    }
}

/// A commit that was begun.
#[expect(clippy::large_enum_variant, reason = "moved once, where a box would be an allocation per commit")]
pub(super) enum Begun {
    /// There is nothing to store.
    Done(Outcome),
    /// Another commit of this request is on its way.
    Busy,
    /// The driver has work to do.
    Work(Executor),
}

impl Exchange {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            shared: OnceLock::new(),
            asked: AtomicBool::new(false),
            released: AtomicBool::new(false),
            detached: false,
        }
    }

    /// Of a session that outlives its request.
    pub(crate) fn detached(core: Arc<Core>) -> Self {
        Self { detached: true, ..Self::new(core) }
    }

    pub(crate) const fn is_detached(&self) -> bool {
        self.detached
    }

    /// No code of the application runs under this lock, and it is never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, RequestState> {
        self.shared().state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shared(&self) -> &Shared {
        self.shared.get_or_init(|| Box::new(const { Shared::new() }))
    }

    /// Notes that somebody asked for the session, so that the response tells caches.
    pub(crate) fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Notes that the response head is on its way, so that whoever loads the session only now cannot write to it.
    pub(crate) fn release(&self) {
        self.released.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_released(&self) -> bool {
        self.released.load(Ordering::Relaxed)
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.shared.get().is_some() && self.state().phase != Phase::Unloaded
    }

    /// Notes how strongly, and through which schema, the session is used.
    pub(crate) fn grant(&self, access: Access, fields: &'static [FieldInfo]) {
        let mut state = self.state();
        state.access = state.access.max(access);
        state.schemas.add(fields);
    }

    /// Reads the store, unless another extractor of the request has done so.
    pub(crate) async fn load(&self, candidates: &Candidates) -> Result<(), SessionError> {
        let read = || async {
            let loaded = load(&self.core, candidates).await?;
            drop(self.start(loaded, candidates));
            Ok(())
        };
        self.shared().loading.get_or_try_init(read).await.copied()
    }

    /// The same where nothing has to be waited for: there is nothing to read, or the driver never waits.
    pub(crate) fn load_at_once(
        &self,
        candidates: &Candidates,
    ) -> Option<Result<MutexGuard<'_, RequestState>, SessionError>> {
        if !candidates.is_empty() && !self.core.driver.is_immediate() {
            return None;
        }
        let loaded = load_at_once(&self.core, candidates)?;
        Some(loaded.map(|loaded| self.start(loaded, candidates)))
    }

    fn start(
        &self,
        Loaded { base, at, past }: Loaded,
        candidates: &Candidates,
    ) -> MutexGuard<'_, RequestState> {
        let mut state = self.state();
        state.start(base, candidates.chunks(), at);
        state.past = past;
        state
    }

    /// Takes what was recorded out of the request and decides on it. `watched` says whether anybody may go on
    /// reading the session afterwards.
    pub(super) fn begin(&self, occasion: Occasion, watched: bool) -> Result<Begun, SessionError> {
        let mut state = self.state();
        if state.phase == Phase::Finished || self.was_released() {
            return Err(SessionError::Committed);
        }
        if state.turn == Turn::Taken {
            return Ok(Begun::Busy);
        }
        if state.unheard > 0 && occasion != Occasion::Explicit {
            state.phase = Phase::Finished;
            let source = "the answer to a commit that nobody waited for was lost".into();
            return Err(SessionError::Unavailable { applied: Applicability::Unknown, source });
        }
        if occasion != Occasion::Explicit && state.phase == Phase::Open {
            state.phase = Phase::Finished;
        }
        if occasion != Occasion::Explicit && state.rests(&self.core.policy) {
            return Ok(Begun::Done(Outcome::Unchanged));
        }
        self.adopt_visitor(&mut state);
        if watched {
            state.ground.settle_csrf_key(&*self.core.random)?;
        }
        let consumable = state.consumable();
        let first = plan(&state.ground, &self.situation(&state, occasion, &consumable))?;
        if let Plan::Nothing(outcome) = first {
            return Ok(Begun::Done(outcome));
        }
        state.turn = Turn::Taken;
        state.commits += 1;
        let preview = if watched { state.ground.preview() } else { Ground::EMPTY };
        let ground = std::mem::replace(&mut state.ground, preview);
        let mut executor = Executor::new(ground, first, occasion, state.counts_as(), consumable, watched);
        executor.renews = state.may_renew();
        Ok(Begun::Work(executor))
    }

    /// The end of the commit that is on its way.
    pub(super) fn turn(&self) -> Notified<'_> {
        self.shared().settled.notified()
    }

    /// Notes that somebody has been told what became of a commit.
    pub(super) fn heard(&self, answer: &Result<Outcome, SessionError>) {
        if answer.as_ref().is_err_and(|error| !error.left_nothing()) {
            let mut state = self.state();
            state.unheard = state.unheard.saturating_sub(1);
        }
    }

    pub(super) fn end_turn(&self) {
        self.state().turn = Turn::Free;
    }

    /// Tells those that wait for their turn.
    pub(super) fn wake(&self) {
        self.shared().settled.notify_waiters();
    }

    /// Takes over what a commit led to; whether its turn has ended with that.
    pub(super) fn settle(&self, executor: &mut Executor, result: &Result<Outcome, SessionError>) -> bool {
        let mut state = self.state();
        let explicit = executor.is_explicit();
        if matches!(result, Err(SessionError::TooManySessions { .. })) {
            executor.forget_login();
        }
        let (ground, traces) = executor.take_parts();
        if traces.cookie.is_some() {
            state.cookie = traces.cookie;
        }
        state.rotated |= traces.rotated;
        state.existed &= traces.created.is_none();
        state.revision += 1;
        match result {
            Ok(outcome) => {
                state.csrf.renewed |= renews(&ground, *outcome);
                // What is kept of the flash that arrived stays kept until the response.
                state.ground.changes.kept.extend(ground.changes.kept);
                state.ground.base = ground.base;
                state.keep_token();
                if state.ground.changes.is_empty() {
                    state.turn = Turn::Free;
                    return true;
                }
                drop(state);
                // An update that cannot be computed any more fails again, and says so, at its own commit.
                let _ = self.replay();
            }
            Err(error) => {
                if !error.left_nothing() && explicit {
                    state.unheard += 1;
                }
                let later = std::mem::take(&mut state.ground.changes);
                let Ground { base, ending, changes } = ground;
                let ending = state.ground.ending.take().or(ending);
                let left_nothing = error.left_nothing();
                let changes =
                    if left_nothing { changes.followed_by(later) } else { changes.only_ending(later) };
                state.ground = Ground { base, ending, changes };
            }
        }
        false
    }

    fn situation<'a>(
        &'a self,
        state: &RequestState,
        occasion: Occasion,
        consumable: &'a [u64],
    ) -> Situation<'a> {
        Situation {
            occasion,
            access: state.counts_as(),
            consumable,
            renews: state.may_renew(),
            policy: &self.core.policy,
            now: self.core.now(),
            random: &*self.core.random,
        }
    }
}

/// Whether a commit has led to a session with other rights, or to the end of one.
fn renews(ground: &Ground, outcome: Outcome) -> bool {
    let promoted = ground.changes.privilege != Privilege::Unchanged;
    match outcome {
        Outcome::Created | Outcome::Committed => promoted,
        Outcome::Destroyed => true,
        _ => false,
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("asked", &self.was_asked()).finish_non_exhaustive()
    }
}
