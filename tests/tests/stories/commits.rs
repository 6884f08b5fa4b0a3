//! Explicit commits, commits that meet other commits, and writes after the head.

use serde_json::json;
use session_runtime::SessionError;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn an_explicit_commit_is_final_whatever_becomes_of_the_request() {
    let world = World::new();
    let answer = world.browser.run("increment; commit; increment; status 500").await;
    assert_eq!(answer.said()[1], json!("created"));
    assert!(answer.cookie_line().is_some(), "the cookie of a committed session goes out with the failure");
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test]
async fn commits_follow_one_another_under_new_secrets() {
    let world = World::new();
    world.browser.run("increment").await;
    let answer =
        world.browser.run("increment; commit; commit; login 42; commit; increment; commit; elevate").await;
    let outcomes: Vec<_> = answer.said().into_iter().filter(serde_json::Value::is_string).collect();
    assert_eq!(outcomes, ["committed", "unchanged", "committed", "committed"]);
    assert_eq!(answer.set_cookies().len(), 1, "one cookie, the last secret's");
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("views"), answer.fact("user")), (json!(3), json!(42)));
}

#[tokio::test]
async fn a_commit_after_an_error_keeps_the_rotation_it_made() {
    let world = World::new();
    world.browser.run("increment").await;
    let answer = world.browser.run("login 42; commit; error").await;
    assert_eq!(answer.status(), 500);
    assert!(answer.cookie_line().is_some());
    assert_eq!(world.browser.run("load").await.fact("user"), json!(42));
}

#[tokio::test]
async fn the_stored_sum_is_known_after_the_commit() {
    let world = World::new();
    world.browser.run("increment").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("increment; at-gate slow; commit"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("increment").await;
    gate.open();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.said()[0], json!(2), "what the request saw");
    assert_eq!(answer.fact("views"), json!(3), "what the store has");
}

#[tokio::test]
async fn an_update_is_replayed_on_what_someone_else_stored() {
    let world = World::new();
    world.browser.run("push milk").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("push tea; at-gate slow"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("push bread").await;
    world.spy.forget();
    gate.open();
    assert_eq!(slow.await.unwrap().unwrap().said(), [json!(2)]);
    assert_eq!(world.browser.run("load").await.fact("cart"), json!(["milk", "bread", "tea"]));
    assert_eq!(world.spy.calls()[..3], [Call::Apply, Call::Load, Call::Apply]);
}

#[tokio::test]
async fn changes_after_a_logout_elsewhere_are_gone() {
    let world = World::new();
    world.browser.run("login 42; push milk").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("push tea; increment; at-gate slow; commit"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("logout").await;
    gate.open();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.said()[2], json!("gone"));
    assert!(answer.sent_no_cookie());
    assert_eq!(world.records(), 0, "CVE-2025-46336: a late write brings nothing back");
}

#[tokio::test]
async fn changes_after_a_login_elsewhere_are_superseded() {
    let world = World::new();
    world.browser.run("push milk").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("push tea; regenerate; at-gate slow; commit"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("login 42").await;
    gate.open();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.said()[1], json!("superseded"));
    assert!(answer.sent_no_cookie());
}

#[tokio::test]
async fn a_login_that_meets_a_lost_session_creates_a_new_one_with_its_own_changes_only() {
    for other in ["logout", "login 9", "invalidate"] {
        let world = World::new();
        world.browser.run("push milk; theme dark").await;
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("increment; push tea; login 42; at-gate slow"));
        gate.reached().await;
        world.stranger_with_our_cookie().run(other).await;
        gate.open();
        world.browser.deliver(&slow.await.unwrap().unwrap());
        let answer = world.browser.run("load").await;
        assert_eq!(answer.fact("user"), json!(42), "{other}");
        assert_eq!(answer.fact("all"), json!({ "cart": ["tea"], "views": 1 }), "{other}");
    }
}

#[tokio::test]
async fn an_overflow_in_the_store_refuses_the_whole_commit() {
    let world = World::new();
    world.browser.run("increment-small 250").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("increment-small 5; push tea; at-gate slow"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("increment-small 1").await;
    gate.open();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.status(), 500);
    assert_eq!(world.browser.run("load").await.fact("all"), json!({ "small": 251 }));
}

#[tokio::test]
async fn a_session_over_its_limit_is_refused_by_the_name_of_its_biggest_field() {
    let world = World::with(|builder| builder.max_record_bytes(4_096));
    let answer = world.browser.run("increment; put-large 5000").await;
    assert_eq!(answer.status(), http::StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.records(), 0);

    // What was recorded stays recorded, so that the handler can mend it and go on.
    let answer = world.browser.run("increment; put-large 5000; commit; forget large").await;
    let said = answer.said()[1].as_str().unwrap().to_owned();
    assert!(said.contains("`large`") && said.contains("4096"), "{said}");
    assert_eq!(world.browser.run("load").await.fact("all"), json!({ "views": 1 }));
}

#[tokio::test]
async fn a_write_after_the_head_is_an_error_and_reading_goes_on() {
    let world = World::new();
    world.browser.run("increment; hand-out").await;
    let [session] = world.script.handed_out().try_into().unwrap();
    assert_eq!(session.views().get().unwrap(), 1);
    for refused in [
        session.views().increment().unwrap_err(),
        session.cart().update(|cart| cart.push(String::new())).unwrap_err(),
        session.user().logout().unwrap_err(),
        session.notice().flash("late").unwrap_err(),
        session.put("late", 1).unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        assert!(matches!(refused, SessionError::Committed), "{refused:?}");
    }
}

#[tokio::test]
async fn a_read_only_session_refuses_every_write_and_commit() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.forget();
    world.browser.run("load-readonly; hand-out").await;
    assert_eq!(world.spy.calls(), [Call::Load], "and does not touch");
    let [session] = world.script.handed_out().try_into().unwrap();
    assert!(session.is_readonly());
    for refused in [
        session.views().increment().unwrap_err(),
        session.theme().set("dark").unwrap_err(),
        session.cart().update(|cart| cart.push(String::new())).unwrap_err(),
        session.user().login(1_u64).unwrap_err(),
        session.user().logout().unwrap_err(),
        session.notice().flash("x").unwrap_err(),
        session.notice().keep().unwrap_err(),
        session.put("a.b", 1).unwrap_err(),
        session.forget("views").unwrap_err(),
        session.clear().unwrap_err(),
        session.regenerate().unwrap_err(),
        session.invalidate().unwrap_err(),
        session.commit().await.unwrap_err(),
    ] {
        assert!(matches!(refused, SessionError::ReadOnly), "{refused:?}");
    }
}

#[tokio::test]
async fn reload_sees_what_others_stored_and_keeps_what_was_recorded() {
    let world = World::new();
    world.browser.run("push milk").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("push tea; increment; at-gate slow; reload"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("push bread; theme dark; increment").await;
    gate.open();
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.fact("cart"), json!(["milk", "bread", "tea"]));
    assert_eq!((answer.fact("views"), answer.fact("theme")), (json!(2), json!("dark")));
}
