//! How many sessions a principal may have.

use std::num::NonZeroUsize;

use http::StatusCode;
use serde_json::json;
use session_runtime::LimitPolicy::{EndOldest, RefuseNew};
use session_runtime::drivers::{CookieDriver, KeyRing, Revocation};
use session_runtime::testing::{Call, Fault, Gate};
use session_runtime::{ConfigError, LimitPolicy, Sessions};
use session_tests::stage::{Acts as _, Browser, Says as _, World};

use super::stage::{DRIVERS, his, is_signed_in, selector_of, signed_in, user, world_with};

fn limited(driver: &str, most: usize, policy: LimitPolicy) -> World {
    let most = NonZeroUsize::new(most).unwrap();
    world_with(driver, |builder| builder.max_sessions_per_principal(most, policy))
}

/// How many of these are signed in.
async fn live(browsers: &[Browser]) -> usize {
    let mut live = 0;
    for browser in browsers {
        live += usize::from(is_signed_in(browser).await);
    }
    live
}

#[tokio::test]
async fn a_login_too_many_is_refused_and_nothing_is_stored() {
    for driver in DRIVERS {
        let world = limited(driver, 2, RefuseNew);
        let browsers = [signed_in(&world, "").await, signed_in(&world, "").await];
        world.browser.run("push tea").await;
        let token = world.browser.token();
        let answer = world.browser.run("push bread; login 42").await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{driver}");
        assert!(answer.sent_no_cookie() && world.browser.token() == token, "{driver}");
        let answer = world.browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(null), json!(["tea"])), "{driver}");
        assert_eq!((live(&browsers).await, his(&world).count().await.unwrap()), (2, 2), "{driver}");
        // Others have limits of their own, and one that is logged out makes room.
        assert!(world.stranger().run("login 7").await.status().is_success(), "{driver}");
        browsers[0].run("logout").await;
        assert!(world.browser.run("login 42").await.status().is_success(), "{driver}");
        assert!(is_signed_in(&world.browser).await, "{driver}");
    }
}

#[tokio::test]
async fn a_handler_that_commits_itself_answers_a_page_of_its_own() {
    for driver in DRIVERS {
        for before in ["push tea", "login 7; push tea"] {
            let world = limited(driver, 1, RefuseNew);
            signed_in(&world, "").await;
            world.browser.run(before).await;
            let answer = world.browser.run("login 42; commit; push bread").await;
            assert!(answer.said()[0].as_str().unwrap().contains("1 sessions already"), "{:?}", answer.said());
            assert_eq!(answer.status(), StatusCode::OK, "{driver}: the login is forgotten");
            let answer = world.browser.run("load").await;
            let expected = if before.starts_with("login") { json!(7) } else { json!(null) };
            assert_eq!(answer.fact("user"), expected, "{driver}: {before}");
            assert_eq!(answer.fact("cart"), json!(["tea", "bread"]), "{driver}: {before}");
        }
    }
}

#[tokio::test]
async fn a_refused_login_as_somebody_else_keeps_the_old_session() {
    for driver in DRIVERS {
        let world = limited(driver, 1, RefuseNew);
        signed_in(&world, "").await;
        world.browser.run("login 7; push tea").await;
        let token = world.browser.token();
        let answer = world.browser.run("login 42").await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{driver}");
        assert_eq!(user(&world.browser).await, json!(7), "{driver}");
        assert_eq!(world.browser.token(), token, "{driver}");
        // A logout that was asked for is carried out, whatever comes of the login.
        world.browser.run("logout; login 42").await;
        assert_eq!(user(&world.browser).await, json!(null), "{driver}");
    }
}

#[tokio::test]
async fn the_oldest_login_ends_for_a_new_one() {
    for driver in DRIVERS {
        let world = limited(driver, 2, EndOldest);
        let mut browsers = Vec::new();
        for _ in 0..4 {
            browsers.push(signed_in(&world, "").await);
            world.later(1);
        }
        let mut signed = Vec::new();
        for browser in &browsers {
            signed.push(is_signed_in(browser).await);
        }
        assert_eq!(signed, [false, false, true, true], "{driver}");
        // A login again makes a session young.
        browsers[2].run("login 42").await;
        world.later(1);
        browsers.push(signed_in(&world, "").await);
        assert!(is_signed_in(&browsers[2]).await && !is_signed_in(&browsers[3]).await, "{driver}");
        assert_eq!(his(&world).count().await.unwrap(), 2, "{driver}");
    }
}

