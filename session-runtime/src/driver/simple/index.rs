//! What the store cannot say, kept in this process: whose the sessions are, and which were destroyed a moment ago.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Timestamp;
use crate::driver::answers::Members;
use crate::driver::memory::{Graves, Rosters};
use crate::record::{PrincipalKey, Record};
use crate::token::Selector;

#[derive(Debug, Default)]
pub(super) struct Index {
    rosters: Rosters,
    /// Until when each entry can be a live session's, since a store that removes records by itself does not tell.
    terms: Mutex<BTreeSet<(Timestamp, Selector, PrincipalKey)>>,
    graves: Mutex<Graves>,
}

impl Index {
    /// Lists the session under its principal, if it has one. To be called before the record is stored.
    pub(super) fn enter(&self, selector: Selector, record: &Record, now: Timestamp) {
        if let Some((until, principal)) = entry(record) {
            self.rosters.enter(principal, selector, now);
            locked(&self.terms).insert((until, selector, principal));
        }
    }

    /// Lists a session that is about to be the principal's, unless `most` others are listed: then those.
    pub(super) fn admit(
        &self,
        principal: PrincipalKey,
        selector: Selector,
        [now, until]: [Timestamp; 2],
        most: usize,
    ) -> Result<u64, Vec<(Selector, Timestamp)>> {
        let admitted = self.rosters.admit(principal, selector, now, most)?;
        // A login that fails is forgotten when its session would have ended.
        locked(&self.terms).insert((until, selector, principal));
        Ok(admitted)
    }

    /// Takes out what was found to be dead.
    pub(super) fn leave_dead(&self, principal: &PrincipalKey, dead: (Selector, Timestamp)) {
        self.rosters.leave_dead(principal, dead);
    }

    /// Takes the session off the list. To be called after the record was destroyed, or stored as another's.
    pub(super) fn leave(&self, selector: Selector, record: &Record) {
        if let Some((until, principal)) = entry(record) {
            self.rosters.leave(&principal, &selector);
            locked(&self.terms).remove(&(until, selector, principal));
        }
    }

    /// The session lives until another moment than before: it is not taken off the list at the former one. To be called
    /// after it was stored so.
    pub(super) fn outlive(&self, selector: Selector, stored: &Record, record: &Record) {
        if let Some((until, principal)) = entry(stored).filter(|before| entry(record) != Some(*before)) {
            locked(&self.terms).remove(&(until, selector, principal));
        }
    }

    pub(super) fn generation(&self, principal: &PrincipalKey) -> u64 {
        self.rosters.generation(principal)
    }

    pub(super) fn members(&self, principal: &PrincipalKey) -> Members {
        self.rosters.members(principal)
    }

    pub(super) fn revoke(&self, principal: PrincipalKey, now: Timestamp) -> Vec<Selector> {
        self.rosters.revoke(principal, now)
    }

    /// Forgets what can be no live session's any more.
    pub(super) fn sweep(&self, now: Timestamp) {
        let mut terms = locked(&self.terms);
        while terms.first().is_some_and(|(until, ..)| *until <= now) {
            if let Some((_, selector, principal)) = terms.pop_first() {
                self.rosters.leave(&principal, &selector);
            }
        }
        drop(terms);
        self.rosters.sweep(now);
    }

    pub(super) fn bury(&self, selector: Selector, now: Timestamp) {
        locked(&self.graves).bury(selector, now);
    }

    pub(super) fn is_buried(&self, selector: &Selector, now: Timestamp) -> bool {
        locked(&self.graves).is_buried(selector, now)
    }
}

fn entry(record: &Record) -> Option<(Timestamp, PrincipalKey)> {
    let metadata = record.metadata();
    Some((metadata.deadlines.absolute, *metadata.principal.as_ref()?.key()))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
