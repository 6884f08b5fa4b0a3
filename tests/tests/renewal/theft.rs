//! An old copy of the cookie: what it opens, what is told of it, and what comes of it.

use serde_json::{Value, json};
use session_runtime::Untyped;
use session_tests::stage::{Acts as _, Says as _, World};

use super::stage::{EVERY, GRACE, Renews as _, STORES, holder, strict, world};

#[tokio::test]
async fn a_replayed_secret_opens_nothing_and_is_told() {
    for store in STORES {
        let (world, log) = world(store);
        world.browser.run("login 42").await;
        let retired = holder(&world, &world.browser.renew(&world).await);
        let previous = holder(&world, &world.browser.renew(&world).await);
        world.browser.run("load").await;
        world.later(GRACE);
        log.take();
        for (name, thief) in [("retired", &retired), ("previous, after its grace", &previous)] {
            let answer = thief.run("load-readonly").await;
            assert_eq!(answer.fact("user"), json!(null), "{store}: {name}");
            assert_eq!(log.take(), ["session.replayed"], "{store}: {name}");
        }
        assert!(world.browser.is_in().await, "{store}: its owner is not harmed");
    }
}

#[tokio::test]
async fn a_replayed_secret_ends_the_session_where_that_is_chosen() {
    for store in STORES {
        for script in ["login 42", "increment"] {
            let (world, log) = strict(store);
            world.browser.run(script).await;
            let thief = holder(&world, &world.browser.renew(&world).await);
            world.browser.run("load").await;
            world.later(GRACE);
            log.take();
            let answer = thief.run("load; increment").await;
            assert_eq!(answer.fact("user"), json!(null), "{store}");
            assert!(
                answer.sent_no_cookie(),
                "{store}: and no new session in the place of the one just ended"
            );
            let told = log.take();
            assert_eq!(told[..2], ["session.replayed", "replay"], "{store}: {told:?}");
            assert_eq!(world.records(), 0, "{store}: of `{script}`");
            assert!(!world.browser.is_in().await, "{store}");
        }
    }
}

#[tokio::test]
async fn who_never_had_a_secret_of_the_session_ends_nothing() {
    for store in STORES {
        let (world, log) = strict(store);
        world.browser.run("login 42").await;
        world.browser.renew(&world).await;
        world.browser.run("load").await;
        world.later(EVERY / 2);
        log.take();
        let forged = format!("{}{}A", &world.browser.token()[..22], "b".repeat(20));
        holder(&world, &forged).run("load; increment; logout").await;
        assert_eq!(log.take()[0], "session.unrecognised", "{store}");
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_slow_tab_after_a_login_is_no_thief() {
    for store in STORES {
        let (world, log) = strict(store);
        world.browser.run("increment").await;
        let retired = holder(&world, &world.browser.renew(&world).await);
        let previous = holder(&world, &world.browser.renew(&world).await);
        let present = world.stranger_with_our_cookie();
        world.browser.run("login 42").await;
        world.later(GRACE / 2);
        log.take();
        for tab in [&retired, &previous, &present] {
            tab.run("load; increment").await;
        }
        assert!(!log.take().iter().any(|told| ["session.replayed", "replay"].contains(told)), "{store}");
        assert!(world.browser.is_in().await, "{store}");
    }
}

/// Signs in, and has the secret renewed, confirmed, and the one before it past its grace; that one.
async fn retired(world: &World) -> String {
    world.browser.run("login 42").await;
    let old = world.browser.renew(world).await;
    world.browser.run("load").await;
    world.later(GRACE);
    old
}

/// Who is signed in for a browser that sends all of these.
async fn user_with(world: &World, tokens: &[&String]) -> Value {
    let cookies: Vec<_> = tokens.iter().map(|token| format!("__Host-id={token}")).collect();
    let request = world.stranger().post("/").header(http::header::COOKIE, cookies.join("; "));
    request.body("load-readonly".to_owned()).send().await.unwrap().fact("user")
}

#[tokio::test]
async fn a_browser_that_holds_both_is_no_thief() {
    for store in STORES {
        let (world, log) = strict(store);
        let old = retired(&world).await;
        log.take();
        let new = world.browser.token();
        for tokens in [[&old, &new], [&new, &old]] {
            assert_eq!(user_with(&world, &tokens).await, json!(42), "{store}");
        }
        assert_eq!(log.take(), [""; 0], "{store}");
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn nor_is_one_that_holds_a_newer_session_too() {
    for store in STORES {
        let (world, log) = strict(store);
        let old = retired(&world).await;
        let newer = world.stranger();
        newer.run("login 7").await;
        let (new, newer) = (world.browser.token(), newer.token());
        log.take();
        let orders = [[&old, &new, &newer], [&newer, &old, &new], [&new, &newer, &old], [&newer, &new, &old]];
        for tokens in orders {
            assert_eq!(user_with(&world, &tokens).await, json!(7), "{store}");
            assert_eq!(log.take(), ["session.several_valid"], "{store}");
        }
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_long_request_that_looks_again_is_no_thief_of_its_own_session() {
    for store in STORES {
        let (world, log) = strict(store);
        world.browser.run("login 42").await;
        let gate = world.script.gate("long");
        let request = tokio::spawn(world.browser.begin("increment; at-gate long; reload; increment"));
        gate.reached().await;
        world.browser.renew(&world).await;
        world.browser.run("theme dark").await;
        world.later(GRACE * 2);
        log.take();
        gate.open();
        let answer = request.await.unwrap().unwrap();
        assert_eq!((answer.fact("user"), answer.fact("theme")), (json!(42), json!("dark")), "{store}");
        assert!(!log.take().iter().any(|told| ["session.replayed", "replay"].contains(told)), "{store}");
        assert_eq!(world.browser.run("load").await.fact("views"), json!(2), "{store}");
    }
}

#[tokio::test]
async fn only_a_request_brings_a_replay() {
    for store in STORES {
        let (world, log) = strict(store);
        let old = retired(&world).await;
        log.take();
        let token = session_runtime::Token::parse(&old).unwrap();
        let opened = world.sessions.open::<Untyped>(token).await.unwrap();
        assert!(opened.is_empty(), "{store}: it opens nothing");
        assert!(!log.take().contains(&"session.replayed"), "{store}");
        assert!(world.browser.is_in().await, "{store}: and ends nothing");
    }
}

#[tokio::test]
async fn where_the_end_cannot_be_stored_the_request_fails() {
    for store in STORES {
        let (world, _) = strict(store);
        world.browser.run("login 42").await;
        let thief = holder(&world, &world.browser.renew(&world).await);
        world.browser.run("load").await;
        world.later(GRACE);
        world.spy.fail(session_runtime::testing::Call::Destroy, session_runtime::testing::Fault::Unavailable);
        assert_eq!(thief.run("load").await.status(), 503, "{store}");
        world.spy.recover();
        thief.run("load").await;
        assert!(!world.browser.is_in().await, "{store}");
    }
}
