//! A sweep: shard after shard, in batches, going on where the last one stopped.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::driver::error::DriverError;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::file_driver::FileDriver;
use super::layout::{PLACES, Shard};
use super::tidy::Due;

impl FileDriver {
    /// Removes at most `limit` expired records. Ends where the row of shards does, or with its batch; since a call has to
    /// answer in time, also with less, but never with nothing while there may be more.
    pub(super) async fn sweep_on(&self, limit: usize) -> Result<usize, DriverError> {
        if limit == 0 {
            return Ok(0);
        }
        let mut place = self.swept.lock().await;
        let (began, mut removed) = (Instant::now(), 0);
        while removed < limit && (removed == 0 || began.elapsed() < LONG) {
            let from = *place;
            let found = self.read(move |disk| Ok(disk.look(from))).await?;
            // Should this shard be at fault, the next sweep begins behind it.
            *place = (found.place + 1) % (PLACES + 1);
            if found.place >= PLACES {
                break;
            }
            let due = found.due?;
            if let Some(shard) = Shard::at(found.place) {
                removed += self.tidy(shard, due, limit - removed).await?;
            }
            if removed >= limit {
                *place = found.place;
            }
        }
        if *place >= PLACES {
            *place = 0;
        }
        Ok(removed)
    }

    /// Takes away what is due in one shard, and at most so many records. Others get at the lock between two batches.
    async fn tidy(&self, shard: Shard, due: Vec<Due>, most: usize) -> Result<usize, DriverError> {
        let mut removed = 0;
        let mut due = due.into_iter().peekable();
        while due.peek().is_some() && removed < most {
            let batch: Vec<Due> = due.by_ref().take(BATCH.min(most - removed)).collect();
            let tidied = self.write(&[shard], move |disk| disk.tidy(batch)).await?;
            removed += tidied.records;
            self.forget_all(tidied.left).await;
        }
        Ok(removed)
    }

    async fn forget_all(&self, left: Vec<(PrincipalKey, Selector)>) {
        let mut by_principal = BTreeMap::<PrincipalKey, Vec<Selector>>::new();
        for (principal, selector) in left {
            by_principal.entry(principal).or_default().push(selector);
        }
        for (principal, selectors) in by_principal {
            self.forget(principal, selectors).await;
        }
    }
}

/// For how long a shard is kept locked at a time, in files.
const BATCH: usize = 64;
/// A call that has removed something answers after this long.
const LONG: Duration = Duration::from_millis(500);
