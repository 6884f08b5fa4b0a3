//! A commit as a future that outlives its caller: once begun it runs to its end, whoever stops waiting for it.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

use crate::driver::{Applicability, BoxFuture};
use crate::error::SessionError;
use crate::observe::{About, EventKind};
use crate::plan::{Occasion, Outcome};

use super::at_once::at_once;
use super::candidates::Candidates;
use super::core::Core;
use super::exchange::{Begun, Exchange};
use super::executor::Executor;
use super::tell::tell_done;
use super::turn::Turn;

/// The future of a commit.
///
/// It does nothing until it is polled. Once it was, the commit runs to its end even if the future is dropped (a client
/// that goes away, a `select!` that loses): what is left of it moves to a task of its own, which
/// [`Sessions::drained`](crate::Sessions::drained) waits for at shutdown.
#[must_use = "a commit does nothing until it is awaited"]
pub struct CommitFuture {
    exchange: Arc<Exchange>,
    stage: Stage,
}

/// A commit that was begun.
pub(crate) enum Started {
    /// It is done.
    Done(Arc<Exchange>, Result<Outcome, SessionError>),
    /// It has to wait for the driver.
    Waiting(CommitFuture),
}

enum Stage {
    Waiting,
    /// Polled by its caller, and moved to a task if that goes away.
    Running(BoxFuture<'static, Result<Outcome, SessionError>>, Option<Handle>),
    /// On a task of its own from the start: its caller may hold it without polling it, and wait for another commit.
    Task(JoinHandle<Result<Outcome, SessionError>>),
    Ready(Option<Result<Outcome, SessionError>>),
}

impl CommitFuture {
    pub(crate) const fn explicit(exchange: Arc<Exchange>) -> Self {
        Self { exchange, stage: Stage::Waiting }
    }

    pub(crate) fn refused(exchange: Arc<Exchange>, error: SessionError) -> Self {
        Self { exchange, stage: Stage::Ready(Some(Err(error))) }
    }

    /// Carries out what needs no waiting, and leaves the rest to a future.
    pub(crate) fn start(exchange: Arc<Exchange>, occasion: Occasion, watched: bool) -> Started {
        match exchange.begin(occasion, watched) {
            Ok(Begun::Done(outcome)) => {
                tell_done(&exchange.core, outcome);
                Started::Done(exchange, Ok(outcome))
            }
            Ok(Begun::Work(mut executor)) if exchange.core.driver.is_immediate() => {
                let outcome = carry_out_at_once(&exchange, &mut executor);
                Started::Done(exchange, outcome)
            }
            Ok(Begun::Work(executor)) => {
                let (shared, mut executor) = (exchange.clone(), Box::new(executor));
                let commit = async move { carry_out(&shared, &mut executor).await };
                Started::Waiting(Self::running(exchange, commit))
            }
            Ok(Begun::Busy) => {
                let shared = exchange.clone();
                Started::Waiting(Self::running(exchange, async move { in_turn(&shared, occasion).await }))
            }
            Err(error) => Started::Done(exchange, Err(error)),
        }
    }

    /// Of a session that nobody has loaded yet: loads it first.
    pub(crate) fn loading(exchange: Arc<Exchange>, candidates: Candidates, occasion: Occasion) -> Self {
        let shared = exchange.clone();
        Self::running(exchange, async move {
            shared.load(&candidates).await?;
            in_turn(&shared, occasion).await
        })
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Moves a commit to a task; without a runtime it stays with its caller.
    fn on_its_own(mut self) -> Stage {
        match (std::mem::replace(&mut self.stage, Stage::Ready(None)), Handle::try_current()) {
            (Stage::Running(running, _), Ok(runtime)) => {
                let detached = Detached::count(&self.exchange);
                Stage::Task(runtime.spawn(detached.until_done(running)))
            }
            (stage, _) => stage,
        }
    }

    fn running(
        exchange: Arc<Exchange>,
        commit: impl Future<Output = Result<Outcome, SessionError>> + Send + 'static,
    ) -> Self {
        Self { exchange, stage: Stage::Running(Box::pin(commit), None) }
    }
}

impl Future for CommitFuture {
    type Output = Result<Outcome, SessionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.stage {
                Stage::Waiting => {
                    self.stage = match Self::start(self.exchange.clone(), Occasion::Explicit, true) {
                        Started::Done(_, outcome) => {
                            self.exchange.heard(&outcome);
                            Stage::Ready(Some(outcome))
                        }
                        Started::Waiting(commit) => commit.on_its_own(),
                    };
                }
                Stage::Running(running, runtime) => {
                    let polled = running.as_mut().poll(context);
                    if let Poll::Ready(outcome) = &polled {
                        self.exchange.heard(outcome);
                        self.stage = Stage::Ready(None);
                        return polled;
                    }
                    if runtime.is_none() {
                        *runtime = Handle::try_current().ok();
                    }
                    return Poll::Pending;
                }
                Stage::Task(task) => {
                    let joined = ready!(Pin::new(task).poll(context));
                    self.stage = Stage::Ready(None);
                    let outcome = joined.unwrap_or_else(|failed| Err(ended(failed)));
                    // Whoever asked for the commit has been told of its answer.
                    self.exchange.heard(&outcome);
                    return Poll::Ready(outcome);
                }
                // Polled again after it was done: stay pending, as the contract of `Future` allows.
                Stage::Ready(answer) => return answer.take().map_or(Poll::Pending, Poll::Ready),
            }
        }
    }
}

