//! No renewal reaches across a change of privilege: every secret from before it is closed at once.

use serde_json::json;
use session_tests::stage::{Acts as _, Browser, Says as _, World};

use super::stage::{EVERY, Log, Renews as _, STORES, configured, has_new_secret, holder, world};

/// Three secrets of one session: retired, previous, present.
async fn three_secrets(world: &World) -> [Browser; 3] {
    world.browser.run("login 42").await;
    let retired = world.browser.renew(world).await;
    let previous = world.browser.renew(world).await;
    [holder(world, &retired), holder(world, &previous), world.stranger_with_our_cookie()]
}

async fn closes_all(store: &str, act: impl AsyncFnOnce(&World)) -> (World, Log) {
    let (world, log) = world(store);
    let secrets = three_secrets(&world).await;
    act(&world).await;
    for (name, holder) in ["retired", "previous", "present"].iter().zip(&secrets) {
        assert!(!holder.is_in().await, "{store}: the {name} secret from before");
        let answer = holder.run("load; increment").await;
        assert_eq!(answer.fact("user"), json!(null), "{store}: the {name} secret from before");
    }
    (world, log)
}

#[tokio::test]
async fn no_grace_crosses_a_login() {
    for store in STORES {
        let (world, _) = closes_all(store, async |world| drop(world.browser.run("login 42").await)).await;
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn no_grace_crosses_an_elevation() {
    for store in STORES {
        for script in ["elevate", "regenerate"] {
            let (world, _) = closes_all(store, async |world| drop(world.browser.run(script).await)).await;
            assert!(world.browser.is_in().await, "{store}: {script}");
        }
    }
}

#[tokio::test]
async fn no_grace_crosses_a_logout() {
    for store in STORES {
        for script in ["logout", "login 43"] {
            let (world, _) = closes_all(store, async |world| drop(world.browser.run(script).await)).await;
            assert!(!world.browser.is_in().await, "{store}: {script}");
        }
    }
}

#[tokio::test]
async fn no_grace_crosses_a_revocation() {
    for store in STORES {
        let revoke = async |world: &World| {
            world.sessions.of(&42).unwrap().revoke_all().await.unwrap();
        };
        let (world, _) = closes_all(store, revoke).await;
        assert!(!world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_slow_request_with_the_previous_secret_never_takes_the_logins_cookie_away() {
    for store in STORES {
        for script in ["login 42", "elevate", "regenerate"] {
            let (world, _) = world(store);
            world.browser.run("login 42").await;
            let previous = holder(&world, &world.browser.renew(&world).await);
            world.browser.run(script).await;
            let slow = previous.run("load; increment").await;
            assert!(slow.sent_no_cookie(), "{store}: after `{script}` it is known, and gets none");
            assert_eq!(world.records(), 1, "{store}: and no session of its own");
        }
    }
}

#[tokio::test]
async fn a_login_in_the_same_request_is_no_renewal() {
    for store in STORES {
        let (world, log) = world(store);
        world.browser.run("login 42").await;
        for script in
            ["login 42", "elevate", "regenerate", "elevate; commit", "regenerate; commit; increment"]
        {
            world.later(EVERY);
            log.take();
            let old = world.browser.token();
            world.browser.run(script).await;
            assert!(!log.take().contains(&"session.renewed"), "{store}: `{script}`");
            assert!(!holder(&world, &old).is_in().await, "{store}: `{script}` closes the old secret");
            assert!(world.browser.is_in().await, "{store}: `{script}`");
        }
    }
}

#[tokio::test]
async fn a_renewal_that_comes_after_a_change_of_privilege_is_dropped() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        world.later(EVERY);
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("load; at-gate slow"));
        gate.reached().await;
        world.browser.run("elevate").await;
        let elevated = world.browser.token();
        gate.open();
        let slow = slow.await.unwrap().unwrap();
        assert!(!has_new_secret(&slow), "{store}");
        assert_eq!(elevated, world.browser.token());
        assert!(world.browser.is_in().await, "{store}");
    }
}

#[tokio::test]
async fn a_failure_that_keeps_its_work_renews_nothing() {
    for store in STORES {
        let (world, _) = configured(store, |builder| builder.commit_on_error(true));
        world.browser.run("login 42").await;
        world.later(EVERY);
        let answer = world.browser.run("increment; status 500").await;
        assert!(answer.sent_no_cookie(), "{store}");
        assert_eq!(world.browser.run("load").await.fact("views"), json!(1), "{store}");
    }
}
