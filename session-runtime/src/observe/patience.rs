//! How often a stranger, or a store that is away, is told of: so many times in a second, and the rest is counted.

use std::sync::{Mutex, PoisonError};

use crate::clock::Timestamp;

/// Counts what happens and says when it is to be told.
#[derive(Debug, Default)]
pub(super) struct Patience(Mutex<Window>);

#[derive(Debug, Default)]
struct Window {
    /// The second that it is about.
    second: u64,
    told: u64,
    /// What was not told since it was last.
    withheld: u64,
}

impl Patience {
    /// How many of it there are to tell of now, this one included; `None` if it is not to be told.
    pub(super) fn count(&self, now: Timestamp) -> Option<u64> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let second = now.unix_millis() / 1_000;
        if window.second != second {
            window.second = second;
            window.told = 0;
        }
        if window.told == PER_SECOND {
            window.withheld = window.withheld.saturating_add(1);
            return None;
        }
        window.told += 1;
        Some(std::mem::take(&mut window.withheld).saturating_add(1))
    }
}

const PER_SECOND: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_a_second_are_told_and_the_next_one_counts_the_rest() {
        let patience = Patience::default();
        let told = |millis| patience.count(Timestamp::from_unix_millis(millis));
        let first: Vec<_> = (0..25).map(|step| told(5_000 + step)).collect();
        assert_eq!(first[..10], [Some(1); 10]);
        assert_eq!(first[10..], [None; 15]);
        assert_eq!(told(6_000), Some(16), "itself and fifteen that were withheld");
        assert_eq!(told(6_001), Some(1));
        assert_eq!(told(2_000), Some(1), "a clock that jumps back silences nobody");
    }
}
