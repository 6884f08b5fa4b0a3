//! Handlers that fail, drivers that fail, clients that go away: what is kept, what is dropped, what is answered.

use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::json;
use session_runtime::testing::{Call, Fault, Gate};
use session_runtime::{SessionError, SessionService};

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn a_5xx_or_a_handler_error_keeps_endings_only() {
    for failure in ["status 500", "status 503", "error"] {
        for dropped in
            ["increment", "login 42", "login 7", "elevate", "regenerate", "push tea; theme dark", "clear"]
        {
            let world = World::new();
            world.browser.run("login 7; theme blue; push milk; commit").await;
            let token = world.browser.token();
            let answer = world.browser.run(&format!("{dropped}; {failure}")).await;
            assert!(answer.status().is_server_error());
            assert!(answer.sent_no_cookie(), "{dropped}; {failure}");
            assert_eq!(world.browser.token(), token);
            let answer = world.browser.run("load").await;
            assert_eq!(answer.fact("user"), json!(7));
            assert_eq!(
                answer.fact("all"),
                json!({ "cart": ["milk"], "theme": "blue" }),
                "{dropped}; {failure}"
            );
        }
        for ending in ["logout", "increment; theme dark; logout; login 9; push tea", "logout; increment"] {
            let world = World::new();
            world.browser.run("login 7; theme blue; push milk").await;
            world.browser.run(&format!("{ending}; {failure}")).await;
            let answer = world.browser.run("load").await;
            assert_eq!(answer.fact("user"), json!(null));
            assert_eq!(answer.fact("all"), json!({ "theme": "blue" }), "{ending}; {failure}");
        }
        let world = World::new();
        world.browser.run("login 7; theme blue").await;
        world.browser.run(&format!("invalidate; increment; {failure}")).await;
        assert!(world.browser.held().is_none());
        assert_eq!(world.records(), 0);
    }
}

#[tokio::test]
async fn a_4xx_keeps_everything() {
    let world = World::new();
    world.browser.run("increment; login 42; status 422").await;
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("views"), answer.fact("user")), (json!(1), json!(42)));
}

#[tokio::test]
async fn commit_on_error_keeps_everything_after_a_5xx_too() {
    let world = World::with(|builder| builder.commit_on_error(true));
    world.browser.run("increment; login 42; status 500").await;
    world.browser.run("increment; error").await;
    assert_eq!(world.browser.run("load").await.fact("views"), json!(2));
}

#[tokio::test]
async fn a_panic_in_the_handler_commits_nothing() {
    let world = World::new();
    world.browser.run("increment").await;
    let lost = tokio::spawn(world.browser.begin("increment; logout; panic")).await;
    assert!(lost.unwrap_err().is_panic());
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test]
async fn a_request_dropped_before_the_commit_began_commits_nothing() {
    let world = World::new();
    world.browser.run("increment").await;
    let gate = world.script.gate("slow");
    let request = tokio::spawn(world.browser.begin("increment; logout; at-gate slow"));
    gate.reached().await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test]
async fn a_commit_once_begun_runs_to_its_end_and_shutdown_waits_for_it() {
    for script in ["increment", "increment; commit"] {
        let world = World::new();
        world.browser.run("increment").await;
        let gate = Gate::closed();
        world.spy.fail(Call::Apply, Fault::HeldBefore(gate.clone()));
        let request = tokio::spawn(world.browser.begin(script));
        gate.reached().await;
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        let drained = tokio::spawn({
            let sessions = world.sessions.clone();
            async move { sessions.drained().await }
        });
        tokio::task::yield_now().await;
        assert!(!drained.is_finished(), "{script}");
        gate.open();
        drained.await.unwrap();
        world.spy.recover();
        assert_eq!(world.browser.run("load").await.fact("views"), json!(2), "{script}");
    }
}

