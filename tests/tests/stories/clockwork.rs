//! Stories in which the time of the runtime is moved, which no real store goes by: deadlines of calls, the sweeper.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use session_runtime::testing::{Call, Fault};
use session_tests::stage::{Acts, Says, World};

#[tokio::test(start_paused = true)]
async fn a_driver_that_does_not_answer_in_time_is_a_503() {
    let world = World::new();
    world.browser.run("increment").await;
    for (script, call) in [("load", Call::Load), ("increment", Call::Apply), ("logout", Call::Destroy)] {
        world.spy.fail(call, Fault::Hang);
        let before = tokio::time::Instant::now();
        let answer = world.browser.run(script).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{script}");
        assert!(answer.sent_no_cookie());
        assert_eq!(before.elapsed().as_secs(), 2, "the default deadline");
        world.spy.recover();
    }
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test(start_paused = true)]
async fn the_sweeper_removes_expired_records_and_stops_with_its_handle() {
    let world = World::new();
    for _ in 0..600 {
        world.stranger().run("increment").await;
    }
    let sweeper = world.sessions.spawn_sweeper(Duration::from_secs(60));
    world.later(3 * 3_600);
    tokio::time::sleep(Duration::from_secs(70)).await;
    assert_eq!(world.records(), 0);

    world.spy.forget();
    drop(sweeper);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert!(world.spy.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_sweeper_that_never_sweeps_is_no_panic() {
    let world = World::new();
    let sweepers: Vec<_> = (0..20).map(|_| world.sessions.spawn_sweeper(Duration::MAX)).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(sweepers.iter().all(session_runtime::SweeperHandle::is_running));
}

#[tokio::test(start_paused = true)]
async fn the_sweeper_waits_longer_after_an_error_and_goes_on() {
    let world = World::new();
    world.browser.run("increment").await;
    world.later(3 * 3_600);
    world.spy.fail(Call::Sweep, Fault::Unavailable);
    let _sweeper = world.sessions.spawn_sweeper(Duration::from_secs(60));
    tokio::time::sleep(Duration::from_secs(60 * 20)).await;
    let failures = world.spy.calls().iter().filter(|call| **call == Call::Sweep).count();
    assert!((2..8).contains(&failures), "{failures} tries in twenty intervals");
    world.spy.recover();
    tokio::time::sleep(Duration::from_secs(60 * 20)).await;
    assert_eq!(world.records(), 0);
}
