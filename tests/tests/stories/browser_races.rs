//! At the browser: a slow request that started before a login or a logout never takes the newer cookie away.

use serde_json::json;
use session_runtime::testing::TestResponse;

use session_tests::stage::{Acts, Says, World};

/// What a slow request may have been doing.
const SLOW: [&str; 7] = ["load", "increment", "push tea", "flash late", "forget one", "clear", "regenerate"];

/// Runs `slow` across `then`, delivers the answers in both orders, and checks that `then`'s cookie stays.
async fn slow_across(slow: &str, loads_first: bool, then: &[&str], expected_user: serde_json::Value) {
    for slow_is_delivered_last in [true, false] {
        let world = World::new();
        world.browser.run("put one; push milk; theme dark").await;
        let gate = world.script.gate("slow");
        let script =
            if loads_first { format!("load; {slow}; at-gate slow") } else { format!("at-gate slow; {slow}") };
        let slow_request = tokio::spawn(world.browser.begin(&script));
        gate.reached().await;
        // The other requests leave and are answered one after the other; the browser hears of each at once.
        let mut last: Option<TestResponse> = None;
        for step in then {
            let answer = world.browser.begin(step).await.unwrap();
            if step == then.last().unwrap() {
                last = Some(answer);
            } else {
                world.browser.deliver(&answer);
            }
        }
        gate.open();
        let late = slow_request.await.unwrap().unwrap();
        let last = last.unwrap();
        let order = if slow_is_delivered_last { [&last, &late] } else { [&late, &last] };
        for answer in order {
            world.browser.deliver(answer);
        }
        let context =
            format!("{slow:?} loads_first={loads_first} then={then:?} last={slow_is_delivered_last}");
        assert!(late.sent_no_cookie(), "{context}: {:?}", late.set_cookies());
        let answer = world.browser.run("load").await;
        assert_eq!(answer.fact("user"), expected_user, "{context}");
        assert_eq!(answer.fact("theme"), json!("dark"), "{context}");
    }
}

#[tokio::test]
async fn a_slow_request_from_before_a_login_never_takes_the_cookie_away() {
    for slow in SLOW {
        for loads_first in [true, false] {
            slow_across(slow, loads_first, &["login 42"], json!(42)).await;
        }
    }
}

#[tokio::test]
async fn a_slow_request_from_before_a_logout_and_login_never_takes_the_cookie_away() {
    for slow in SLOW {
        for loads_first in [true, false] {
            slow_across(slow, loads_first, &["login 1", "logout", "login 42"], json!(42)).await;
            slow_across(slow, loads_first, &["logout", "login 42"], json!(42)).await;
            slow_across(slow, loads_first, &["login 1", "login 42"], json!(42)).await;
        }
    }
}

#[tokio::test]
async fn a_slow_request_from_before_a_logout_leaves_the_new_session_alone() {
    for slow in SLOW {
        for loads_first in [true, false] {
            slow_across(slow, loads_first, &["logout"], json!(null)).await;
        }
    }
}

#[tokio::test]
async fn a_slow_ending_from_before_a_login_never_takes_the_cookie_away() {
    for slow in ["logout", "invalidate"] {
        for loads_first in [true, false] {
            slow_across(slow, loads_first, &["login 42"], json!(42)).await;
            slow_across(slow, loads_first, &["logout", "login 42"], json!(42)).await;
        }
    }
}

#[tokio::test]
async fn after_a_minute_a_dead_token_is_any_visitors() {
    let world = World::new();
    world.browser.run("put one").await;
    let old = world.stranger_with_our_cookie();
    world.browser.run("invalidate").await;
    let answer = old.run("increment").await;
    assert!(answer.sent_no_cookie());
    world.later(61);
    let answer = old.run("increment").await;
    assert!(answer.cookie_line().is_some());
}
