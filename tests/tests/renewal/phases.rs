//! Two phases: a new secret goes out, and when it comes back the one before gets an end.

use std::time::Duration;

use http::Method;
use serde_json::json;
use session_runtime::Sessions;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, ManualClock};
use session_tests::stage::{Acts as _, Says as _, open};

use super::stage::{EVERY, GRACE, Renews as _, STORES, has_new_secret, holder, world};

#[tokio::test]
async fn a_secret_is_renewed_by_its_age() {
    for store in STORES {
        let (world, log) = world(store);
        world.browser.run("login 42").await;
        log.take();
        world.later(EVERY - 1);
        assert!(world.browser.run("load").await.sent_no_cookie(), "{store}: not yet");
        assert_eq!(log.take(), [""; 0], "{store}");
        world.later(1);
        let old = world.browser.token();
        let answer = world.browser.run("load").await;
        assert!(has_new_secret(&answer) && old != world.browser.token(), "{store}");
        assert_eq!(answer.fact("regenerated"), json!(false), "{store}: the session is the same");
        assert_eq!(log.take(), ["session.committed", "session.renewed"], "{store}");
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn the_previous_secret_loads_until_the_new_one_came_and_a_minute() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        let previous = holder(&world, &world.browser.renew(&world).await);
        world.later(EVERY / 2);
        assert!(previous.is_in().await, "{store}: as long as the new one has not come");
        let answer = previous.run("increment").await;
        assert!(
            answer.fact("user") == 42 && answer.sent_no_cookie(),
            "{store}: it works, and gets no cookie"
        );
        assert!(world.browser.run("load").await.sent_no_cookie(), "{store}: it comes");
        world.later(GRACE - 1);
        assert!(previous.is_in().await, "{store}: for a grace");
        assert_eq!(
            previous.run("increment").await.fact("views"),
            json!(2),
            "{store}: with all that it may do"
        );
        world.later(1);
        assert!(!previous.is_in().await, "{store}: and no longer");
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_lost_response_logs_nobody_out() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        world.later(EVERY);
        let lost = world.browser.begin("increment").await.unwrap();
        assert!(has_new_secret(&lost), "{store}: and nobody sees it");
        for hours in 0..20 {
            assert!(world.browser.is_in().await, "{store}: {hours} hours later");
            assert_eq!(world.browser.run("increment").await.status(), 200);
            world.later(EVERY);
        }
        assert_eq!(world.browser.run("load").await.fact("views"), json!(21), "{store}");
    }
}

#[tokio::test]
async fn an_answer_of_the_store_that_is_lost_logs_nobody_out() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        world.later(EVERY);
        world.spy.fail(Call::Apply, session_runtime::testing::Fault::AnswerLost);
        let answer = world.browser.run("load").await;
        assert_eq!(answer.status(), 503, "{store}");
        assert!(answer.sent_no_cookie(), "{store}: a secret that may not be stored stays here");
        world.spy.recover();
        assert!(world.browser.is_in().await, "{store}");
        world.later(EVERY * 2);
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_renewal_keeps_forms_and_login_time() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42; theme dark").await;
        let before = world.browser.run("load").await;
        let key = world.browser.peek::<session_runtime::Untyped>(&world.sessions).await.unwrap();
        let token = key.csrf_token().unwrap();
        world.browser.renew(&world).await;
        let after = world.browser.run("load").await;
        for fact in ["authenticated", "theme", "id", "user", "selector"] {
            assert_eq!(before.fact(fact), after.fact(fact), "{store}: {fact}");
        }
        let session = world.browser.peek::<session_runtime::Untyped>(&world.sessions).await.unwrap();
        assert!(session.accepts_csrf_token(&token), "{store}: a form from before the renewal");
    }
}

#[tokio::test]
async fn an_update_in_flight_survives_a_renewal() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("increment; push tea; at-gate slow"));
        gate.reached().await;
        world.browser.renew(&world).await;
        world.browser.run("increment; push salt").await;
        gate.open();
        let answer = slow.await.unwrap().unwrap();
        assert_eq!(answer.status(), 200, "{store}");
        assert!(answer.sent_no_cookie(), "{store}: it came with the secret before");
        let now = world.browser.run("load").await;
        assert_eq!((now.fact("views"), now.fact("cart")), (json!(2), json!(["salt", "tea"])), "{store}");
    }
}

