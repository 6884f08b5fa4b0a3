//! A whole driver from scratch: a table of records behind one lock, and beside it who has which sessions.
//!
//! What a commit means is computed by `Record::apply`. What is left to the driver is that nobody comes in between (here:
//! the lock), that time is looked at, and that the index never misses a session.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use session_runtime::drivers::{Created, Driver, DriverError, Members, Owner};
use session_runtime::record::{Applied, Commit, PrincipalKey, Record, Verdict};
use session_runtime::{Clock, Selector};

/// Keeps records in this process, and loses them with it.
pub(crate) struct Table<C> {
    rows: Mutex<Rows>,
    clock: C,
}

#[derive(Default)]
struct Rows {
    records: BTreeMap<Selector, Record>,
    index: BTreeMap<PrincipalKey, (u64, BTreeSet<Selector>)>,
}

impl<C: Clock> Table<C> {
    pub(crate) fn new(clock: C) -> Self {
        Self { rows: Mutex::default(), clock }
    }

    /// A panic under the lock leaves rows that are whole: each change is one insertion or removal.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Destroys a record of this owner; whether it was alive.
    fn end(&self, rows: &mut Rows, selector: &Selector, owner: Owner<'_>) -> bool {
        if !rows.records.get(selector).is_some_and(|record| owner.owns(record)) {
            return false;
        }
        rows.remove(selector).is_some_and(|record| !record.is_expired(self.clock.now()))
    }
}

impl Rows {
    fn put(&mut self, selector: Selector, record: Record) {
        if let Some(principal) = &record.metadata().principal {
            self.index.entry(*principal.key()).or_default().1.insert(selector);
        }
        self.records.insert(selector, record);
    }

    fn remove(&mut self, selector: &Selector) -> Option<Record> {
        for (_, selectors) in self.index.values_mut() {
            selectors.remove(selector);
        }
        self.records.remove(selector)
    }
}

impl<C: Clock> Driver for Table<C> {
    // No call ever waits, since no lock is held across an await.
    const IMMEDIATE: bool = true;

    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let record = self.rows().records.get(selector).cloned();
        Ok(record.filter(|record| !record.is_expired(self.clock.now())))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let (mut rows, now) = (self.rows(), self.clock.now());
        // What has expired is none.
        if rows.records.get(selector).is_some_and(|stored| !stored.is_expired(now)) {
            return Ok(Created::Taken);
        }
        rows.put(*selector, record.clone());
        Ok(Created::Filed)
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let mut rows = self.rows();
        let Some(stored) = rows.records.get(selector) else {
            return Ok(Applied::Gone);
        };
        Ok(match stored.apply(commit) {
            Verdict::Leave(answer) => answer, // expired, superseded, refused: the record stays as it is
            Verdict::Store(record, sums) => {
                rows.put(*selector, record);
                Applied::Stored(sums)
            }
            Verdict::Destroy => {
                rows.remove(selector);
                Applied::Emptied
            }
        })
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        Ok(self.end(&mut self.rows(), selector, owner))
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let (generation, selectors) = self.rows().index.get(principal).cloned().unwrap_or_default();
        Ok(Members { generation, selectors: selectors.into_iter().collect() })
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let mut rows = self.rows();
        let (generation, selectors) = rows.index.entry(*principal).or_default();
        *generation += 1; // first: a login that is on its way sees that it came too early
        let others = selectors.clone().into_iter().filter(|selector| Some(selector) != except);
        Ok(others.filter(|selector| self.end(&mut rows, selector, Owner::Principal(principal))).count())
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        let (mut rows, now) = (self.rows(), self.clock.now());
        let expired = rows.records.iter().filter(|(_, record)| record.is_expired(now));
        let expired: Vec<Selector> = expired.map(|(selector, _)| *selector).take(limit).collect();
        Ok(expired.iter().filter(|selector| rows.remove(selector).is_some()).count())
    }
}
