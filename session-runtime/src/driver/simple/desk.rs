//! What is done with one record while its lock is held: read, decide, write.

use std::sync::Arc;

use crate::clock::{Clock, Timestamp};
use crate::driver::answers::{Created, Owner};
use crate::driver::error::DriverError;
use crate::driver::memory::is_settled;
use crate::record::{Applied, Commit, PrincipalKey, Record, Verdict};
use crate::token::Selector;

use super::contract::SimpleDriver;
use super::index::Index;

pub(super) struct Desk<D> {
    pub(super) driver: D,
    pub(super) index: Index,
    pub(super) clock: Arc<dyn Clock>,
}

impl<D: SimpleDriver> Desk<D> {
    pub(super) async fn file(&self, selector: Selector, record: &Record) -> Result<Created, DriverError> {
        let now = self.clock.now();
        if let Some(stored) = self.driver.read(&selector).await? {
            if !stored.is_expired(now) {
                return Ok(Created::Taken);
            }
            self.index.leave(selector, &stored);
        }
        self.index.enter(selector, record, now);
        self.driver.write(&selector, record).await?;
        Ok(Created::Filed)
    }

    pub(super) async fn change(&self, selector: Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let Some(stored) = self.driver.read(&selector).await? else {
            return Ok(Applied::Gone);
        };
        match stored.apply(commit) {
            Verdict::Leave(answer) => Ok(answer),
            Verdict::Store(record, sums) => {
                self.replace(selector, &stored, &record, commit).await?;
                Ok(Applied::Stored(sums))
            }
            Verdict::Destroy => {
                self.index.bury(selector, commit.at);
                self.driver.destroy(&selector).await?;
                Ok(Applied::Emptied)
            }
        }
    }

    async fn replace(
        &self,
        selector: Selector,
        stored: &Record,
        record: &Record,
        commit: &Commit,
    ) -> Result<(), DriverError> {
        if record == stored {
            return Ok(());
        }
        // Also where the principal stays: a session that a restart took off the list comes back when it is used.
        self.index.enter(selector, record, self.clock.now());
        if is_touch(commit) {
            return self.driver.touch(&selector, record).await;
        }
        self.driver.write(&selector, record).await?;
        if stored.metadata().principal != record.metadata().principal {
            self.index.leave(selector, stored);
        }
        self.index.outlive(selector, stored, record);
        Ok(())
    }

    /// Whether an entry of the index stands for no session, and for no login that may be on its way.
    pub(super) async fn is_dead(
        &self,
        (other, entered): (Selector, Timestamp),
        principal: &PrincipalKey,
        now: Timestamp,
    ) -> Result<bool, DriverError> {
        let record = match self.driver.read(&other).await {
            Ok(record) => record,
            // It opens for nobody.
            Err(DriverError::Corrupt { .. }) => return Ok(true),
            Err(error) => return Err(error),
        };
        let his = record.filter(|record| Owner::Principal(principal).owns(record));
        Ok(match his {
            Some(record) => record.is_expired(now),
            None => is_settled(entered, now) || self.index.is_buried(&other, now),
        })
    }

    /// Whether there was a live record that `ends` is true of.
    pub(super) async fn end(
        &self,
        selector: Selector,
        ends: impl Fn(&Record) -> bool,
    ) -> Result<bool, DriverError> {
        let Some(record) = self.driver.read(&selector).await?.filter(ends) else {
            return Ok(false);
        };
        let now = self.clock.now();
        let live = !record.is_expired(now);
        if live {
            // Remembered before it is gone: nobody may find neither the session nor the memory of it.
            self.index.bury(selector, now);
        }
        self.driver.destroy(&selector).await?;
        self.index.leave(selector, &record);
        Ok(live)
    }

    /// Whether there was an expired record; one that cannot be read stays.
    pub(super) async fn clear_away(&self, selector: Selector, now: Timestamp) -> Result<bool, DriverError> {
        let record = match self.driver.read(&selector).await {
            Ok(record) => record,
            Err(DriverError::Corrupt { .. }) => None,
            Err(error) => return Err(error),
        };
        let Some(record) = record.filter(|record| record.is_expired(now)) else {
            return Ok(false);
        };
        self.driver.destroy(&selector).await?;
        self.index.leave(selector, &record);
        Ok(true)
    }
}

fn is_touch(commit: &Commit) -> bool {
    !commit.writes()
}
