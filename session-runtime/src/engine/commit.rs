//! A commit as a future that outlives its caller: once begun it runs to its end, whoever stops waiting for it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::driver::BoxFuture;
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome};

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

    pub(crate) fn begun(exchange: Arc<Exchange>, executor: Executor) -> Self {
        let running = Box::pin(carry_out(exchange.clone(), executor));
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
                Begun::Work(executor) => carry_out(shared, executor).await,
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
                        Ok(Begun::Work(executor)) => {
                            Stage::Running(Box::pin(carry_out(self.exchange.clone(), executor)), None)
                        }
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

async fn carry_out(exchange: Arc<Exchange>, mut executor: Executor) -> Result<Outcome, SessionError> {
    let result = executor.run(&exchange.core).await;
    if let Ok(outcome) = &result {
        tracing::debug!(target: "session", %outcome, "session committed");
    }
    exchange.settle(executor, &result);
    result
}
