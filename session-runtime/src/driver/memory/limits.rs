//! Room for a login among at most so many sessions of a principal.

use crate::clock::Timestamp;
use crate::driver::answers::Owner;
use crate::driver::crowds::ROUNDS;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::memory_driver::MemoryDriver;
use super::roster::is_settled;

impl MemoryDriver {
    /// Enters the session in one step with the count. Where there is no room, dead entries are taken out without the lock,
    /// and it is tried again.
    pub(super) fn admitted(&self, principal: &PrincipalKey, selector: &Selector, most: usize) -> Option<u64> {
        for _ in 0..ROUNDS {
            let now = self.clock.now();
            let others = match self.rosters.admit(*principal, *selector, now, most) {
                Ok(generation) => return Some(generation),
                Err(others) => others,
            };
            let dead: Vec<_> =
                others.into_iter().filter(|(other, at)| self.is_dead(other, *at, principal, now)).collect();
            if dead.is_empty() {
                return None;
            }
            for entry in dead {
                self.rosters.leave_dead(principal, entry);
            }
        }
        None
    }

    /// Whether an entry stands for no session and no login that may be on its way.
    fn is_dead(
        &self,
        other: &Selector,
        entered: Timestamp,
        principal: &PrincipalKey,
        now: Timestamp,
    ) -> bool {
        let record = self.sessions.get(other).map(|entered| entered.record.clone());
        let his = record.filter(|record| Owner::Principal(principal).owns(record));
        match his {
            Some(record) => record.is_expired(now),
            None => is_settled(entered, now) || self.ledger().graves.is_buried(other, now),
        }
    }
}
