//! What all requests share: driver, policy, cookie, clock, random source. Every call of the driver ends in time.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::HeaderValue;
use tokio::sync::watch;

use crate::clock::{Clock, Timestamp};
use crate::config::{Cookies, ErasedSource, Policy};
use crate::driver::{
    Applicability, Call, Created, Crowd, DriverError, DriverFate, ErasedDriver, Members, Owner,
};
use crate::error::SessionError;
use crate::observe::{About, EventKind, Teller};
use crate::random::RandomSource;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::state::Stored;
use crate::token::Selector;

use super::endings::Endings;
use super::revocations;
use super::seals::Seals;
use super::visitors::Visitors;

pub(crate) struct Core {
    /// Where sessions are; with a cookie driver, where it is remembered which ones were ended.
    pub(crate) driver: Arc<dyn ErasedDriver>,
    /// How sessions are sealed, if their browsers carry them.
    pub(crate) seals: Option<Seals>,
    pub(crate) policy: Policy,
    pub(crate) cookies: Cookies,
    /// The keys of visitors without a session.
    pub(crate) visitors: Visitors,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn RandomSource>,
    pub(crate) teller: Teller,
    /// What principals sign in with now.
    pub(crate) credentials: Option<Box<dyn ErasedSource>>,
    /// Who waits for the end of a session.
    pub(crate) endings: Endings,
    /// Commits whose callers have gone.
    pub(crate) detached: watch::Sender<usize>,
}

impl Core {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells of what happened. Hold no lock: what an observer does is its own business.
    pub(crate) fn tell(&self, kind: EventKind, about: About<'_>) {
        self.teller.tell(kind, about, || self.now());
    }

    pub(crate) async fn load(&self, selector: &Selector) -> Result<Option<Record>, SessionError> {
        self.within(Some(selector), self.driver.load(selector), Applicability::No).await
    }

    pub(crate) async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, SessionError> {
        self.within(Some(selector), self.driver.create(selector, record), Applicability::Unknown).await
    }

    pub(crate) async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, SessionError> {
        let applying = self.driver.apply(selector, commit);
        let applied = self.within(Some(selector), applying, Applicability::Unknown).await?;
        match (&applied, &commit.session().login) {
            (Applied::Emptied, _) => self.endings.ring(selector),
            (Applied::Stored(_), Some(principal)) => self.endings.ring_given(selector, principal.key()),
            _ => {}
        }
        Ok(applied)
    }

    pub(crate) async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, SessionError> {
        let destroying = self.driver.destroy(selector, owner);
        let destroyed = self.within(Some(selector), destroying, Applicability::Unknown).await?;
        if destroyed {
            self.endings.ring(selector);
        }
        Ok(destroyed)
    }

    pub(crate) async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, SessionError> {
        if self.seals.is_some() {
            // Only such a session is named to whom it may concern: it was judged when its seal was opened.
            return Ok(true);
        }
        self.within(Some(selector), self.driver.destroyed_recently(selector), Applicability::No).await
    }

    /// What the driver remembers of a session that is not there.
    pub(super) async fn fate(&self, selector: &Selector) -> Result<DriverFate, SessionError> {
        self.within(Some(selector), self.driver.fate(selector), Applicability::No).await
    }

    /// The generation of a principal's sessions: whatever it is, another one means that they were revoked.
    pub(super) async fn generation(&self, principal: &PrincipalKey) -> Result<u64, SessionError> {
        match self.seals {
            None => self.within(None, self.driver.generation(principal), Applicability::No).await,
            Some(_) => revocations::generation(self, principal).await,
        }
    }

    /// The lines that hand a stored session to its browser.
    pub(crate) fn cookies_of(&self, stored: &Stored) -> Result<Vec<HeaderValue>, SessionError> {
        if let Some(seals) = &self.seals {
            return seals.seal(self, stored, self.now());
        }
        let metadata = stored.record.metadata();
        let max_age = metadata.deadlines.absolute.since(self.now());
        Ok(vec![self.cookies.live(&stored.token, max_age, metadata.is_remembered())])
    }

    /// Whether nothing is kept of a session that could be reached from outside of its own requests.
    pub(crate) fn keeps_nothing(&self) -> bool {
        self.seals.as_ref().is_some_and(|seals| !seals.checked)
    }

    pub(crate) async fn members(&self, principal: &PrincipalKey) -> Result<Members, SessionError> {
        self.within(None, self.driver.members(principal), Applicability::No).await
    }

    pub(crate) async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, SessionError> {
        self.within(None, self.driver.crowd(principal, most), Applicability::No).await
    }

    /// Ends every session of a principal but for `except`; how many there were.
    pub(super) async fn end_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, SessionError> {
        let revoking = self.driver.revoke_all(principal, except);
        let ended = self.within(None, revoking, Applicability::Unknown).await;
        // Some may have ended, whatever has failed.
        self.endings.ring_all(principal, except);
        ended
    }

    /// Says that a login is on its way; the generation before it. Of sealed sessions there is no index to enter.
    pub(super) async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, SessionError> {
        if self.seals.is_some() {
            return revocations::generation(self, principal).await;
        }
        let announcing = self.driver.announce(principal, selector, until);
        self.within(Some(selector), announcing, Applicability::No).await
    }

    pub(crate) async fn sweep(&self, limit: usize) -> Result<usize, SessionError> {
        self.within(None, self.driver.sweep(limit), Applicability::Unknown).await
    }

    /// Polls first and sets a timer only if the driver has to wait.
    pub(super) async fn within<T>(
        &self,
        about: Option<&Selector>,
        call: Call<'_, T>,
        if_late: Applicability,
    ) -> Result<T, SessionError> {
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
                        tokio::time::timeout(limit, call).await.unwrap_or_else(late)
                    }
                }
            }
        };
        answer.map_err(|error| self.failed(about, error))
    }

    fn failed(&self, about: Option<&Selector>, error: DriverError) -> SessionError {
        let kind = match error {
            DriverError::Corrupt { .. } => EventKind::Corrupt,
            DriverError::Full => EventKind::Full,
            DriverError::Unavailable { .. } => EventKind::Unavailable,
        };
        self.tell(kind, About { session: about.copied(), ..About::error(&error) });
        error.into()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no answer within {limit:?}")]
struct Late {
    limit: Duration,
}
