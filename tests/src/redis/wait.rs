//! Waiting for what another process does, which no clock of ours can move.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Asks again and again until there is an answer, for at most as long as the slowest machine takes.
///
/// # Panics
/// If there is none by then, saying what was waited for.
pub fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    match until_within(LIMIT, ask) {
        Some((answer, _)) => answer,
        None => panic!("waited for {LIMIT:?}: {what}"),
    }
}

/// The same within `limit`, with the time that it took.
pub fn until_within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<(T, Duration)> {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some((answer, began.elapsed()));
        }
        if began.elapsed() > limit {
            return None;
        }
        sleep(PAUSE);
    }
}

const LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);
