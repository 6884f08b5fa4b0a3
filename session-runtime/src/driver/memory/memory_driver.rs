//! The driver over the map, the ledger and the rosters. No lock is held while another one is taken, but for the ledger's
//! under that of an entry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use rustc_hash::FxBuildHasher;

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::answers::{Created, DriverFate, Members, Owner};
use crate::driver::contract::Driver;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Record, Verdict};
use crate::token::Selector;

use super::ledger::{Entered, Ledger, Note};
use super::occupancy::{MemoryBounds, Occupancy};
use super::roster::Rosters;

/// Keeps records in this process, and loses them with it.
///
/// Each commit is atomic under the lock of its entry. The driver is bounded by sessions and by bytes: when it is full
/// it removes expired sessions, then the anonymous ones that have been idle longest, and never one with a principal;
/// when only those are left it answers [`DriverError::Full`] (503). A visitor flood thus evicts visitors, not users.
///
/// It starts no task: have expired records removed by [`Sessions::spawn_sweeper`](crate::Sessions::spawn_sweeper).
/// They are never returned, swept or not.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{MemoryBounds, MemoryDriver};
///
/// let driver = MemoryDriver::bounded(MemoryBounds { sessions: 10_000, bytes: 64 << 20 });
/// let sessions = Sessions::builder(driver).build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
pub struct MemoryDriver {
    /// Selectors are random, and nobody but us chooses one that is stored: a fast hash spreads them.
    pub(super) sessions: DashMap<Selector, Entered, FxBuildHasher>,
    pub(super) rosters: Rosters,
    pub(super) ledger: Mutex<Ledger>,
    pub(super) occupancy: Occupancy,
    pub(super) bounds: MemoryBounds,
    pub(super) clock: Arc<dyn Clock>,
}

impl MemoryDriver {
    /// A driver with the default bounds.
    #[must_use]
    pub fn new() -> Self {
        Self::bounded(MemoryBounds::default())
    }

    /// A driver with these bounds.
    #[must_use]
    pub fn bounded(bounds: MemoryBounds) -> Self {
        Self {
            sessions: DashMap::with_hasher(FxBuildHasher),
            rosters: Rosters::default(),
            ledger: Mutex::default(),
            occupancy: Occupancy::default(),
            bounds,
            clock: Arc::new(SystemClock),
        }
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// How many records are held, expired ones that were not swept included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.occupancy.sessions()
    }

    /// Whether no record is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the held records count for.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.occupancy.bytes()
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the record if `condition` holds, with everything that is kept beside it. The condition is judged under
    /// the entry's lock, under which only the ledger's may be taken.
    pub(super) fn remove(&self, selector: &Selector, condition: impl Fn(&Entered) -> bool) -> Option<Record> {
        let (_, entered) = self.sessions.remove_if(selector, |_, entered| condition(entered))?;
        self.occupancy.leave(entered.bytes);
        self.ledger().strike(*selector, entered.note);
        if let Some(principal) = &entered.record.metadata().principal {
            self.rosters.leave(principal.key(), selector);
        }
        Some(entered.record)
    }

    /// Removes a live record and remembers that it was there.
    fn end(&self, selector: &Selector, owner: Owner<'_>, now: Timestamp) -> bool {
        let ended = self.remove(selector, |entered| {
            let ends = owner.owns(&entered.record);
            // Remembered before it is gone: nobody may find neither the session nor the memory of it.
            if ends && !entered.record.is_expired(now) {
                self.ledger().graves.bury(*selector, now);
            }
            ends
        });
        ended.is_some_and(|record| !record.is_expired(now))
    }

    fn apply_entered(&self, selector: &Selector, commit: &Commit) -> Applied {
        let Some(mut entered) = self.sessions.get_mut(selector) else {
            return Applied::Gone;
        };
        match entered.record.apply(commit) {
            Verdict::Leave(answer) => answer,
            Verdict::Store(record, sums) => {
                let bytes = record.size();
                self.occupancy.resize(entered.bytes, bytes);
                entered.bytes = bytes;
                entered.record = record;
                if entered.note.is_late(&entered.record) {
                    self.note_now(*selector, &mut entered);
                }
                Applied::Stored(sums)
            }
            Verdict::Destroy => {
                drop(entered);
                self.destroy_emptied(selector, commit)
            }
        }
    }

