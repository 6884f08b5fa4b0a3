//! Which session is the next to expire, and which anonymous one has been idle longest.
//! Deadlines are noted as they were when last looked at. Activity only raises them, and what lowers one is noted at once, so a
//! noted one is never late.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::record::Record;
use crate::token::Selector;

use super::graves::Graves;

/// When a session was noted to expire, and whether it may be evicted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) deadline: Timestamp,
    pub(super) evictable: bool,
}

impl Note {
    pub(super) fn of(record: &Record) -> Self {
        let metadata = record.metadata();
        Self { deadline: metadata.deadlines.effective(), evictable: metadata.principal.is_none() }
    }

    /// Whether the record expires before it.
    pub(super) fn is_late(&self, record: &Record) -> bool {
        record.metadata().deadlines.effective() < self.deadline
    }
}

/// A record with what is noted of it elsewhere.
pub(super) struct Entered {
    pub(super) record: Record,
    pub(super) bytes: usize,
    pub(super) note: Note,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    anonymous: BTreeSet<(Timestamp, Selector)>,
    owned: BTreeSet<(Timestamp, Selector)>,
    pub(super) graves: Graves,
}

impl Ledger {
    pub(super) fn enter(&mut self, selector: Selector, note: Note) {
        self.order(note.evictable).insert((note.deadline, selector));
    }

    pub(super) fn strike(&mut self, selector: Selector, note: Note) {
        self.order(note.evictable).remove(&(note.deadline, selector));
    }

    /// Takes out sessions whose noted deadline has come, at most `limit`.
    pub(super) fn take_due(&mut self, now: Timestamp, limit: usize) -> Vec<Selector> {
        let mut due = Vec::new();
        for order in [&mut self.anonymous, &mut self.owned] {
            while due.len() < limit && order.first().is_some_and(|(deadline, _)| *deadline <= now) {
                due.extend(order.pop_first().map(|(_, selector)| selector));
            }
        }
        due
    }

    /// Takes out the anonymous session that is noted to expire first, but for `spared`.
    pub(super) fn take_idlest(&mut self, spared: &Selector) -> Option<Selector> {
        let idlest = *self.anonymous.iter().find(|(_, selector)| selector != spared)?;
        self.anonymous.remove(&idlest);
        Some(idlest.1)
    }

    fn order(&mut self, evictable: bool) -> &mut BTreeSet<(Timestamp, Selector)> {
        if evictable { &mut self.anonymous } else { &mut self.owned }
    }
}
