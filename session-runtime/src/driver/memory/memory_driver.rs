//! The driver over the map, the ledger and the rosters. No lock is held while another one is taken, but for the map's
//! entry lock around the index of the record under it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use rustc_hash::FxBuildHasher;

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::contract::{Created, Driver, Members, Owner};
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
    sessions: DashMap<Selector, Entered, FxBuildHasher>,
    rosters: Rosters,
    ledger: Mutex<Ledger>,
    occupancy: Occupancy,
    bounds: MemoryBounds,
    clock: Arc<dyn Clock>,
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

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the record if `condition` holds, with everything that is kept beside it.
    fn remove(&self, selector: &Selector, condition: impl Fn(&Entered) -> bool) -> Option<Record> {
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
        let ended = self.remove(selector, |entered| owner.owns(&entered.record));
        let was_live = ended.is_some_and(|record| !record.is_expired(now));
        if was_live {
            self.ledger().bury(*selector, now.saturating_add(BURIED));
        }
        was_live
    }

    /// Notes a record's deadline as it is now, if the record is still there.
    fn note_again(&self, selector: Selector) {
        let Some(mut entered) = self.sessions.get_mut(&selector) else {
            return;
        };
        let note = Note::of(&entered.record);
        entered.note = note;
        drop(entered);
        self.ledger().enter(selector, note);
    }

    /// Evicts until `sessions` and `bytes` more fit.
    fn make_room(&self, sessions: usize, bytes: usize, spared: &Selector) -> Result<(), DriverError> {
        if self.occupancy.has_room(self.bounds, sessions, bytes) {
            return Ok(());
        }
        if bytes > self.bounds.bytes {
            return Err(DriverError::Full);
        }
        let now = self.clock.now();
        while !self.occupancy.has_room(self.bounds, sessions, bytes) {
            if self.remove_due(now, EVICTION_BATCH) > 0 {
                continue;
            }
            let idlest = self.ledger().take_idlest(spared);
            let Some(selector) = idlest else {
                return Err(DriverError::Full);
            };
            let idle =
                |entered: &Entered| Note::of(&entered.record) == entered.note && entered.note.evictable;
            if self.remove(&selector, idle).is_none() {
                self.note_again(selector);
            }
        }
        Ok(())
    }

    fn remove_due(&self, now: Timestamp, limit: usize) -> usize {
        let due = self.ledger().take_due(now, limit);
        let mut removed = 0;
        for selector in due {
            if self.remove(&selector, |entered| entered.record.is_expired(now)).is_some() {
                removed += 1;
            } else {
                self.note_again(selector);
            }
        }
        removed
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
        let still_empty = |entered: &Entered| entered.record.apply(commit) == Verdict::Destroy;
        match self.remove(selector, still_empty) {
            Some(_) => {
                self.ledger().bury(*selector, commit.at.saturating_add(BURIED));
                Applied::Emptied
            }
            None => self.apply_entered(selector, commit),
        }
    }
}

impl Driver for MemoryDriver {
    const IMMEDIATE: bool = true;

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
        let note = Note::of(record);
        self.occupancy.enter(bytes);
        match self.sessions.entry(*selector) {
            Entry::Occupied(_) => {
                self.occupancy.leave(bytes);
                return Ok(Created::Taken);
            }
            Entry::Vacant(vacant) => drop(vacant.insert(Entered { record: record.clone(), bytes, note })),
        }
        self.ledger().enter(*selector, note);
        Ok(Created::Filed)
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let growth = commit.growth();
        if growth > 0 {
            self.make_room(0, growth, selector)?;
        }
        if let Some(principal) = &commit.login {
            self.rosters.enter(*principal.key(), *selector, self.clock.now());
        }
        Ok(self.apply_entered(selector, commit))
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        Ok(self.end(selector, owner, self.clock.now()))
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        Ok(self.ledger().is_buried(selector, self.clock.now()))
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

/// How long a destroyed session is remembered: as long as a replaced verifier.
const BURIED: Duration = Duration::from_secs(60);
/// How many expired records one call removes before it evicts live ones.
const EVICTION_BATCH: usize = 64;