impl Drop for CommitFuture {
    fn drop(&mut self) {
        let stage = std::mem::replace(&mut self.stage, Stage::Ready(None));
        if let Stage::Running(running, Some(runtime)) = stage {
            let detached = Detached::count(&self.exchange);
            runtime.spawn(detached.until_done(running));
        }
    }
}

impl fmt::Debug for CommitFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitFuture").finish_non_exhaustive()
    }
}

/// Counts one detached commit for as long as it lives, a panic in an update's closure included.
struct Detached {
    count: watch::Sender<usize>,
    core: Arc<Core>,
}

impl Detached {
    fn count(exchange: &Exchange) -> Self {
        let core = exchange.core.clone();
        core.detached.send_modify(|count| *count += 1);
        Self { count: core.detached.clone(), core }
    }
}

impl Detached {
    async fn until_done(
        self,
        commit: impl Future<Output = Result<Outcome, SessionError>>,
    ) -> Result<Outcome, SessionError> {
        let result = commit.await;
        if let Err(error) = &result {
            self.core.tell(EventKind::CommitFailed, About::error(error));
        }
        drop(self);
        result
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        self.count.send_modify(|count| *count -= 1);
    }
}

/// Commits of one request follow one another: a later one stands on what the earlier one led to.
async fn in_turn(exchange: &Exchange, occasion: Occasion) -> Result<Outcome, SessionError> {
    loop {
        let mut turn = pin!(exchange.turn());
        // Listens before it looks, so that no end of a commit is missed in between.
        turn.as_mut().enable();
        match exchange.begin(occasion, true)? {
            Begun::Busy => turn.await,
            Begun::Done(outcome) => {
                tell_done(&exchange.core, outcome);
                return Ok(outcome);
            }
            Begun::Work(mut executor) => return carry_out(exchange, &mut executor).await,
        }
    }
}

async fn carry_out(exchange: &Exchange, executor: &mut Executor) -> Result<Outcome, SessionError> {
    let turn = Turn::of(exchange, executor);
    let core = &exchange.core;
    let result = match &core.seals {
        None => executor.run(core).await,
        // Few sealed sessions have to wait for anything; the box keeps the future of all others small.
        Some(seals) => Box::pin(executor.run_sealed(core, seals)).await,
    };
    turn.end(executor, result)
}

fn carry_out_at_once(exchange: &Exchange, executor: &mut Executor) -> Result<Outcome, SessionError> {
    let turn = Turn::of(exchange, executor);
    let core = &exchange.core;
    let result = match &core.seals {
        None => at_once(executor.run(core)),
        Some(seals) => at_once(executor.run_sealed(core, seals)),
    };
    turn.end(executor, result.unwrap_or_else(|| Err(has_waited())))
}

/// A task that panicked goes on panicking in its caller; one whose runtime was shut down has an unknown end.
fn ended(failed: JoinError) -> SessionError {
    match failed.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(cancelled) => {
            SessionError::Unavailable { applied: Applicability::Unknown, source: cancelled.into() }
        }
    }
}

fn has_waited() -> SessionError {
    let source = "a driver that says it is immediate has waited".into();
    SessionError::Unavailable { applied: Applicability::Unknown, source }
}