    /// The entry lock was released since the record was judged empty: judge again under the lock of the removal.
    fn destroy_emptied(&self, selector: &Selector, commit: &Commit) -> Applied {
        let still_empty = |entered: &Entered| {
            let empty = entered.record.apply(commit) == Verdict::Destroy;
            if empty {
                self.ledger().graves.bury(*selector, commit.at);
            }
            empty
        };
        match self.remove(selector, still_empty) {
            Some(_) => Applied::Emptied,
            None => self.apply_entered(selector, commit),
        }
    }

    fn file(&self, selector: &Selector, record: &Record, bytes: usize) -> Created {
        let note = Note::of(record);
        self.occupancy.enter(bytes);
        match self.sessions.entry(*selector) {
            Entry::Occupied(taken) => {
                self.occupancy.leave(bytes);
                drop(taken);
                let now = self.clock.now();
                // What has expired is none, and gone once.
                return match self.remove(selector, |entered| entered.record.is_expired(now)) {
                    Some(_) => self.file(selector, record, bytes),
                    None => Created::Taken,
                };
            }
            Entry::Vacant(vacant) => drop(vacant.insert(Entered { record: record.clone(), bytes, note })),
        }
        self.ledger().enter(*selector, note);
        Created::Filed
    }
}

impl Driver for MemoryDriver {
    const IMMEDIATE: bool = true;
    const EVICTS: bool = true;

    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let Some(record) = self.sessions.get(selector).map(|entered| entered.record.clone()) else {
            return Ok(None);
        };
        Ok((!record.is_expired(self.clock.now())).then_some(record))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let bytes = record.size();
        self.make_room(1, bytes, selector)?;
        if let Some(principal) = &record.metadata().principal {
            self.rosters.enter(*principal.key(), *selector, self.clock.now());
        }
        Ok(self.file(selector, record, bytes))
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        self.make_room_for(selector, commit)?;
        if let Some(principal) = &commit.session().login {
            self.rosters.enter(*principal.key(), *selector, self.clock.now());
        }
        Ok(self.apply_entered(selector, commit))
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        Ok(self.end(selector, owner, self.clock.now()))
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        Ok(self.ledger().graves.is_buried(selector, self.clock.now()))
    }

    /// What has expired is remembered until it is swept.
    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        let now = self.clock.now();
        if self.ledger().graves.is_buried(selector, now) {
            return Ok(DriverFate::Destroyed);
        }
        let expired = self.sessions.get(selector).is_some_and(|entered| entered.record.is_expired(now));
        Ok(if expired { DriverFate::Expired } else { DriverFate::Unknown })
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        _until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        Ok(self.admitted(principal, selector, most))
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        Ok(self.rosters.generation(principal))
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let now = self.clock.now();
        let mut members = self.rosters.members(principal);
        members.selectors.retain(|selector| {
            let his = self.sessions.get(selector).is_some_and(|entered| {
                !entered.record.is_expired(now) && Owner::Principal(principal).owns(&entered.record)
            });
            if !his {
                self.rosters.leave_if_settled(principal, selector, now);
            }
            his
        });
        Ok(members)
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let now = self.clock.now();
        let members = self.rosters.revoke(*principal, now);
        let others = members.iter().filter(|selector| Some(*selector) != except);
        Ok(others.filter(|selector| self.end(selector, Owner::Principal(principal), now)).count())
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        let now = self.clock.now();
        self.rosters.sweep(now);
        Ok(self.remove_due(now, limit))
    }
}

impl Default for MemoryDriver {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for MemoryDriver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryDriver")
            .field("sessions", &self.len())
            .field("bytes", &self.bytes())
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}
