//! A login begins a new life, of the length that was chosen with it; nothing but a login does.

use std::time::Duration;

use serde_json::json;
use session_runtime::testing::TestResponse;
use session_runtime::{CookieConfig, Lifetimes};
use session_tests::stage::{Acts as _, Says as _, World};

const STORES: [&str; 4] = ["memory", "file", "redis", "cookie"];
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

fn world(store: &str) -> World {
    World::on(store, |builder| builder)
}

fn max_age(answer: &TestResponse) -> Option<u64> {
    let line = answer.cookie_line()?;
    let age = line.split("; ").find_map(|attribute| attribute.strip_prefix("Max-Age="))?;
    Some(age.parse().unwrap())
}

async fn is_in(world: &World) -> bool {
    world.browser.run("load-readonly").await.fact("user") == 42
}

#[tokio::test]
async fn a_login_starts_both_deadlines_anew() {
    for store in STORES {
        let world = World::on(store, |builder| builder.idle_timeout(Duration::from_secs(29 * DAY)));
        world.browser.run("push tea").await;
        world.later(28 * DAY);
        let login = world.browser.run("login 42").await;
        assert_eq!(max_age(&login), Some(30 * DAY), "{store}: the cookie is kept as long");
        world.later(28 * DAY);
        let later = world.browser.run("load").await;
        assert_eq!((later.fact("user"), later.fact("cart")), (json!(42), json!(["tea"])), "{store}");
        assert_eq!(world.browser.run("load-readonly").await.fact("remaining"), 2 * DAY, "{store}: touched");
        world.browser.run("login 42").await;
        assert_eq!(
            world.browser.run("load").await.fact("remaining"),
            29 * DAY,
            "{store}: a login again, too"
        );
    }
}

#[tokio::test]
async fn a_remembered_session_outlives_the_others_and_an_elevation_prolongs_nothing() {
    for store in STORES {
        let world = world(store);
        let login = world.browser.run("login 42; remember").await;
        assert_eq!(max_age(&login), Some(90 * DAY), "{store}");
        for days in [29, 58, 87] {
            world.later(29 * DAY);
            let script = if days == 58 { "elevate" } else { "load" };
            let answer = world.browser.run(script).await;
            assert_eq!(
                (answer.fact("user"), answer.fact("remembered")),
                (json!(42), json!(true)),
                "{store}: {days}"
            );
        }
        world.later(3 * DAY - 1);
        assert!(is_in(&world).await, "{store}: to the second");
        world.later(1);
        assert!(!is_in(&world).await, "{store}: and no longer");
    }
}

#[tokio::test]
async fn a_remembered_session_that_is_not_used_ends() {
    for store in STORES {
        let world = world(store);
        world.browser.run("login 42; remember").await;
        world.later(30 * DAY - 1);
        assert!(is_in(&world).await, "{store}");
        world.later(1);
        assert!(!is_in(&world).await, "{store}");
    }
}

#[tokio::test]
async fn a_login_without_remember_me_returns_to_the_usual_lifetimes() {
    for store in STORES {
        for script in ["login 42", "login 42; remember no", "logout; login 42"] {
            let world = world(store);
            world.browser.run("login 42; remember").await;
            let answer = world.browser.run(script).await;
            assert_eq!(max_age(&answer), Some(30 * DAY), "{store}: `{script}`");
            let after = world.browser.run("load").await;
            assert_eq!(
                (after.fact("remembered"), after.fact("remaining")),
                (json!(false), json!(2 * HOUR)),
                "{store}"
            );
            world.later(2 * HOUR);
            assert!(!is_in(&world).await, "{store}: `{script}`");
        }
    }
}

#[tokio::test]
async fn a_life_of_its_own() {
    for store in STORES {
        let world = world(store);
        let login = world.browser.run("login 42; live 600 1000").await;
        assert_eq!(max_age(&login), Some(1_000), "{store}");
        world.later(599);
        world.browser.run("load").await;
        assert_eq!(
            world.browser.run("load-readonly").await.fact("remaining"),
            401,
            "{store}: touched, up to the absolute one"
        );
        world.later(400);
        assert!(is_in(&world).await, "{store}");
        world.later(1);
        assert!(!is_in(&world).await, "{store}");
    }
}

#[tokio::test]
async fn nobodys_session_may_be_given_a_life_and_gets_a_cookie_for_it() {
    for store in STORES {
        let world = world(store);
        let first = world.browser.run("push tea; live 172800 864000").await;
        assert_eq!(max_age(&first), Some(10 * DAY), "{store}");
        let next = world.browser.run("live 86400 1728000").await;
        assert_eq!(max_age(&next), Some(20 * DAY), "{store}: the browser is told anew");
        world.later(DAY - 1);
        assert_eq!(world.browser.run("load-readonly").await.fact("cart"), json!(["tea"]), "{store}");
        world.later(1);
        assert_eq!(world.browser.run("load-readonly").await.fact("cart"), json!([]), "{store}");
    }
}

#[tokio::test]
async fn remember_me_needs_a_login() {
    for store in STORES {
        let world = world(store);
        world.browser.run("login 42").await;
        for script in ["remember", "remember no", "live 60 60", "login 42; commit; remember"] {
            assert_eq!(world.browser.run(script).await.status(), 401, "{store}: `{script}`");
        }
        let after = world.browser.run("load").await;
        assert_eq!((after.fact("remembered"), after.fact("user")), (json!(false), json!(42)), "{store}");
    }
}

#[tokio::test]
async fn nobody_can_be_elevated() {
    for store in STORES {
        let world = world(store);
        for script in ["elevate", "increment; elevate", "login 42; commit; logout; elevate"] {
            assert_eq!(world.browser.run(script).await.status(), 401, "{store}: `{script}`");
        }
        assert_eq!(world.browser.run("login 42; elevate").await.status(), 200, "{store}");
    }
}

