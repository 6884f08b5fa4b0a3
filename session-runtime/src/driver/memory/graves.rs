//! Which sessions were destroyed a moment ago, so that a request which comes too late is told so.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::token::Selector;

#[derive(Debug, Default)]
pub(in crate::driver) struct Graves {
    order: VecDeque<(Timestamp, Selector)>,
    buried: HashSet<Selector>,
}

impl Graves {
    /// Remembers that a session was destroyed at `now`, for a minute or until too many others were.
    pub(in crate::driver) fn bury(&mut self, selector: Selector, now: Timestamp) {
        if self.buried.insert(selector) {
            self.order.push_back((now.saturating_add(REMEMBERED), selector));
        }
        if self.order.len() > MOST {
            self.dig_up();
        }
    }

    pub(in crate::driver) fn is_buried(&mut self, selector: &Selector, now: Timestamp) -> bool {
        while self.order.front().is_some_and(|(until, _)| *until <= now) {
            self.dig_up();
        }
        self.buried.contains(selector)
    }

    fn dig_up(&mut self) {
        if let Some((_, selector)) = self.order.pop_front() {
            self.buried.remove(&selector);
        }
    }
}

/// As long as a replaced verifier.
const REMEMBERED: Duration = Duration::from_secs(60);
/// About 5 MiB of memory at the most.
const MOST: usize = 65_536;
