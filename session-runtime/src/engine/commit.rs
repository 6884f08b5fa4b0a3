//! A commit as a future that outlives its caller: once begun it runs to its end, whoever stops waiting for it.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::driver::{Applicability, BoxFuture};
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome};

use super::at_once::at_once;
use super::candidates::Candidates;
use super::core::Core;
use super::exchange::{Begun, Exchange};
use super::executor::Executor;

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
    Running(BoxFuture<'static, Result<Outcome, SessionError>>, Option<Handle>),
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
            Ok(Begun::Done(outcome)) => Started::Done(exchange, Ok(outcome)),
            Ok(Begun::Work(executor)) if exchange.core.driver.is_immediate() => {
                let outcome = at_once(carry_out(&exchange, executor)).unwrap_or_else(|| Err(has_waited()));
                Started::Done(exchange, outcome)
            }
            Ok(Begun::Work(executor)) => {
                let shared = exchange.clone();
                Started::Waiting(Self::running(exchange, async move { carry_out(&shared, executor).await }))
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
            shared.load(candidates).await?;
            in_turn(&shared, occasion).await
        })
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
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
                        Started::Done(_, outcome) => Stage::Ready(Some(outcome)),
                        Started::Waiting(mut commit) => {
                            std::mem::replace(&mut commit.stage, Stage::Ready(None))
                        }
                    };
                }
                Stage::Running(running, runtime) => {
                    let polled = running.as_mut().poll(context);
                    if polled.is_pending() {
                        if runtime.is_none() {
                            *runtime = Handle::try_current().ok();
                        }
                        return Poll::Pending;
                    }
                    self.stage = Stage::Ready(None);
                    return polled;
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
            let detached = Detached::count(&self.exchange.core);
            runtime.spawn(async move {
                if let Err(error) = running.await {
                    tracing::warn!(target: "session", error = &error as &dyn std::error::Error, "detached commit failed");
                }
                drop(detached);
            });
        }
    }
}

impl fmt::Debug for CommitFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitFuture").finish_non_exhaustive()
    }
}

/// Counts one detached commit for as long as it lives, a panic in an update's closure included.
struct Detached(watch::Sender<usize>);

impl Detached {
    fn count(core: &Core) -> Self {
        core.detached.send_modify(|count| *count += 1);
        Self(core.detached.clone())
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
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
            Begun::Done(outcome) => return Ok(outcome),
            Begun::Work(executor) => return carry_out(exchange, executor).await,
        }
    }
}

async fn carry_out(exchange: &Exchange, mut executor: Executor) -> Result<Outcome, SessionError> {
    let turn = Turn(exchange);
    let result = executor.run(&exchange.core).await;
    if let Ok(outcome) = &result {
        tracing::debug!(target: "session", %outcome, "session committed");
    }
    exchange.settle(executor, &result);
    drop(turn);
    result
}

/// Ends with the commit, however that ends.
struct Turn<'a>(&'a Exchange);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.end_turn();
    }
}

fn has_waited() -> SessionError {
    let source = "a driver that says it is immediate has waited".into();
    SessionError::Unavailable { applied: Applicability::Unknown, source }
}
