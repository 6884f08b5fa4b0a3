//! Commits that overlap with each other, with other writes, or with the end of the request.

use serde_json::json;
use session_runtime::testing::{Call, Fault, Gate};
use session_runtime::{Outcome, SessionError};

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn a_commit_waits_for_one_of_the_same_request_that_nobody_waits_for() {
    let world = World::new();
    let gate = Gate::closed();
    world.spy.fail(Call::Create, Fault::HeldBefore(gate.clone()));
    let request = tokio::spawn(world.browser.begin("increment; abandon-commit; increment"));
    gate.reached().await;
    tokio::task::yield_now().await;
    gate.open();
    let answer = request.await.unwrap().unwrap();
    assert_eq!(answer.said(), [json!(1), json!(false), json!(2)]);
    assert_eq!(world.records(), 1, "not one per commit");
    world.browser.deliver(&answer);
    world.sessions.drained().await;
    assert_eq!(world.browser.run("load").await.fact("views"), json!(2));
}

#[tokio::test]
async fn a_commit_that_is_held_without_being_polled_holds_up_no_other() {
    let world = World::new();
    let session = world.sessions.create::<session_tests::stage::Shop>().await.unwrap();
    session.views().increment().unwrap();
    let gate = Gate::closed();
    world.spy.fail(Call::Create, Fault::HeldBefore(gate.clone()));
    let mut held = std::pin::pin!(session.commit());
    let once =
        |context: &mut std::task::Context<'_>| std::task::Poll::Ready(held.as_mut().poll(context).is_ready());
    assert!(!std::future::poll_fn(once).await);
    gate.open();
    session.views().increment().unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Committed);
    assert_eq!(held.await.unwrap(), Outcome::Created);
    assert_eq!((world.records(), session.views().get().unwrap()), (1, 2));
}

#[tokio::test]
async fn a_lost_answer_that_nobody_waited_for_fails_the_request() {
    // Another commit of the request tells of itself only.
    for script in ["increment; abandon-commit", "increment; abandon-commit; commit"] {
        let world = World::new();
        world.browser.run("increment").await;
        world.spy.fail(Call::Apply, Fault::AnswerLate);
        let answer = world.browser.run(script).await;
        assert_eq!(answer.status(), http::StatusCode::SERVICE_UNAVAILABLE, "{script}");
        world.spy.recover();
        let answer = world.browser.run("increment; commit").await;
        assert_eq!(answer.status(), http::StatusCode::OK, "{script}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_not_forgotten_over_a_commit_that_is_stored() {
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.fail(Call::Apply, Fault::AnswerLate);
    let gate = world.script.gate("lost");
    let script = "increment; abandon-commit; at-gate lost; increment; commit";
    let request = tokio::spawn(world.browser.begin(script));
    gate.reached().await;
    world.sessions.drained().await;
    world.spy.recover();
    gate.open();
    let answer = request.await.unwrap().unwrap();
    assert_eq!(answer.status(), http::StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.browser.run("load").await.fact("views"), json!(3), "both were stored");
}

#[tokio::test]
async fn a_reload_beside_a_commit_is_no_look_back() {
    let world = World::new();
    let session = world.sessions.create::<session_tests::stage::Shop>().await.unwrap();
    session.views().increment().unwrap();
    session.commit().await.unwrap();
    session.regenerate().unwrap();
    let (applying, loading) = (Gate::closed(), Gate::closed());
    world.spy.fail(Call::Apply, Fault::HeldBefore(applying.clone()));
    world.spy.fail(Call::Load, Fault::HeldAfter(loading.clone()));
    let turns = async || {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    };
    let opening = async {
        applying.reached().await;
        turns().await;
        applying.open();
        turns().await;
        loading.open();
    };
    let (committed, reloaded, ()) = tokio::join!(session.commit(), session.reload(), opening);
    assert_eq!((committed.unwrap(), reloaded.unwrap()), (Outcome::Committed, ()));
    assert_eq!(session.views().get().unwrap(), 1);
    world.spy.recover();

    // The commit begins while the reload is on its way.
    session.regenerate().unwrap();
    let loading = Gate::closed();
    world.spy.fail(Call::Load, Fault::HeldAfter(loading.clone()));
    let committing = async {
        loading.reached().await;
        let outcome = session.commit().await.unwrap();
        loading.open();
        outcome
    };
    let (reloaded, committed) = tokio::join!(session.reload(), committing);
    assert_eq!((reloaded.unwrap(), committed), ((), Outcome::Committed));
    session.views().increment().unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Committed);
    assert_eq!(session.views().get().unwrap(), 2);
}

#[tokio::test]
async fn what_is_updated_while_a_clearing_commit_is_refused_is_stored_with_the_next() {
    let world = World::new();
    let session = world.sessions.create::<session_tests::stage::Shop>().await.unwrap();
    session.views().set(5).unwrap();
    session.small().set(1).unwrap();
    session.commit().await.unwrap();
    let gate = Gate::closed();
    world.spy.fail(Call::Apply, Fault::HeldBefore(gate.clone()));
    session.clear().unwrap();
    session.put("large", "x".repeat(2 << 20)).unwrap();
    let meanwhile = async {
        gate.reached().await;
        session.views().update(|views| *views += 1).unwrap();
        gate.open();
    };
    let (refused, ()) = tokio::join!(session.commit(), meanwhile);
    assert!(matches!(refused.unwrap_err(), SessionError::TooLarge { .. }));
    session.forget("large").unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Committed);
    session.reload().await.unwrap();
    assert_eq!(serde_json::Value::Object(session.all()), json!({ "views": 1 }));
}

