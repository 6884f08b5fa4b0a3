//! The conformance kit on one server per check.

use session_runtime::driver_conformance;
use session_runtime::drivers::{Driver, RedisConfig, RedisDriver};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;

use super::server::Server;

driver_conformance!(redis_standalone, standalone);

/// The driver goes by the clock it was given, as far as it can tell what has expired; the server removes by its own.
async fn standalone(clock: ManualClock) -> Subject<impl Driver> {
    let server = Server::start(&[]);
    let url = server.url();
    let open = move || {
        let (url, clock) = (url.clone(), clock.clone());
        async move { RedisDriver::connect(RedisConfig::standalone(url)).await.unwrap().with_clock(clock) }
    };
    let driver = open().await;
    // The server ends with the check that holds the subject.
    let open_again = move || {
        let _ = &server;
        open()
    };
    Subject::new(driver).expiring_by_itself().opened_again_by(open_again)
}
