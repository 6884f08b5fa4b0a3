//! Idle and absolute deadlines, and the throttled touch.

use serde_json::json;
use session_runtime::Activity;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

const HOUR: u64 = 3_600;

#[tokio::test]
async fn a_session_ends_at_its_idle_deadline_to_the_millisecond() {
    let world = World::new();
    world.browser.run("increment").await;
    world.clock.advance(std::time::Duration::from_millis(2 * HOUR * 1_000 - 1));
    assert_eq!(world.browser.run("load-readonly").await.fact("views"), json!(1));
    world.clock.advance(std::time::Duration::from_millis(1));
    assert_eq!(world.browser.run("load-readonly").await.fact("views"), json!(0));
}

#[tokio::test]
async fn reading_keeps_a_session_alive_with_few_writes_and_no_cookie() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.forget();
    let mut writes = 0;
    for _ in 0..100 {
        world.later(6 * 60);
        let answer = world.browser.run("load").await;
        assert_eq!(answer.fact("views"), json!(1));
        assert!(answer.sent_no_cookie(), "a touch sends no cookie");
        writes = world.spy.calls().iter().filter(|call| **call == Call::Apply).count();
    }
    // A fifth of two hours is 24 minutes: a touch at every fifth request of six minutes.
    assert_eq!(writes, 20);
    assert!(
        world.spy.commits().iter().all(|commit| commit.fields.is_empty() && commit.flash.consume.is_empty())
    );
}

#[tokio::test]
async fn no_activity_extends_a_session_past_its_absolute_deadline() {
    let world = World::new();
    world.browser.run("increment").await;
    for _ in 0..30 * 24 - 1 {
        world.later(HOUR);
        assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
    }
    world.later(HOUR);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(0));
}

#[tokio::test]
async fn a_read_only_request_is_no_activity() {
    let world = World::new();
    world.browser.run("increment").await;
    world.later(HOUR);
    world.browser.run("load-readonly").await;
    world.later(HOUR);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(0));
}

#[tokio::test]
async fn activity_may_mean_changes_only() {
    let world = World::with(|builder| builder.activity(Activity::OnChange));
    world.browser.run("increment").await;
    world.later(HOUR);
    world.browser.run("load").await;
    world.later(HOUR - 1);
    world.browser.run("increment").await;
    world.later(HOUR + 1);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(2));
    world.later(HOUR);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(0));
}

#[tokio::test]
async fn activity_may_mean_every_request() {
    let world = World::with(|builder| builder.activity(Activity::EveryRequest));
    world.browser.run("increment").await;
    for _ in 0..10 {
        world.later(HOUR);
        let answer = world.browser.run("").await;
        assert!(
            answer.headers().is_empty(),
            "who did not ask says nothing of the session: {:?}",
            answer.headers()
        );
    }
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test]
async fn a_failed_request_is_no_activity() {
    let world = World::new();
    world.browser.run("increment").await;
    world.later(HOUR);
    world.spy.forget();
    world.browser.run("load; status 500").await;
    assert_eq!(world.spy.calls(), [Call::Load]);
}

#[tokio::test]
async fn a_touch_never_moves_data_and_never_revives() {
    let world = World::new();
    world.browser.run("increment").await;
    world.later(HOUR);
    let gate = world.script.gate("slow");
    let reader = tokio::spawn(world.browser.begin("load; at-gate slow"));
    gate.reached().await;
    let other = world.stranger_with_our_cookie();
    other.run("increment").await;
    other.run("invalidate").await;
    gate.open();
    assert!(reader.await.unwrap().unwrap().sent_no_cookie());
    assert_eq!(world.records(), 0);
}

#[tokio::test]
async fn a_clock_that_jumps_back_does_no_harm() {
    let world = World::new();
    world.browser.run("increment").await;
    let start = session_runtime::Clock::now(&world.clock);
    world.later(HOUR);
    world.browser.run("increment").await;
    world.clock.set(start);
    assert_eq!(world.browser.run("increment").await.fact("views"), json!(3));
    world.later(2 * HOUR + 1_800);
    assert_eq!(
        world.browser.run("load").await.fact("views"),
        json!(3),
        "the raised deadline was not lowered"
    );
}
