//! The adapter: a driver of whole records, made of one that gets and puts them.

use std::fmt;
use std::future::Future;
use std::panic;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::answers::{Created, DriverFate, Members, Owner};
use crate::driver::contract::Driver;
use crate::driver::crowds::ROUNDS;
use crate::driver::error::{Applicability, DriverError};
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::contract::SimpleDriver;
use super::desk::Desk;
use super::index::Index;
use super::locks::Locks;

/// Makes a [`Driver`] of a [`SimpleDriver`], for **one process**: as long as nobody else writes to the store, all
/// guarantees of the contract hold.
///
/// Every change reads the record, computes the new one and writes it, under a lock of this process for this record;
/// a touch and a destruction take the same lock. Records that do not share a lock do not wait for one another, no
/// thread is blocked, and the locks take less than 100 KB however many records there are. A change that has begun holds its lock
/// to its end, also when its request is given up: what it writes never lands on top of what came after it. It takes
/// one read and one write, or only the read where nothing changes. It needs the runtime of tokio.
///
/// # More than one process
/// Two processes on one store **lose updates, revive destroyed sessions and miss each other's revocations**. That
/// includes the minute of a rolling deployment in which the old process and the new one both serve. Write a
/// [`Driver`] for such a store.
///
/// # What a restart loses
/// The records are the store's. Kept in this process, about 150 bytes for each session with a principal, and lost with
/// it:
/// - The principal index. After a restart [`members`](Driver::members) answers only the sessions that have signed in,
///   been changed or been touched since, and [`revoke_all`](Driver::revoke_all) ends only those: "log out my other
///   devices" **misses** the sessions that were not used since the restart, although they are live.
///   [`reindexed`](SingleProcess::reindexed) restores the index where the store can list its selectors; do that
///   wherever revocation matters.
/// - Which sessions were destroyed within the last minute ([`destroyed_recently`](Driver::destroyed_recently)).
///
/// Entries of sessions that the store removed by itself are dropped at their absolute deadline, by
/// [`sweep`](Driver::sweep): spawn the sweeper also over such a store.
///
/// An example stands at [`SimpleDriver`].
pub struct SingleProcess<D> {
    desk: Arc<Desk<D>>,
    locks: Locks,
}

impl<D: SimpleDriver> SingleProcess<D> {
    /// The driver over this store, with an empty index.
    #[must_use]
    pub fn new(driver: D) -> Self {
        Self::with_clock(driver, SystemClock)
    }

    /// The same, taking the time from `clock`.
    #[must_use]
    pub fn with_clock(driver: D, clock: impl Clock) -> Self {
        let desk = Desk { driver, index: Index::default(), clock: Arc::new(clock) };
        Self { desk: Arc::new(desk), locks: Locks::default() }
    }

    /// Lists the live sessions among `selectors` under their principals: after a restart, with all selectors of the
    /// store, before the first request is served. Reads each record; those that cannot be read are passed over, since
    /// nobody can use them either.
    ///
    /// # Errors
    /// [`DriverError::Unavailable`] when the store is away.
    pub async fn reindexed(self, selectors: impl IntoIterator<Item = Selector>) -> Result<Self, DriverError> {
        for selector in selectors {
            match self.load(&selector).await {
                Ok(Some(record)) => self.desk.index.enter(selector, &record, self.desk.clock.now()),
                Ok(None) | Err(DriverError::Corrupt { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self)
    }

    /// Works on one record with its lock held. The work is a task: once begun it is not given up, since a write that
    /// is still on its way must not be without its lock.
    async fn locked<T, F, Work>(&self, selector: &Selector, work: F) -> Result<T, DriverError>
    where
        T: Send + 'static,
        F: FnOnce(Arc<Desk<D>>, Selector) -> Work,
        Work: Future<Output = Result<T, DriverError>> + Send + 'static,
    {
        let lock = self.locks.lock(selector).await;
        let work = work(Arc::clone(&self.desk), *selector);
        let task = tokio::spawn(async move {
            let answer = work.await;
            drop(lock);
            answer
        });
        match task.await {
            Ok(answer) => answer,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => panic::resume_unwind(panic),
                Err(ended) => {
                    let source = ended.into();
                    Err(DriverError::Unavailable { applied: Applicability::Unknown, source })
                }
            },
        }
    }
}

impl<D: SimpleDriver> Driver for SingleProcess<D> {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let record = self.desk.driver.read(selector).await?;
        Ok(record.filter(|record| !record.is_expired(self.desk.clock.now())))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let record = record.clone();
        self.locked(selector, |desk, selector| async move { desk.file(selector, &record).await }).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let commit = commit.clone();
        self.locked(selector, |desk, selector| async move { desk.change(selector, &commit).await }).await
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        let ends = judge(owner);
        self.locked(selector, |desk, selector| async move { desk.end(selector, ends).await }).await
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        Ok(self.desk.index.is_buried(selector, self.desk.clock.now()))
    }

    /// What has expired is remembered for as long as the store gives it back.
    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        let now = self.desk.clock.now();
        if self.desk.index.is_buried(selector, now) {
            return Ok(DriverFate::Destroyed);
        }
        let expired = self.desk.driver.read(selector).await?.is_some_and(|record| record.is_expired(now));
        Ok(if expired { DriverFate::Expired } else { DriverFate::Unknown })
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        for _ in 0..ROUNDS {
            let now = self.desk.clock.now();
            let others = match self.desk.index.admit(*principal, *selector, [now, until], most) {
                Ok(generation) => return Ok(Some(generation)),
                Err(others) => others,
            };
            let mut dead = 0;
            for entry in others {
                if self.desk.is_dead(entry, principal, now).await? {
                    self.desk.index.leave_dead(principal, entry);
                    dead += 1;
                }
            }
            if dead == 0 {
                break;
            }
        }
        Ok(None)
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        Ok(self.desk.index.generation(principal))
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        Ok(self.desk.index.members(principal))
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let members = self.desk.index.revoke(*principal, self.desk.clock.now());
        let (mut ended, mut failed) = (0, None);
        for selector in members.iter().filter(|selector| Some(*selector) != except) {
            match self.destroy(selector, Owner::Principal(principal)).await {
                Ok(his) => ended += usize::from(his),
                // Nobody can use it; the others must not stay for it, nor for one that cannot be ended now.
                Err(DriverError::Corrupt { .. }) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(ended), |error| Err(error.after_effect()))
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        let now = self.desk.clock.now();
        self.desk.index.sweep(now);
        let mut removed = 0;
        for selector in self.desk.driver.expired(now, limit).await?.iter().take(limit) {
            let work = |desk: Arc<Desk<D>>, selector| async move { desk.clear_away(selector, now).await };
            removed += usize::from(self.locked(selector, work).await?);
        }
        Ok(removed)
    }
}

impl<D: fmt::Debug> fmt::Debug for SingleProcess<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SingleProcess").field(&self.desk.driver).finish()
    }
}

/// Asks the owner's question of a record, for a task that cannot borrow him.
fn judge(owner: Owner<'_>) -> impl Fn(&Record) -> bool + Send + 'static {
    let (anyone, principal) = match owner {
        Owner::Anyone => (true, None),
        Owner::Nobody => (false, None),
        Owner::Principal(key) => (false, Some(*key)),
    };
    move |record| match &principal {
        Some(key) => Owner::Principal(key).owns(record),
        None => anyone || Owner::Nobody.owns(record),
    }
}

#[cfg(test)]
mod tests;
