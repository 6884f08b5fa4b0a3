//! Which sessions were entered in an index a moment ago, for commits that are on their way.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::PrincipalKey;
use crate::token::Selector;

/// Entries that were written for a login and not yet used.
#[derive(Debug, Default)]
pub(super) struct Announced(Mutex<HashMap<(Selector, PrincipalKey), Instant>>);

impl Announced {
    pub(super) fn remember(&self, selector: Selector, principal: PrincipalKey) {
        let mut entries = self.entries();
        if entries.len() >= MANY {
            entries.retain(|_, entered| entered.elapsed() < FRESH);
        }
        entries.insert((selector, principal), Instant::now());
    }

    /// Whether the entry is young enough that nobody takes it out before the commit is stored.
    pub(super) fn take(&self, selector: Selector, principal: PrincipalKey) -> bool {
        let entered = self.entries().remove(&(selector, principal));
        entered.is_some_and(|entered| entered.elapsed() < FRESH)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<(Selector, PrincipalKey), Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Half of the time in which an entry is not cleaned.
const FRESH: Duration = Duration::from_secs(30);
const MANY: usize = 1_024;
