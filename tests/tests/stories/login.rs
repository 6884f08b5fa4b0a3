//! Login and elevation replace the secret in place; a login as somebody else starts anew.

use serde_json::json;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn the_first_login_replaces_the_secret_and_keeps_the_session() {
    let world = World::new();
    world.browser.run("increment; push tea").await;
    let before = world.browser.token();
    world.browser.run("login 42").await;
    let after = world.browser.token();
    assert_ne!(before[22..], after[22..], "the verifier is new");
    assert_eq!(before[..21], after[..21], "the selector stays");
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(42), json!(["tea"])));
}

#[tokio::test]
async fn a_login_again_and_an_elevation_replace_the_secret_too() {
    let world = World::new();
    world.browser.run("login 42").await;
    for script in ["login 42", "elevate", "regenerate"] {
        let before = world.browser.token();
        let authenticated = world.browser.run("load").await.fact("authenticated");
        world.later(1);
        world.browser.run(script).await;
        assert_ne!(before, world.browser.token(), "{script}");
        let now = world.browser.run("load").await.fact("authenticated");
        assert_eq!(now != authenticated, script != "regenerate", "{script}");
    }
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn the_old_secret_is_superseded_for_a_minute_and_a_strangers_afterwards() {
    let world = World::new();
    world.browser.run("increment").await;
    let old = world.stranger_with_our_cookie();
    world.browser.run("login 42").await;
    let answer = old.run("load; increment").await;
    assert_eq!(
        (answer.fact("user"), answer.fact("views")),
        (json!(null), json!(1)),
        "empty but for its own write"
    );
    assert!(answer.sent_no_cookie(), "an answer to an old request does not touch the new cookie");
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1), "its write is dropped");

    world.later(60);
    let answer = old.run("increment").await;
    assert_eq!(answer.fact("views"), json!(1));
    assert!(answer.cookie_line().is_some(), "no session: a write begins a new one");
    assert_eq!(world.records(), 2);
}

#[tokio::test]
async fn a_fixed_token_is_worth_nothing_after_the_login() {
    // The attacker plants his own session in the victim's browser before the login.
    let world = World::new();
    let attacker = world.stranger();
    attacker.run("increment").await;
    world.browser.put_cookie(&format!("__Host-id={}; Path=/; Secure", attacker.token())).unwrap();
    world.browser.run("login 42").await;
    let answer = attacker.run("load").await;
    assert_eq!((answer.fact("user"), answer.fact("views")), (json!(null), json!(0)));
    world.later(61);
    assert_eq!(attacker.run("load").await.fact("user"), json!(null));
}

#[tokio::test]
async fn a_login_as_somebody_else_destroys_the_session_and_keeps_what_survives() {
    let world = World::new();
    world.browser.run("login 1; theme dark; push tea; increment").await;
    let before = world.browser.token();
    world.browser.run("login 2").await;
    let after = world.browser.token();
    assert_ne!(before[..21], after[..21], "a new selector");
    let answer = world.browser.run("load").await;
    assert_eq!(answer.fact("user"), json!(2));
    assert_eq!(answer.fact("all"), json!({ "theme": "dark" }));
    assert_eq!(world.records(), 1);
}

#[tokio::test]
async fn a_first_visit_that_logs_in_creates_one_record() {
    let world = World::new();
    let answer = world.browser.run("login 42; increment").await;
    assert_eq!(answer.fact("user"), json!(42));
    assert_eq!(world.records(), 1);
    assert_eq!(world.spy.calls(), [Call::Members, Call::Create, Call::Members]);
}

#[tokio::test]
async fn a_revocation_during_a_login_ends_the_login() {
    use session_runtime::JsonText;
    use session_runtime::drivers::Driver as _;
    use session_runtime::record::{Principal, PrincipalKey};
    use session_runtime::testing::{Fault, Gate};

    for first in ["", "increment"] {
        let world = World::new();
        world.browser.run(first).await;
        let gate = Gate::closed();
        for call in [Call::Create, Call::Apply] {
            world.spy.fail(call, Fault::HeldBefore(gate.clone()));
        }
        let login = tokio::spawn(world.browser.begin("login 42"));
        gate.reached().await;
        let principal: PrincipalKey = *Principal::new(JsonText::parse("42").unwrap()).key();
        world.spy.driver().revoke_all(&principal, None).await.unwrap();
        gate.open();
        let answer = login.await.unwrap().unwrap();
        assert!(answer.sent_no_cookie());
        world.spy.recover();
        assert_eq!(world.records(), 0, "the session ended itself");
    }
}

#[tokio::test]
async fn the_principal_is_written_by_login_and_logout_only() {
    use session_runtime::{Session, SessionError};
    use session_tests::stage::Shop;

    let world = World::new();
    let session: Session<Shop> = world.sessions.create().await.unwrap();
    session.user().login(42).unwrap();
    for refused in [
        session.put("user", 7).unwrap_err(),
        session.put("user.name", 7).unwrap_err(),
        session.forget("user").unwrap_err(),
        session.increment("user").unwrap_err(),
        session.get::<u64>("user").unwrap_err(),
        session.fill(Shop { user: Some(7), ..session.snapshot().unwrap() }).unwrap_err(),
    ] {
        assert!(matches!(refused, SessionError::Reserved { .. }), "{refused:?}");
    }
    assert!(session.clear().is_ok());
    assert_eq!(session.user().get().unwrap(), Some(42));
    assert!(!session.all().contains_key("user"));
}