#[tokio::test]
async fn a_driver_that_fails_to_load_is_a_503_and_nobody_is_logged_out() {
    let world = World::new();
    world.browser.run("login 42").await;
    let token = world.browser.token();
    for (fault, status) in [
        (Fault::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Full, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Corrupt, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        world.spy.fail(Call::Load, fault);
        let answer = world.browser.run("load; logout").await;
        assert_eq!(answer.status(), status);
        assert!(answer.sent_no_cookie());
        assert!(answer.body().is_empty(), "no error text goes to the client");
        assert_eq!(answer.header("vary"), Some("cookie"));
        world.spy.recover();
        assert_eq!(world.browser.run("load").await.fact("user"), json!(42));
    }
    assert_eq!(world.browser.token(), token);
}

#[tokio::test]
async fn a_driver_that_fails_to_commit_is_a_503_and_the_cookie_stays() {
    let world = World::new();
    world.browser.run("login 42").await;
    let token = world.browser.token();
    for (script, call) in [("increment", Call::Apply), ("regenerate", Call::Apply), ("logout", Call::Destroy)]
    {
        world.spy.fail(call, Fault::Unavailable);
        let answer = world.browser.run(script).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{script}");
        assert!(answer.sent_no_cookie() && answer.body().is_empty());
        world.spy.recover();
        assert_eq!(world.browser.token(), token);
        assert_eq!(world.browser.run("load").await.fact("user"), json!(42), "{script}");
    }
    assert_eq!(world.browser.run("load").await.fact("views"), json!(0));
    let stranger = world.stranger();
    world.spy.fail(Call::Create, Fault::Full);
    assert_eq!(stranger.run("increment").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(stranger.held().is_none());
}

#[tokio::test]
async fn a_lost_answer_is_reported_as_unknown_and_never_sent_again() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.fail(Call::Apply, Fault::AnswerLost);
    world.spy.forget();
    let answer = world.browser.run("increment; commit").await;
    assert_eq!(
        answer.said(),
        [json!(2), json!("the session store is unavailable (it is unknown whether the change was applied)")]
    );
    assert_eq!(world.spy.calls(), [Call::Load, Call::Apply], "once, by the explicit commit");
    world.spy.recover();
    assert_eq!(world.browser.run("load").await.fact("views"), json!(2));
}

#[tokio::test]
async fn an_explicit_commit_that_certainly_failed_is_made_up_for_at_the_end() {
    let world = World::new();
    world.browser.run("increment").await;
    let gate = world.script.gate("slow");
    world.spy.fail(Call::Apply, Fault::Unavailable);
    let request = tokio::spawn(world.browser.begin("increment; commit; at-gate slow; increment"));
    gate.reached().await;
    world.spy.recover();
    gate.open();
    assert_eq!(request.await.unwrap().unwrap().status(), StatusCode::OK);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(3));
}

#[tokio::test]
async fn a_hook_can_replace_the_failures_answer() {
    let world = World::new();
    world.browser.run("increment").await;
    let service: SessionService<_, _> =
        world.sessions.service(world.script.clone()).on_failure(|error: &SessionError| {
            let mut response = Response::new(Full::from("back soon"));
            *response.status_mut() = error.status();
            response
        });
    let client = session_runtime::testing::TestClient::new(service, world.browser.jar().clone());
    world.spy.fail(Call::Apply, Fault::Unavailable);
    let answer = client.post("/").body("increment").send().await.unwrap();
    assert_eq!((answer.status(), answer.text().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "back soon"));
    let answer = client.post("/").body("error").send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "back soon", "a handler's session error is answered by the hook too");
}

#[tokio::test]
async fn a_handler_without_a_session_service_learns_which_call_is_missing() {
    let request = http::Request::new(());
    let error = session_runtime::Session::<session_runtime::Untyped>::load(&request).await.unwrap_err();
    assert!(matches!(error, SessionError::NoService));
    assert!(error.to_string().contains("sessions.service(..)"));
}