#[tokio::test]
async fn a_5xx_a_head_and_a_prefetch_renew_nothing() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        world.later(EVERY);
        for script in ["status 500; increment", "load-readonly", "increment; commit; status 500"] {
            assert!(world.browser.run(script).await.sent_no_cookie(), "{store}: `{script}`");
        }
        let head =
            world.browser.request(Method::HEAD, "/").body("increment".to_owned()).send().await.unwrap();
        assert!(head.sent_no_cookie(), "{store}: HEAD");
        for header in ["purpose", "sec-purpose"] {
            let ahead = world.browser.get("/").header(header, "prefetch").body("increment".to_owned());
            assert!(ahead.send().await.unwrap().sent_no_cookie(), "{store}: {header}");
        }
        assert!(has_new_secret(&world.browser.run("load").await), "{store}: the next one does");
    }
}

/// A driver that never waits has its sessions before the headers are looked at.
#[tokio::test]
async fn a_head_that_takes_long_renews_nothing() {
    let clock = ManualClock::default();
    let driver = MemoryDriver::new().with_clock(clock.clone());
    let (every, grace) = (Duration::from_secs(EVERY), Duration::from_secs(GRACE));
    let builder = Sessions::builder(driver).clock(clock.clone()).renew_every(every).renewal_grace(grace);
    let (script, browser) = open(&builder.build().unwrap(), &clock);
    for header in ["purpose", "accept"] {
        browser.run("login 42").await;
        clock.advance(Duration::from_secs(EVERY - 1));
        let gate = script.gate(header);
        let method = if header == "accept" { Method::HEAD } else { Method::GET };
        let ahead = browser.request(method, "/").header(header, "prefetch");
        let ahead = tokio::spawn(ahead.body(format!("load; at-gate {header}; increment")).start());
        gate.reached().await;
        clock.advance(Duration::from_secs(1));
        gate.open();
        assert!(ahead.await.unwrap().unwrap().sent_no_cookie(), "{header}");
        assert!(has_new_secret(&browser.run("load").await), "{header}: the next one does");
    }
}

#[tokio::test]
async fn what_is_not_due_costs_nothing_and_what_is_costs_one_write() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        let cost = async |script: &str| {
            world.spy.forget();
            world.browser.run(script).await;
            world.spy.calls()
        };
        assert_eq!(cost("load").await, [Call::Load], "{store}: not due");
        world.later(EVERY);
        assert_eq!(cost("load").await, [Call::Load, Call::Apply], "{store}: a renewal");
        assert_eq!(cost("load").await, [Call::Load, Call::Apply], "{store}: a confirmation");
        assert_eq!(cost("load").await, [Call::Load], "{store}: all was done");
        world.later(EVERY);
        assert_eq!(
            cost("increment").await,
            [Call::Load, Call::Apply],
            "{store}: it goes with what is written"
        );
    }
}

#[tokio::test]
async fn two_secrets_of_one_session_are_one_session() {
    for store in STORES {
        let (world, log) = world(store);
        world.browser.run("login 42").await;
        let old = world.browser.renew(&world).await;
        log.take();
        let new = world.browser.token();
        for value in [format!("{old}; __Host-id={new}"), format!("{new}; __Host-id={old}")] {
            let request =
                world.stranger().post("/").header(http::header::COOKIE, format!("__Host-id={value}"));
            let answer = request.body("load".to_owned()).send().await.unwrap();
            assert_eq!(answer.fact("user"), json!(42), "{store}");
        }
        assert_eq!(
            log.take(),
            ["session.committed"],
            "{store}: confirmed once, and no word of several sessions"
        );
    }
}

#[tokio::test]
async fn a_detached_commit_renews_and_confirms_nothing() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        let old = world.browser.token();
        world.later(EVERY);
        world.browser.run("load; hand-out; increment").await;
        let [kept] = &world.script.handed_out()[..] else { unreachable!("one was handed out") };
        let (sessions, clock) = (&world.sessions, &world.clock);
        let token = sessions.token(kept).unwrap();
        // The session of a token that no browser has presented.
        let opened = sessions.open::<session_runtime::Untyped>(token).await.unwrap();
        opened.put("a", 1).unwrap();
        opened.commit().await.unwrap();
        clock.advance(Duration::from_secs(GRACE * 10));
        assert!(holder(&world, &old).is_in().await, "{store}: the one before has no end yet");
    }
}
