//! Why there is no session: expired, ended, replaced, or never there, as far as each driver remembers.

use serde_json::json;
use session_runtime::testing::Call;
use session_tests::stage::{Acts as _, Browser, Says as _, World};

const STORES: [&str; 4] = ["memory", "file", "redis", "cookie"];
const HOUR: u64 = 3_600;

async fn fate(browser: &Browser) -> String {
    browser.run("load-readonly; fate").await.said()[0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn expired_is_told_from_unknown_and_ended() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        assert_eq!(fate(&world.browser).await, "unknown", "{store}: nothing was presented");
        world.browser.run("login 42").await;
        assert_eq!(fate(&world.browser).await, "live", "{store}");
        world.later(2 * HOUR);
        assert_eq!(fate(&world.browser).await, "expired", "{store}");

        world.browser.run("login 42").await;
        let other = world.stranger_with_our_cookie();
        world.browser.run("logout").await;
        assert_eq!(fate(&other).await, "ended", "{store}: logged out");
        assert_eq!(fate(&world.browser).await, "unknown", "{store}: its cookie is gone");

        world.browser.run("login 42").await;
        world.sessions.of(&42).unwrap().revoke_all().await.unwrap();
        assert_eq!(fate(&world.browser).await, "ended", "{store}: revoked");

        let late = world.stranger();
        late.run("login 7").await;
        let value = late.token();
        late.run("elevate").await;
        late.put_cookie(&format!("__Host-id={value}; Path=/; Secure")).unwrap();
        assert_eq!(fate(&late).await, "superseded", "{store}");
    }
}

#[tokio::test]
async fn what_never_was_is_unknown() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42").await;
        let forged = "A".repeat(43);
        let stranger = world.stranger();
        stranger.put_cookie(&format!("__Host-id={forged}; Path=/; Secure")).unwrap();
        assert_eq!(fate(&stranger).await, "unknown", "{store}");
        if store != "cookie" {
            let guess = format!("{}{}A", &world.browser.token()[..22], "b".repeat(20));
            stranger.put_cookie(&format!("__Host-id={guess}; Path=/; Secure")).unwrap();
            assert_eq!(fate(&stranger).await, "unknown", "{store}: to who guesses at a live one");
        }
    }
}

#[tokio::test]
async fn what_a_request_did_itself_it_knows() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        assert_eq!(
            world.browser.run("login 42; fate; commit; fate").await.said(),
            [json!("unknown"), json!("created"), json!("live")],
            "{store}"
        );
        assert_eq!(world.browser.run("logout; fate").await.said(), [json!("ended")], "{store}");
    }
}

#[tokio::test]
async fn the_memory_of_the_expired_is_bounded() {
    for store in ["memory", "file"] {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42").await;
        world.later(2 * HOUR);
        assert_eq!(fate(&world.browser).await, "expired", "{store}: until it is swept");
        world.sessions.sweep(10).await.unwrap();
        assert_eq!(fate(&world.browser).await, "unknown", "{store}");
        assert_eq!(world.records(), 0, "{store}");
    }
}

#[tokio::test]
async fn the_driver_is_asked_by_those_who_want_to_know_and_only_where_it_must() {
    let world = World::on("memory", |builder| builder);
    world.browser.run("login 42").await;
    let asked = async |script: &str| {
        world.spy.forget();
        world.browser.run(script).await;
        world.spy.calls().iter().filter(|call| **call == Call::DestroyedRecently).count()
    };
    assert_eq!(asked("load; fate").await, 0, "it is live");
    world.later(2 * HOUR);
    assert_eq!(asked("load-readonly").await, 0, "nobody wants to know");
    assert_eq!(asked("load-readonly; fate").await, 1);
}

/// A request that comes after the end makes no session, whatever is known of the end.
#[tokio::test]
async fn knowing_why_makes_no_session() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42").await;
        let late = world.stranger_with_our_cookie();
        world.browser.run("logout").await;
        let answer = late.run("load; fate; increment").await;
        assert_eq!(answer.said()[0], json!("ended"), "{store}");
        assert!(answer.sent_no_cookie(), "{store}");
    }
}
