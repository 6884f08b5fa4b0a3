//! A commit as a future that outlives its caller: once begun it runs to its end, whoever stops waiting for it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::driver::{Applicability, BoxFuture};
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome};

use super::at_once::at_once;
use super::candidates::Candidates;
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
    pub(crate) fn start(exchange: Arc<Exchange>, executor: Executor) -> Started {
        if !exchange.core.driver.is_immediate() {
            return Started::Waiting(Self::begun(exchange, executor));
        }
        let outcome = at_once(carry_out(&exchange, executor)).unwrap_or_else(|| Err(has_waited()));
        Started::Done(exchange, outcome)
    }

    fn begun(exchange: Arc<Exchange>, executor: Executor) -> Self {
        let shared = exchange.clone();
        let running = Box::pin(async move { carry_out(&shared, executor).await });
        Self { exchange, stage: Stage::Running(running, None) }
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Of a session that nobody has loaded yet: loads it first.
    pub(crate) fn loading(exchange: Arc<Exchange>, candidates: Candidates, occasion: Occasion) -> Self {
        let shared = exchange.clone();
        let running = Box::pin(async move {
            shared.load(candidates).await?;
            match shared.begin(occasion, false)? {
                Begun::Done(outcome) => Ok(outcome),
                Begun::Work(executor) => carry_out(&shared, executor).await,
            }
        });
        Self { exchange, stage: Stage::Running(running, None) }
    }
}

impl Future for CommitFuture {
    type Output = Result<Outcome, SessionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.stage {
                Stage::Waiting => {
                    self.stage = match self.exchange.begin(Occasion::Explicit, true) {
                        Ok(Begun::Done(outcome)) => Stage::Ready(Some(Ok(outcome))),
                        Ok(Begun::Work(executor)) => match Self::start(self.exchange.clone(), executor) {
                            Started::Done(_, outcome) => Stage::Ready(Some(outcome)),
                            Started::Waiting(mut commit) => {
                                std::mem::replace(&mut commit.stage, Stage::Ready(None))
                            }
                        },
                        Err(error) => Stage::Ready(Some(Err(error))),
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
            let detached = self.exchange.core.detached.clone();
            detached.send_modify(|count| *count += 1);
            runtime.spawn(async move {
                if let Err(error) = running.await {
                    tracing::warn!(target: "session", error = &error as &dyn std::error::Error, "detached commit failed");
                }
                detached.send_modify(|count| *count -= 1);
            });
        }
    }
}

impl fmt::Debug for CommitFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitFuture").finish_non_exhaustive()
    }
}

async fn carry_out(exchange: &Exchange, mut executor: Executor) -> Result<Outcome, SessionError> {
    let result = executor.run(&exchange.core).await;
    if let Ok(outcome) = &result {
        tracing::debug!(target: "session", %outcome, "session committed");
    }
    exchange.settle(executor, &result);
    result
}

fn has_waited() -> SessionError {
    let source = "a driver that says it is immediate has waited".into();
    SessionError::Unavailable { applied: Applicability::Unknown, source }
}