#[tokio::test]
async fn a_login_again_does_not_count_twice() {
    for driver in DRIVERS {
        for policy in [RefuseNew, EndOldest] {
            let world = limited(driver, 1, policy);
            for script in ["login 42", "login 42", "elevate", "regenerate", "login 42; push tea"] {
                let answer = world.browser.run(script).await;
                assert!(answer.status().is_success(), "{driver}, {policy:?}: {script}");
                world.later(1);
            }
            assert!(is_signed_in(&world.browser).await, "{driver}, {policy:?}");
        }
    }
}

#[tokio::test]
async fn ten_logins_and_logouts_do_not_fill_the_limit() {
    for driver in DRIVERS {
        for end in ["logout", "invalidate", "login 7"] {
            let world = limited(driver, 2, RefuseNew);
            let stays = signed_in(&world, "").await;
            for _ in 0..10 {
                let answer = world.browser.run("login 42").await;
                assert!(answer.status().is_success(), "{driver}: {end}");
                world.browser.run(end).await;
            }
            assert!(is_signed_in(&stays).await, "{driver}: {end}");
        }
    }
}

#[tokio::test]
async fn what_was_revoked_or_has_expired_does_not_count() {
    for driver in DRIVERS {
        let world = limited(driver, 1, RefuseNew);
        let first = signed_in(&world, "").await;
        his(&world).revoke(&selector_of(&first).await).await.unwrap();
        let second = signed_in(&world, "").await;
        assert!(is_signed_in(&second).await, "{driver}: revoked");
        world.later(31 * 24 * 3_600);
        let third = signed_in(&world, "").await;
        assert!(is_signed_in(&third).await, "{driver}: expired");
        his(&world).revoke_all().await.unwrap();
        assert!(is_signed_in(&signed_in(&world, "").await).await, "{driver}: all revoked");
    }
}

/// Every driver: at no time more than may be where new ones are refused, and in the end exactly as many with either policy.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_logins_at_once_leave_as_many_as_may_be() {
    for driver in DRIVERS {
        for most in [1, 3] {
            for policy in [RefuseNew, EndOldest] {
                let world = limited(driver, most, policy);
                let browsers: Vec<Browser> = (0..50).map(|_| world.stranger()).collect();
                let logins: Vec<_> =
                    browsers.iter().map(|browser| tokio::spawn(browser.begin("login 42"))).collect();
                let mut statuses = Vec::new();
                for (browser, login) in browsers.iter().zip(logins) {
                    let answer = login.await.unwrap().unwrap();
                    browser.deliver(&answer);
                    statuses.push(answer.status());
                }
                let what = format!("{driver}, {policy:?}, {most}");
                let refused = statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count();
                let succeeded = statuses.iter().filter(|status| status.is_success()).count();
                assert_eq!(refused + succeeded, 50, "{what}: {statuses:?}");
                assert_eq!(refused, if policy == RefuseNew { 50 - most } else { 0 }, "{what}");
                assert_eq!(live(&browsers).await, most, "{what}");
                assert_eq!(his(&world).count().await.unwrap(), most, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_revocation_also_ends_a_login_under_a_limit() {
    for driver in DRIVERS {
        for policy in [RefuseNew, EndOldest] {
            let world = limited(driver, 2, policy);
            let gate = Gate::closed();
            world.spy.fail(Call::Create, Fault::HeldBefore(gate.clone()));
            let login = tokio::spawn(world.browser.begin("login 42"));
            gate.reached().await;
            world.spy.recover();
            his(&world).revoke_all().await.unwrap();
            gate.open();
            world.browser.deliver(&login.await.unwrap().unwrap());
            assert!(!is_signed_in(&world.browser).await, "{driver}, {policy:?}");
            assert_eq!(his(&world).count().await.unwrap(), 0, "{driver}, {policy:?}");
        }
    }
}

#[test]
fn a_limit_needs_a_store() {
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
    let limited = Sessions::builder(driver).max_sessions_per_principal(NonZeroUsize::MIN, RefuseNew);
    assert!(matches!(limited.build(), Err(ConfigError::LimitNeedsStore)));
}
