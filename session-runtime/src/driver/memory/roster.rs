//! The principal index in memory: selectors and a generation per principal.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dashmap::DashMap;

use crate::clock::Timestamp;
use crate::driver::answers::Members;
use crate::record::PrincipalKey;
use crate::token::Selector;

#[derive(Debug, Default)]
pub(in crate::driver) struct Rosters {
    of: DashMap<PrincipalKey, Roster>,
    /// Generations count over all principals, so that a roster which was dropped and made anew never repeats one.
    latest: AtomicU64,
    revoked: Mutex<VecDeque<(Timestamp, PrincipalKey)>>,
}

#[derive(Debug, Default)]
struct Roster {
    generation: u64,
    members: HashMap<Selector, Timestamp>,
}

impl Rosters {
    pub(in crate::driver) fn enter(&self, principal: PrincipalKey, selector: Selector, now: Timestamp) {
        self.of.entry(principal).or_default().members.insert(selector, now);
    }

    /// Enters a session unless `most` others are entered; the generation, or those others with the times of their entry.
    pub(in crate::driver) fn admit(
        &self,
        principal: PrincipalKey,
        selector: Selector,
        now: Timestamp,
        most: usize,
    ) -> Result<u64, Vec<(Selector, Timestamp)>> {
        let mut roster = self.of.entry(principal).or_default();
        let others = roster.members.iter().filter(|(other, _)| **other != selector);
        if others.clone().count() >= most {
            return Err(others.map(|(other, entered)| (*other, *entered)).collect());
        }
        roster.members.insert(selector, now);
        Ok(roster.generation)
    }

    /// Takes out an entry that was found to be dead, unless it was made anew since.
    pub(in crate::driver) fn leave_dead(&self, principal: &PrincipalKey, dead: (Selector, Timestamp)) {
        if let Some(mut roster) = self.of.get_mut(principal) {
            let (selector, seen) = dead;
            if roster.members.get(&selector) == Some(&seen) {
                roster.members.remove(&selector);
            }
        }
        self.drop_if_idle(principal);
    }

    /// Takes out a selector whose record is known to be gone or another's, unless its login may still be on the way.
    pub(in crate::driver) fn leave_if_settled(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        now: Timestamp,
    ) {
        let settled = |entered: &Timestamp| is_settled(*entered, now);
        if let Some(mut roster) = self.of.get_mut(principal)
            && roster.members.get(selector).is_some_and(settled)
        {
            roster.members.remove(selector);
        }
        self.drop_if_idle(principal);
    }

    /// Takes out a selector whose record was destroyed under this principal.
    pub(in crate::driver) fn leave(&self, principal: &PrincipalKey, selector: &Selector) {
        if let Some(mut roster) = self.of.get_mut(principal) {
            roster.members.remove(selector);
        }
        self.drop_if_idle(principal);
    }

    pub(in crate::driver) fn generation(&self, principal: &PrincipalKey) -> u64 {
        self.of.get(principal).map_or(0, |roster| roster.generation)
    }

    pub(in crate::driver) fn members(&self, principal: &PrincipalKey) -> Members {
        self.of.get(principal).map_or_else(Members::default, |roster| Members {
            generation: roster.generation,
            selectors: roster.members.keys().copied().collect(),
        })
    }

    /// Raises the generation, then lists.
    pub(in crate::driver) fn revoke(&self, principal: PrincipalKey, now: Timestamp) -> Vec<Selector> {
        let mut roster = self.of.entry(principal).or_default();
        roster.generation = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        let members = roster.members.keys().copied().collect();
        drop(roster);
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.push_back((now.saturating_add(REMEMBERED), principal));
        members
    }

    /// Forgets the generations of principals without sessions, once no login can have read them.
    pub(in crate::driver) fn sweep(&self, now: Timestamp) {
        loop {
            let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
            let Some((_, principal)) = revoked.front().copied().filter(|(until, _)| *until <= now) else {
                break;
            };
            revoked.pop_front();
            let again = revoked.iter().any(|(_, other)| *other == principal);
            drop(revoked);
            if !again {
                self.of.remove_if(&principal, |_, roster| roster.members.is_empty());
                if let Some(mut roster) = self.of.get_mut(&principal) {
                    roster.generation = 0;
                }
            }
        }
    }

    fn drop_if_idle(&self, principal: &PrincipalKey) {
        self.of.remove_if(principal, |_, roster| roster.members.is_empty() && roster.generation == 0);
    }
}

/// Whether an entry is old enough to be judged by its record alone.
pub(in crate::driver) fn is_settled(entered: Timestamp, now: Timestamp) -> bool {
    now.since(entered) >= YOUNG
}

/// An entry is written before its record; a younger one may belong to a login that is still on the way.
const YOUNG: Duration = Duration::from_secs(60);
/// How long a raised generation is kept for logins in flight; far longer than any request.
const REMEMBERED: Duration = Duration::from_secs(3_600);
