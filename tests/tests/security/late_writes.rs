//! CVE-2025-46336: a request that was slower than the end of its session saved the session anew.

use serde_json::json;
use session_runtime::drivers::Driver as _;
use session_runtime::record::Principal;
use session_runtime::testing::{Call, Fault, Gate};
use session_runtime::{JsonText, Outcome, Token};
use session_tests::stage::{Acts, Says, Shop, World};

use super::stage::{Attacks as _, DRIVERS, STORES, selector_of, world};

/// What a slow request of a session may still do, once that is over.
const LATE: [&str; 8] = [
    "push late",
    "increment; put late",
    "flash late",
    "regenerate",
    "elevate",
    "push late; commit",
    "load",
    "load; clear; put late",
];

/// How a session of user 42 ends, by what its own browser does, another one, or nobody.
const ENDINGS: [&str; 6] =
    ["logout", "invalidate", "login 43; logout", "revoke all", "revoke one", "change the password"];

async fn end(world: &World, how: &str) {
    let sessions = world.sessions.of(&42_u64).unwrap();
    match how {
        "revoke all" => drop(sessions.revoke_all().await.unwrap()),
        "revoke one" => {
            let selector = selector_of(&world.browser).await;
            assert!(sessions.revoke(&selector).await.unwrap());
        }
        "change the password" => {
            let other = world.stranger();
            other.run("login 42").await;
            other.run("credentials-changed").await;
            other.run("logout").await;
        }
        script => drop(world.browser.run(script).await),
    }
}

#[tokio::test]
async fn cve_2025_46336_a_late_write_does_not_recreate() {
    for driver in DRIVERS {
        let world = world(driver);
        for ending in ENDINGS {
            for late in LATE {
                let what = format!("{driver}: {late} after {ending}");
                world.browser.run("push tea; flash hello; login 42").await;
                // Late enough for a touch to be due.
                world.later(3_600);
                let (token, selector) = (world.browser.token(), selector_of(&world.browser).await);
                let gate = world.script.gate(&what.replace([':', ';'], ""));
                let script = format!("load; at-gate {}; {late}", what.replace([':', ';'], ""));
                let slow = tokio::spawn(world.browser.begin(&script));
                gate.reached().await;
                end(&world, ending).await;
                let left = world.records();
                gate.open();
                let answer = slow.await.unwrap().unwrap();
                assert!(answer.status().is_success(), "{what}: {}", answer.status());
                assert!(answer.sent_no_cookie(), "{what}: {:?}", answer.set_cookies());
                assert!(!world.opens(&token).await, "{what}");
                // The store of a cookie driver may remember more of what has ended.
                if driver != "cookie" {
                    assert_eq!(world.records(), left, "{what}: nothing was created");
                    assert_eq!(world.spy.driver().load(&selector).await.unwrap(), None, "{what}");
                }
                world.browser.jar().clear();
            }
        }
    }
}

#[tokio::test]
async fn cve_2025_46336_a_late_commit_says_that_the_session_is_gone() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("push tea; login 42").await;
        let gate = world.script.gate("slow");
        let slow =
            tokio::spawn(world.browser.begin("load; at-gate slow; push late; commit; push later; commit"));
        gate.reached().await;
        world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        gate.open();
        let answer = slow.await.unwrap().unwrap();
        assert_eq!(answer.said()[1], json!("gone"), "{driver}: {:?}", answer.said());
        assert_eq!(answer.said()[3], json!("gone"), "{driver}: {:?}", answer.said());
        assert!(answer.sent_no_cookie(), "{driver}");
    }
}

#[tokio::test]
async fn cve_2025_46336_a_session_that_was_emptied_does_not_come_back() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("put one").await;
        let token = world.browser.token();
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("load; at-gate slow; push late"));
        gate.reached().await;
        world.browser.run("forget one").await;
        gate.open();
        let answer = slow.await.unwrap().unwrap();
        assert!(answer.sent_no_cookie(), "{driver}: {:?}", answer.set_cookies());
        assert!(!world.opens(&token).await, "{driver}");
    }
}

/// A login is no late write: whoever signs in is signed in, with nothing of the session that was ended.
#[tokio::test]
async fn cve_2025_46336_a_late_login_begins_with_nothing() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("push tea; increment; login 42").await;
        let (token, selector) = (world.browser.token(), selector_of(&world.browser).await);
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("load; at-gate slow; push late; login 42"));
        gate.reached().await;
        world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        gate.open();
        let answer = slow.await.unwrap().unwrap();
        world.browser.deliver(&answer);
        assert!(!world.opens(&token).await, "{driver}");
        let answer = world.browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(42), json!(["late"])), "{driver}");
        assert_ne!(answer.fact("selector"), selector.to_string(), "{driver}");
    }
}

