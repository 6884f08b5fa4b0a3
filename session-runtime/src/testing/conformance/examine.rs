//! Runs one check: a runtime with several threads, a fresh driver, a limit of time.

use std::future::Future;
use std::time::Duration;

use crate::testing::ManualClock;

use super::subject::IntoSubject;
use super::trial::Trial;

/// Runs one check of the kit on a driver that `make` gives, on a runtime of its own.
///
/// ```
/// use session_runtime::drivers::MemoryDriver;
/// use session_runtime::testing::conformance::{examine, records};
///
/// examine(
///     |clock| async { MemoryDriver::new().with_clock(clock) },
///     records::a_taken_selector_is_not_filed_again,
/// );
/// ```
pub fn examine<Make, Making, Check>(make: Make, check: Check)
where
    Make: FnOnce(ManualClock) -> Making,
    Making: Future<Output: IntoSubject>,
    Check: AsyncFnOnce(&Trial<<Making::Output as IntoSubject>::Driver>),
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime to run the check on: {error}"));
    let run = async {
        let clock = ManualClock::default();
        let trial = Trial::new(make(clock.clone()).await.into_subject(), clock);
        check(&trial).await;
    };
    let in_time = runtime.block_on(async { tokio::time::timeout(LIMIT, run).await });
    assert!(in_time.is_ok(), "the check did not end within {LIMIT:?}: does a call of the driver hang?");
}

/// Far more than any check takes on a slow server.
const LIMIT: Duration = Duration::from_secs(120);
