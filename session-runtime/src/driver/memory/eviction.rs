//! Making room in a memory driver: the expired go first, then the anonymous session that has been idle longest.

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::{Commit, Verdict};
use crate::token::Selector;

use super::ledger::{Entered, Note};
use super::memory_driver::MemoryDriver;

impl MemoryDriver {
    /// Evicts until what a commit adds fits; what it replaces is given back.
    pub(super) fn make_room_for(&self, selector: &Selector, commit: &Commit) -> Result<(), DriverError> {
        let most = commit.growth();
        if most == 0 || self.occupancy.has_room(self.bounds, 0, most) {
            return Ok(());
        }
        let entered = self.sessions.get(selector);
        let net = entered.map_or(0, |entered| match entered.record.apply(commit) {
            Verdict::Store(record, _) => record.size().saturating_sub(entered.bytes),
            Verdict::Destroy | Verdict::Leave(_) => 0,
        });
        if net == 0 { Ok(()) } else { self.make_room(0, net, selector) }
    }

    /// Evicts until `sessions` and `bytes` more fit.
    pub(super) fn make_room(
        &self,
        sessions: usize,
        bytes: usize,
        spared: &Selector,
    ) -> Result<(), DriverError> {
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

    pub(super) fn remove_due(&self, now: Timestamp, limit: usize) -> usize {
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

    /// Notes a record's deadline as it is now, if the record is still there.
    pub(super) fn note_again(&self, selector: Selector) {
        if let Some(mut entered) = self.sessions.get_mut(&selector) {
            self.note_now(selector, &mut entered);
        }
    }

    /// The same under the entry's lock, so that nobody notes it otherwise in between.
    pub(super) fn note_now(&self, selector: Selector, entered: &mut Entered) {
        let note = Note::of(&entered.record);
        let mut ledger = self.ledger();
        ledger.strike(selector, entered.note);
        ledger.enter(selector, note);
        entered.note = note;
    }
}

/// How many expired records are removed before live ones are evicted.
const EVICTION_BATCH: usize = 64;
