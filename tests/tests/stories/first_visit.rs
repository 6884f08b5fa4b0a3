//! No cookie and no record before the first write.

use http::StatusCode;
use serde_json::json;
use session_runtime::Start;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn a_visitor_who_writes_nothing_gets_neither_cookie_nor_record() {
    let world = World::new();
    for script in [
        "",
        "load",
        "load-readonly",
        "load; read anything; forget anything",
        "regenerate",
        "logout; invalidate",
    ] {
        let answer = world.browser.run(script).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.sent_no_cookie(), "{script:?}");
    }
    assert_eq!(world.records(), 0);
    assert!(world.spy.calls().is_empty(), "the driver was never asked: {:?}", world.spy.calls());
}

#[tokio::test]
async fn the_first_write_creates_one_record_and_one_cookie() {
    let world = World::new();
    let answer = world.browser.run("increment").await;
    assert_eq!(answer.set_cookies().len(), 1);
    assert_eq!(answer.fact("fresh"), json!(true));
    assert_eq!(world.spy.calls(), [Call::Create]);
    assert_eq!(world.records(), 1);
    let held = world.browser.held().unwrap();
    assert!(held.is_secure() && held.is_http_only() && held.is_host_only());

    let answer = world.browser.run("increment").await;
    assert_eq!((answer.fact("views"), answer.fact("fresh")), (json!(2), json!(false)));
    assert!(answer.sent_no_cookie(), "a commit without rotation sends no cookie");
}

#[tokio::test]
async fn the_cookie_has_the_documented_attributes() {
    let world = World::new();
    let line = world.browser.run("increment").await.cookie_line().unwrap();
    let token = world.browser.token();
    assert_eq!(line, format!("__Host-id={token}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000"));
}

#[tokio::test]
async fn a_handler_that_does_not_ask_costs_no_call_and_no_header() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.forget();
    let answer = world.browser.run("").await;
    assert!(world.spy.calls().is_empty());
    assert!(answer.headers().is_empty(), "{:?}", answer.headers());
}

#[tokio::test]
async fn the_older_habit_starts_a_session_on_the_first_request() {
    let world = World::with(|builder| builder.start(Start::OnFirstRequest));
    let answer = world.browser.run("").await;
    assert!(answer.cookie_line().is_some());
    assert_eq!(world.records(), 1);
    world.browser.run("").await;
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn several_extractions_in_one_request_share_one_read() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.forget();
    world.browser.run("load; load-readonly; load; read views").await;
    assert_eq!(world.spy.calls(), [Call::Load]);
}
