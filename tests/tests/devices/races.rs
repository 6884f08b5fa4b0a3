//! A thousand rounds of what may cross a revocation, on every driver: it never comes back.

use serde_json::json;
use session_runtime::LimitPolicy;
use session_tests::stage::{Acts as _, Browser, Says as _, World};

use super::stage::{DRIVERS, his, is_signed_in, user, world, world_with};

const ROUNDS: usize = 1_000;

/// In which order two tasks get going differs from round to round.
async fn stagger(round: usize) {
    for _ in 0..round % 7 {
        tokio::task::yield_now().await;
    }
}

/// A copy of a browser that keeps to itself what it is answered.
fn twin(world: &World, browser: &Browser) -> Browser {
    let twin = world.stranger();
    twin.put_cookie(&format!("__Host-id={}; Path=/; Secure", browser.token())).unwrap();
    twin
}

/// A slow request of A is loaded, B changes the password, A's request writes and commits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_request_never_revives() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("login 42; push bread").await;
        for round in 0..ROUNDS {
            let late = ["push late", "regenerate", "elevate", "flash late", "increment; commit"][round % 5];
            let what = format!("{driver}, round {round}: {late}");
            let slow = world.stranger();
            slow.run("login 42; push tea").await;
            let gate = world.script.gate(&format!("slow{driver}{round}"));
            let request = tokio::spawn(slow.begin(&format!("load; at-gate slow{driver}{round}; {late}")));
            gate.reached().await;
            // Half of them are let go as the revocation begins, half after it is done.
            let changing = tokio::spawn(world.browser.begin("credentials-changed"));
            if round % 2 == 0 {
                gate.open();
                stagger(round).await;
            }
            let changed = changing.await.unwrap().unwrap();
            world.browser.deliver(&changed);
            gate.open();
            let answer = request.await.unwrap().unwrap();
            if round % 2 == 1 {
                assert!(answer.sent_no_cookie(), "{what}");
            }
            slow.deliver(&answer);
            assert_eq!(user(&slow).await, json!(null), "{what}");
        }
        assert!(is_signed_in(&world.browser).await, "{driver}: who changed it goes on");
        assert_eq!(world.browser.run("load").await.fact("cart"), json!(["bread"]), "{driver}");
        assert_eq!(his(&world).count().await.unwrap(), 1, "{driver}");
    }
}

/// A login is in flight while all are revoked: it is ended, or it came after.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_in_flight_is_ended_or_came_after() {
    for driver in DRIVERS {
        for policy in [None, Some(LimitPolicy::RefuseNew), Some(LimitPolicy::EndOldest)] {
            let most = std::num::NonZeroUsize::new(2).unwrap();
            let world = world_with(driver, |builder| match policy {
                Some(policy) => builder.max_sessions_per_principal(most, policy),
                None => builder,
            });
            for round in 0..ROUNDS.div_ceil(3) {
                let what = format!("{driver}, {policy:?}, round {round}");
                let browser = world.stranger();
                if round % 2 == 0 {
                    browser.run("push tea").await;
                }
                let login = tokio::spawn(browser.begin("login 42"));
                stagger(round).await;
                his(&world).revoke_all().await.unwrap();
                let answer = login.await.unwrap().unwrap();
                browser.deliver(&answer);
                let listed = his(&world).count().await.unwrap();
                assert_eq!(usize::from(is_signed_in(&browser).await), listed, "{what}");
                his(&world).revoke_all().await.unwrap();
                assert!(!is_signed_in(&browser).await, "{what}: revoked, after it was answered");
            }
        }
    }
}

/// A login while the same session is written to from elsewhere: the secret from before it opens nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_during_parallel_writes_leaves_no_old_secret() {
    for driver in DRIVERS {
        let world = world(driver);
        for round in 0..ROUNDS {
            let browser = world.stranger();
            browser.run("push tea").await;
            let old = twin(&world, &browser);
            let writes: Vec<_> = (0..2).map(|_| tokio::spawn(old.begin("increment"))).collect();
            stagger(round).await;
            browser.run("login 42").await;
            for write in writes {
                let answer = write.await.unwrap().unwrap();
                if driver != "cookie" {
                    assert!(answer.sent_no_cookie(), "{driver}, round {round}");
                }
            }
            assert!(is_signed_in(&browser).await, "{driver}, round {round}");
            assert_eq!(user(&old).await, json!(null), "{driver}, round {round}");
            browser.run("logout").await;
        }
    }
}

/// One device is ended while it writes, touches and rotates.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revoked_device_stays_signed_out() {
    for driver in DRIVERS {
        let world = world(driver);
        for round in 0..ROUNDS {
            let script = ["push late", "load", "regenerate", "elevate"][round % 4];
            let browser = world.stranger();
            let answer = browser.run("login 42").await;
            let selector = answer.fact("selector");
            let selector = match selector.as_str() {
                Some(selector) => selector.parse().unwrap(),
                None => his(&world).list().await.unwrap()[0].selector,
            };
            // A touch is due.
            world.later(3_000);
            let busy = tokio::spawn(browser.begin(script));
            stagger(round).await;
            assert!(his(&world).revoke(&selector).await.unwrap(), "{driver}, round {round}: {script}");
            browser.deliver(&busy.await.unwrap().unwrap());
            assert!(!is_signed_in(&browser).await, "{driver}, round {round}: {script}");
        }
        assert_eq!(his(&world).count().await.unwrap(), 0, "{driver}");
    }
}