#[tokio::test]
async fn commits_of_one_request_follow_one_another() {
    let world = World::new();
    let session = world.sessions.create::<session_tests::stage::Shop>().await.unwrap();
    session.views().increment().unwrap();
    session.user().login(42).unwrap();
    let gate = Gate::closed();
    world.spy.fail(Call::Create, Fault::HeldBefore(gate.clone()));
    let opens = async {
        gate.reached().await;
        gate.open();
    };
    let (first, second, third, ()) =
        tokio::join!(session.commit(), session.commit(), session.commit(), opens);
    assert_eq!(first.unwrap(), Outcome::Created);
    assert_eq!((second.unwrap(), third.unwrap()), (Outcome::Unchanged, Outcome::Unchanged));
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn an_update_recorded_while_a_commit_is_on_its_way_is_computed_anew_on_what_it_led_to() {
    let world = World::new();
    world.browser.run("increment").await;
    let token = session_runtime::Token::parse(world.browser.token()).unwrap();
    let session = world.sessions.open::<session_tests::stage::Shop>(token).await.unwrap();
    session.views().increment().unwrap();
    world.stranger_with_our_cookie().run("increment").await;
    let gate = Gate::closed();
    world.spy.fail(Call::Apply, Fault::HeldBefore(gate.clone()));
    let meanwhile = async {
        gate.reached().await;
        // The request sees 2 here; the store will say 3.
        assert_eq!(session.views().update(|views| *views *= 10).unwrap(), ());
        gate.open();
    };
    let (first, ()) = tokio::join!(session.commit(), meanwhile);
    assert_eq!(first.unwrap(), Outcome::Committed);
    assert_eq!(session.commit().await.unwrap(), Outcome::Committed);
    assert_eq!(session.views().get().unwrap(), 30);
}

#[tokio::test]
async fn a_panic_in_a_commit_that_nobody_waits_for_does_not_hold_up_the_shutdown() {
    let world = World::new();
    world.browser.run("push milk").await;
    let token = session_runtime::Token::parse(world.browser.token()).unwrap();
    let session = world.sessions.open::<session_tests::stage::Shop>(token).await.unwrap();
    let mut runs = 0;
    let update = session.cart().update(move |_| {
        runs += 1;
        assert!(runs == 1, "the replay panics");
    });
    update.unwrap();
    session.cart().update(|cart| cart.push("tea".into())).unwrap();
    world.stranger_with_our_cookie().run("push bread").await;
    let gate = Gate::closed();
    world.spy.fail(Call::Apply, Fault::HeldBefore(gate.clone()));
    let commit = tokio::spawn(session.commit());
    gate.reached().await;
    commit.abort();
    assert!(commit.await.unwrap_err().is_cancelled());
    gate.open();
    world.sessions.drained().await;
    assert_eq!(world.browser.run("load").await.fact("cart"), json!(["milk", "bread"]));
}

#[tokio::test]
async fn an_endless_deadline_for_updates_is_no_panic() {
    let world = World::with(|builder| builder.update_deadline(std::time::Duration::MAX));
    world.browser.run("push milk").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("push tea; at-gate slow"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("push bread").await;
    gate.open();
    assert_eq!(slow.await.unwrap().unwrap().status(), http::StatusCode::OK);
}

#[tokio::test]
async fn who_loads_the_session_only_after_the_head_may_read_and_not_write() {
    use http::Request;
    use http_body_util::Full;
    use hyper::service::{Service as _, service_fn};
    use session_runtime::Session;

    let world = World::new();
    world.browser.run("increment").await;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = std::sync::Mutex::new(Some(sender));
    let handler = |request: Request<Full<bytes::Bytes>>| {
        let (parts, _) = request.into_parts();
        sender.lock().unwrap().take().unwrap().send(parts).unwrap();
        std::future::ready(Ok::<_, SessionError>(http::Response::new(Full::<bytes::Bytes>::default())))
    };
    let cookie = format!("__Host-id={}", world.browser.token());
    let request = Request::builder().header("cookie", cookie).body(Full::default()).unwrap();
    world.sessions.service(service_fn(handler)).call(request).await.unwrap();
    let session = Session::<session_tests::stage::Shop>::load(&receiver.await.unwrap()).await.unwrap();
    assert_eq!(session.views().get().unwrap(), 1);
    assert!(matches!(session.views().increment().unwrap_err(), SessionError::Committed));
    assert!(matches!(session.cart().update(Vec::clear).unwrap_err(), SessionError::Committed));
    assert!(matches!(session.commit().await.unwrap_err(), SessionError::Committed));
}