/// A request that was sent before the end and is looked at after it: its answer would take the place of whatever cookie the
/// browser got since.
#[tokio::test]
async fn cve_2025_46336_a_late_request_begins_no_new_session() {
    for driver in DRIVERS {
        for ending in ENDINGS {
            let what = format!("{driver}: {ending}");
            let world = world(driver);
            world.browser.run("push tea; login 42").await;
            let token = world.browser.token();
            world.later(1);
            end(&world, ending).await;
            for late in ["push late", "increment; flash late", "put late; commit", "regenerate; put late"] {
                let answer = world.presents(&token, late).await;
                assert!(answer.sent_no_cookie(), "{what}, {late}: {:?}", answer.set_cookies());
            }
            // After a minute it is any visitor's.
            world.later(61);
            assert!(!world.presents(&token, "push late").await.sent_no_cookie(), "{what}");
            assert!(!world.opens(&token).await, "{what}");
        }
    }
}

/// A login that was on its way when all sessions were revoked, from the session that it replaces too: whoever gets the
/// answer is signed out.
#[tokio::test]
async fn cve_2025_46336_no_login_on_its_way_slips_past_a_revocation() {
    for driver in DRIVERS {
        for begun in ["", "increment", "login 42", "login 7"] {
            // What is written first there is the end of the other's session, and the login has not begun.
            if driver == "cookie" && begun == "login 7" {
                continue;
            }
            for by in ["the manager", "another device"] {
                slips_past(driver, begun, by).await;
            }
        }
    }
}

async fn slips_past(driver: &str, begun: &str, by: &str) {
    let what = format!("{driver}: begun with {begun}, by {by}");
    let world = world(driver);
    world.browser.run(begun).await;
    let other = world.stranger();
    other.run("login 42").await;
    let gate = Gate::closed();
    for call in [Call::Create, Call::Apply] {
        world.spy.fail(call, Fault::HeldBefore(gate.clone()));
    }
    let mut login = tokio::spawn(world.browser.begin("login 42"));
    tokio::select! {
        () = gate.reached() => {}
        // What is sealed for the first time is written nowhere.
        answer = &mut login => {
            assert!(driver == "cookie" && begun.is_empty(), "{what}: {answer:?}");
            return;
        }
    }
    world.spy.recover();
    if by == "the manager" {
        world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
    } else {
        let answer = other.run("credentials-changed").await;
        assert!(answer.status().is_success(), "{what}: {}", answer.status());
    }
    gate.open();
    let answer = login.await.unwrap().unwrap();
    assert!(answer.sent_no_cookie(), "{what}: {:?}", answer.set_cookies());
    world.browser.deliver(&answer);
    assert!(world.browser.run("load").await.fact("user").is_null(), "{what}");
    let goes_on = other.run("load").await.fact("user");
    assert_eq!(goes_on == 42, by == "another device", "{what}: {goes_on}");
    if driver != "cookie" {
        let user = Principal::new(JsonText::parse("42").unwrap());
        let left = world.spy.driver().members(user.key()).await.unwrap().selectors.len();
        assert_eq!(left, usize::from(by == "another device"), "{what}");
    }
}

/// A handle that a task holds out of any request, and that outlives its session.
#[tokio::test]
async fn cve_2025_46336_a_handle_out_of_a_request_does_not_recreate() {
    for driver in STORES {
        for ending in ENDINGS {
            let what = format!("{driver}: {ending}");
            let world = world(driver);
            world.browser.run("push tea; login 42").await;
            let token = Token::parse(world.browser.token()).unwrap();
            let handle = world.sessions.open::<Shop>(token).await.unwrap();
            handle.views().increment().unwrap();
            end(&world, ending).await;
            let left = world.records();
            assert_eq!(handle.commit().await.unwrap(), Outcome::Gone, "{what}");
            handle.cart().set(vec!["late".to_owned()]).unwrap();
            assert_eq!(handle.commit().await.unwrap(), Outcome::Gone, "{what}");
            handle.reload().await.unwrap();
            assert_eq!(handle.user().get().unwrap(), None, "{what}");
            assert!(!handle.cart().get().unwrap().contains(&"tea".to_owned()), "{what}");
            assert_eq!(world.records(), left, "{what}");
            assert_eq!(world.spy.driver().load(&token.selector()).await.unwrap(), None, "{what}");
        }
    }
}
