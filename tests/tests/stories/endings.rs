//! Logout, invalidation, emptiness: what ends a session, and what the browser is told.

use serde_json::json;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn logout_destroys_the_record_and_starts_a_new_one_with_what_survives() {
    let world = World::new();
    world.browser.run("login 42; theme dark; push tea").await;
    let before = world.browser.token();
    let answer = world.browser.run("logout").await;
    assert_eq!((answer.fact("user"), answer.fact("fresh")), (json!(null), json!(true)));
    assert_ne!(world.browser.token()[..21], before[..21]);
    let answer = world.browser.run("load").await;
    assert_eq!(answer.fact("all"), json!({ "theme": "dark" }));
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn logout_with_nothing_that_survives_takes_the_cookie_away() {
    let world = World::new();
    world.browser.run("login 42; push tea").await;
    let line = world.browser.run("logout").await.cookie_line().unwrap();
    assert_eq!(line, "__Host-id=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    assert!(world.browser.held().is_none());
    assert_eq!(world.records(), 0);
}

#[tokio::test]
async fn what_the_request_itself_set_before_the_logout_survives_by_its_class() {
    let world = World::new();
    world.browser.run("login 42; push tea").await;
    world.browser.run("theme dark; increment; flash bye; logout").await;
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("all"), answer.fact("notice")), (json!({ "theme": "dark" }), json!("bye")));
}

#[tokio::test]
async fn a_logout_through_any_schema_knows_what_survives() {
    use session_runtime::Untyped;

    let world = World::new();
    world.browser.run("login 42; theme dark; push tea").await;
    let token = session_runtime::Token::parse(world.browser.token()).unwrap();
    let session = world.sessions.open::<Untyped>(token).await.unwrap();
    session.logout().unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.all(), *json!({ "theme": "dark" }).as_object().unwrap());
}

#[tokio::test]
async fn an_untyped_write_keeps_the_class_of_the_field() {
    let world = World::new();
    world.browser.run("login 42; theme dark").await;
    let token = session_runtime::Token::parse(world.browser.token()).unwrap();
    let session = world.sessions.open::<session_runtime::Untyped>(token).await.unwrap();
    session.put("theme", "solar").unwrap();
    session.commit().await.unwrap();
    world.browser.run("logout").await;
    assert_eq!(world.browser.run("load").await.fact("theme"), json!("solar"));
}

#[tokio::test]
async fn invalidate_drops_everything_and_later_writes_begin_anew() {
    let world = World::new();
    world.browser.run("login 42; theme dark; flash lost").await;
    let before = world.browser.token();
    world.browser.run("invalidate; increment").await;
    assert_ne!(world.browser.token()[..21], before[..21]);
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("all"), answer.fact("notice")), (json!({ "views": 1 }), json!(null)));
}

#[tokio::test]
async fn a_session_whose_last_field_is_forgotten_is_destroyed() {
    for script in ["forget one", "clear", "forget one; forget two"] {
        let world = World::new();
        world.browser.run("put one").await;
        let answer = world.browser.run(script).await;
        assert!(answer.cookie_line().unwrap().contains("Max-Age=0"), "{script}");
        assert_eq!(world.records(), 0);
        assert!(world.browser.held().is_none());
    }
}

#[tokio::test]
async fn a_cleared_session_of_a_principal_stays() {
    let world = World::new();
    world.browser.run("login 42; push tea").await;
    let answer = world.browser.run("clear").await;
    assert!(answer.sent_no_cookie());
    assert_eq!(world.browser.run("load").await.fact("user"), json!(42));
}

#[tokio::test]
async fn a_session_is_not_destroyed_as_empty_if_someone_else_wrote_meanwhile() {
    let world = World::new();
    world.browser.run("put one").await;
    let gate = world.script.gate("slow");
    let forgetting = tokio::spawn(world.browser.begin("forget one; at-gate slow"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("put two").await;
    gate.open();
    assert!(forgetting.await.unwrap().unwrap().sent_no_cookie());
    assert_eq!(world.browser.run("load").await.fact("all"), json!({ "two": "two" }));
}

#[tokio::test]
async fn a_second_logout_at_the_same_time_does_not_take_the_new_cookie_away() {
    let world = World::new();
    world.browser.run("login 42; theme dark").await;
    let gate = world.script.gate("slow");
    let second = tokio::spawn(world.browser.begin("logout; at-gate slow"));
    gate.reached().await;
    world.browser.run("logout").await;
    let token = world.browser.token();
    gate.open();
    let answer = second.await.unwrap().unwrap();
    world.browser.deliver(&answer);
    assert!(answer.sent_no_cookie());
    assert_eq!(world.browser.token(), token);
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn an_anonymous_requests_ending_does_not_reach_a_session_that_was_logged_in_meanwhile() {
    let world = World::new();
    world.browser.run("push tea").await;
    let gate = world.script.gate("slow");
    let ending = tokio::spawn(world.browser.begin("invalidate; at-gate slow"));
    gate.reached().await;
    world.browser.run("login 42").await;
    gate.open();
    world.browser.deliver(&ending.await.unwrap().unwrap());
    assert_eq!(world.browser.run("load").await.fact("user"), json!(42));
}

#[tokio::test]
async fn a_logout_is_not_blocked_by_a_change_that_is_refused() {
    let world = World::with(|builder| builder.max_record_bytes(2_000));
    world.browser.run("login 42; push tea").await;
    world.spy.forget();
    let answer = world.browser.run("logout; put-large 5000").await;
    assert_eq!(answer.status(), http::StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.spy.calls(), [Call::Load, Call::Destroy]);
    assert!(world.browser.held().is_none(), "the removal cookie goes out with the error");
    assert_eq!(world.records(), 0);
}