#[tokio::test]
async fn the_cookie_of_a_remembered_session_outlives_the_browser() {
    for store in STORES {
        let cookie = CookieConfig { clear_with_browser: true, ..CookieConfig::default() };
        let world = World::on(store, |builder| builder.cookie(cookie));
        assert_eq!(max_age(&world.browser.run("login 42").await), None, "{store}");
        assert_eq!(max_age(&world.browser.run("login 42; remember").await), Some(90 * DAY), "{store}");
        assert_eq!(max_age(&world.browser.run("elevate").await), Some(90 * DAY), "{store}");
        assert_eq!(max_age(&world.browser.run("login 42").await), None, "{store}");
    }
}

/// The lifetimes of sealed sessions are those for which their ends are remembered.
#[tokio::test]
async fn no_sealed_session_outlives_the_memory_of_its_revocation() {
    for (script, revoked_after) in
        [("login 42; remember", 0), ("login 42; live 99999999 99999999", 0), ("login 42; remember", 20)]
    {
        let world = world("cookie");
        world.browser.run("increment").await;
        world.browser.run(script).await;
        world.later(revoked_after * DAY);
        world.browser.run("load").await;
        let copy = world.stranger_with_our_cookie();
        let (logged_out, revoked) = (copy.run("load").await, world.stranger_with_our_cookie());
        assert_eq!(logged_out.fact("user"), json!(42));
        if revoked_after == 0 {
            world.sessions.of(&42).unwrap().revoke_all().await.unwrap();
        } else {
            world.browser.run("logout").await;
        }
        for _ in 0..50 {
            for browser in [&copy, &revoked] {
                assert_eq!(browser.run("load-readonly").await.fact("user"), json!(null), "`{script}`");
            }
            world.later(2 * DAY);
            world.sessions.sweep(100).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_usual_denial_of_an_older_request_does_not_shorten_a_longer_one() {
    let world = world("cookie");
    world.browser.run("increment").await;
    let gate = world.script.gate("slow");
    let slow = tokio::spawn(world.browser.begin("load; at-gate slow; logout"));
    gate.reached().await;
    world.browser.run("login 42; remember").await;
    let remembered = world.stranger_with_our_cookie();
    world.browser.run("logout").await;
    gate.open();
    slow.await.unwrap().unwrap();
    for _ in 0..29 {
        assert_eq!(remembered.run("load-readonly").await.fact("user"), json!(null));
        world.later(DAY);
        world.sessions.sweep(100).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_listed_before_a_longer_life_stays_listed_and_can_be_revoked() {
    for store in ["memory", "file", "redis"] {
        let world = world(store);
        world.browser.run("login 42").await;
        world.browser.run("login 42; remember").await;
        for _ in 0..3 {
            world.later(20 * DAY);
            world.browser.run("load").await;
            world.sessions.sweep(100).await.unwrap();
        }
        assert_eq!(
            world.sessions.of(&42).unwrap().count().await.unwrap(),
            1,
            "{store}: after the former deadline"
        );
        assert_eq!(world.sessions.of(&42).unwrap().revoke_all().await.unwrap(), 1, "{store}");
        assert!(!is_in(&world).await, "{store}");
    }
}

#[tokio::test]
async fn lifetimes_of_no_length_and_without_end_are_none() {
    for store in STORES {
        let world = world(store);
        let answer = world.browser.run("login 42; live 0 0").await;
        assert_eq!((answer.status().as_u16(), max_age(&answer)), (200, Some(1)), "{store}");
        let session = world.browser.run("login 42; live 18446744073709551615 18446744073709551615").await;
        assert_eq!(session.status(), 200, "{store}");
        assert!(max_age(&session).unwrap() <= 400 * DAY, "{store}");
        assert!(is_in(&world).await, "{store}");
    }
    let lifetimes = Lifetimes { idle: Duration::MAX, absolute: Duration::MAX };
    let world = World::with(|builder| builder.remembered(lifetimes));
    assert_eq!(world.browser.run("login 42; remember").await.status(), 200);
}

/// A login that remembers in a session that was listed before: whoever ends it from the list ends its last seal too.
#[tokio::test]
async fn a_remembered_session_that_was_ended_from_the_list_stays_ended() {
    let world = world("cookie");
    world.browser.run("login 42").await;
    world.browser.run("login 42; remember").await;
    world.later(25 * DAY);
    world.browser.run("load").await;
    let copy = world.stranger_with_our_cookie();
    assert_eq!(copy.run("load-readonly").await.fact("user"), json!(42));
    let his = world.sessions.of(&42).unwrap();
    let listed = his.list().await.unwrap();
    assert!(his.revoke(&listed.first().unwrap().selector).await.unwrap());
    for _ in 0..20 {
        assert_eq!(copy.run("load-readonly").await.fact("user"), json!(null));
        world.later(2 * DAY);
        world.sessions.sweep(100).await.unwrap();
    }
}

/// What is remembered of a session's login is forgotten before the session ends; its end is remembered all the same, also
/// where nobody sweeps.
#[tokio::test]
async fn a_sealed_session_ends_long_after_its_login_was_forgotten() {
    for ending in ["logout", "credentials-changed", "login 42", "regenerate"] {
        let world = world("cookie");
        world.browser.run("increment").await;
        world.browser.run("login 42").await;
        for _ in 0..6 {
            world.later(3_600);
            world.browser.run("load").await;
        }
        let copy = world.stranger_with_our_cookie();
        let answer = world.browser.run(ending).await;
        assert!(answer.status().is_success(), "{ending}: {}", answer.status());
        assert_eq!(copy.run("load-readonly").await.fact("user"), json!(null), "{ending}");
    }
}
