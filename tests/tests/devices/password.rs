//! The password was changed: one call, whatever becomes of the rest of the request.

use http::StatusCode;
use serde_json::json;
use session_runtime::testing::{Call, Fault};
use session_tests::stage::{Acts as _, Says as _};

use super::stage::{DRIVERS, STORES, is_signed_in, selector_of, signed_in, user, world};

#[tokio::test]
async fn a_changed_password_signs_the_others_out_and_this_one_goes_on() {
    for driver in DRIVERS {
        let world = world(driver);
        let other = signed_in(&world, "push milk").await;
        world.browser.run("login 42; push tea").await;
        let thief = world.stranger_with_our_cookie();
        let selector = selector_of(&world.browser).await;
        let answer = world.browser.run("credentials-changed; push bread").await;
        assert!(answer.cookie_line().is_some(), "{driver}: a new secret");
        assert!(!is_signed_in(&other).await && !is_signed_in(&thief).await, "{driver}");
        let answer = world.browser.run("load").await;
        assert_eq!(
            (answer.fact("user"), answer.fact("cart")),
            (json!(42), json!(["tea", "bread"])),
            "{driver}"
        );
        assert_eq!(selector_of(&world.browser).await, selector, "{driver}");
        // Once is enough: nothing of it is left for the next request.
        let new = signed_in(&world, "").await;
        world.browser.run("push salt").await;
        assert!(is_signed_in(&new).await, "{driver}");
    }
}

#[tokio::test]
async fn the_others_end_although_the_handler_fails() {
    for driver in DRIVERS {
        for failure in ["status 500", "error"] {
            let world = world(driver);
            let other = signed_in(&world, "").await;
            world.browser.run("login 42; push tea").await;
            let answer = world.browser.run(&format!("push lost; credentials-changed; {failure}")).await;
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{driver}: {failure}");
            assert!(!is_signed_in(&other).await, "{driver}: {failure}");
            let answer = world.browser.run("load").await;
            let kept = (answer.fact("user"), answer.fact("cart"));
            assert_eq!(kept, (json!(42), json!(["tea"])), "{driver}: {failure}");
        }
    }
}

#[tokio::test]
async fn the_others_end_although_a_change_is_refused() {
    for driver in DRIVERS {
        let world = world(driver);
        let other = signed_in(&world, "").await;
        world.browser.run("login 42; push tea").await;
        let answer = world.browser.run("credentials-changed; put-large 2000000").await;
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{driver}");
        assert!(!is_signed_in(&other).await, "{driver}");
        let answer = world.browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(42), json!(["tea"])), "{driver}");
    }
}

#[tokio::test]
async fn the_others_end_although_this_one_is_logged_out_in_the_same_request() {
    for driver in DRIVERS {
        for ending in ["logout", "invalidate", "login 7"] {
            for failure in ["load", "status 500"] {
                let world = world(driver);
                let other = signed_in(&world, "").await;
                world.browser.run("login 42; theme dark").await;
                world.browser.run(&format!("credentials-changed; {ending}; {failure}")).await;
                let what = format!("{driver}: {ending}, {failure}");
                assert!(!is_signed_in(&other).await, "{what}");
                let expected = match (ending, failure) {
                    // The login was work, and has failed.
                    ("login 7", "status 500") => json!(42),
                    ("login 7", _) => json!(7),
                    _ => json!(null),
                };
                assert_eq!(user(&world.browser).await, expected, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_login_in_the_same_request_lives() {
    for driver in DRIVERS {
        for before in ["load", "push tea", "login 42", "login 7"] {
            for script in ["login 42; credentials-changed", "login 42; credentials-changed; login 42"] {
                let world = world(driver);
                let other = signed_in(&world, "").await;
                world.browser.run(before).await;
                world.browser.run(script).await;
                assert!(!is_signed_in(&other).await, "{driver}: {before}, {script}");
                assert!(is_signed_in(&world.browser).await, "{driver}: {before}, {script}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_changes_the_credentials_of_nobody() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("push tea").await;
        let answer = world.browser.run("credentials-changed; push lost").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{driver}");
        assert_eq!(world.browser.run("load").await.fact("cart"), json!(["tea"]), "{driver}");
    }
}

#[tokio::test]
async fn a_session_that_was_ended_meanwhile_ends_the_others_and_stays_ended() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("login 42; push tea").await;
        let gate = world.script.gate("slow");
        let slow = tokio::spawn(world.browser.begin("load; at-gate slow; credentials-changed; push late"));
        gate.reached().await;
        world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        let other = signed_in(&world, "").await;
        gate.open();
        let answer = slow.await.unwrap().unwrap();
        assert!(answer.sent_no_cookie(), "{driver}: {:?}", answer.set_cookies());
        assert!(!is_signed_in(&other).await && !is_signed_in(&world.browser).await, "{driver}");
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_told_and_the_work_is_not_done() {
    for driver in STORES {
        let world = world(driver);
        world.browser.run("login 42; push tea").await;
        world.spy.fail(Call::RevokeAll, Fault::Unavailable);
        let answer = world.browser.run("credentials-changed; push lost").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{driver}");
        world.spy.recover();
        let answer = world.browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(42), json!(["tea"])), "{driver}");
    }
}

#[tokio::test]
async fn an_explicit_commit_that_failed_leaves_the_ending_to_the_response() {
    for driver in STORES {
        let world = world(driver);
        let other = signed_in(&world, "").await;
        world.browser.run("login 42; push tea").await;
        world.spy.fail(Call::RevokeAll, Fault::Unavailable);
        let gate = world.script.gate("failed");
        let script = "credentials-changed; commit; at-gate failed; status 500";
        let failed = tokio::spawn(world.browser.begin(script));
        gate.reached().await;
        world.spy.recover();
        gate.open();
        let answer = failed.await.unwrap().unwrap();
        assert!(answer.said()[0].as_str().unwrap().contains("unavailable"), "{driver}: {:?}", answer.said());
        assert!(!is_signed_in(&other).await && is_signed_in(&world.browser).await, "{driver}");
    }
}
