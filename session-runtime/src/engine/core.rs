//! What all requests share: driver, policy, cookie, clock, random source. Every call of the driver ends in time.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::{Clock, Timestamp};
use crate::config::{Cookies, Policy};
use crate::driver::{Applicability, Call, Created, DriverError, ErasedDriver, Owner};
use crate::error::SessionError;
use crate::random::RandomSource;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

pub(crate) struct Core {
    pub(crate) driver: Box<dyn ErasedDriver>,
    pub(crate) policy: Policy,
    pub(crate) cookies: Cookies,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn RandomSource>,
    /// Commits whose callers have gone.
    pub(crate) detached: watch::Sender<usize>,
}

impl Core {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn load(&self, selector: &Selector) -> Result<Option<Record>, SessionError> {
        self.within(self.driver.load(selector), Applicability::No).await
    }

    pub(crate) async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, SessionError> {
        self.within(self.driver.create(selector, record), Applicability::Unknown).await
    }

    pub(crate) async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, SessionError> {
        self.within(self.driver.apply(selector, commit), Applicability::Unknown).await
    }

    pub(crate) async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, SessionError> {
        self.within(self.driver.destroy(selector, owner), Applicability::Unknown).await
    }

    pub(crate) async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, SessionError> {
        self.within(self.driver.destroyed_recently(selector), Applicability::No).await
    }

    pub(crate) async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, SessionError> {
        self.within(self.driver.announce(principal, selector, until), Applicability::No).await
    }

    pub(crate) async fn generation(&self, principal: &PrincipalKey) -> Result<u64, SessionError> {
        self.within(self.driver.generation(principal), Applicability::No).await
    }

    pub(crate) async fn sweep(&self, limit: usize) -> Result<usize, SessionError> {
        self.within(self.driver.sweep(limit), Applicability::Unknown).await
    }

    /// Polls first and sets a timer only if the driver has to wait.
    async fn within<T>(&self, call: Call<'_, T>, if_late: Applicability) -> Result<T, SessionError> {
        let answer = match call {
            Call::Answered(answer) => answer,
            Call::Waiting(mut call) => {
                match poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => {
                        let limit = self.policy.driver_deadline;
                        let late = |_| {
                            Err(DriverError::Unavailable { applied: if_late, source: Late { limit }.into() })
                        };
                        Box::pin(tokio::time::timeout(limit, call)).await.unwrap_or_else(late)
                    }
                }
            }
        };
        answer.map_err(|error| {
            tracing::warn!(target: "session", error = &error as &dyn std::error::Error, "driver failed");
            error.into()
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no answer within {limit:?}")]
struct Late {
    limit: Duration,
}
