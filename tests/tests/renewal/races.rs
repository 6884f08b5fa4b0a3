//! Many at once: one renews, and whoever ends the session wins over every grace.

use std::time::Duration;

use session_tests::stage::{Acts as _, Says as _, World};

use super::stage::{EVERY, GRACE, Renews as _, STORES, has_new_secret, holder, world};

#[tokio::test]
async fn fifty_parallel_requests_renew_once() {
    for store in STORES {
        let (world, log) = world(store);
        world.browser.run("login 42").await;
        world.later(EVERY);
        let gate = world.script.gate("all");
        let started: Vec<_> =
            (0..50).map(|_| tokio::spawn(world.browser.begin("load; increment; at-gate all"))).collect();
        for _ in 0..50 {
            gate.reached().await;
        }
        log.take();
        gate.open();
        let mut renewed = 0;
        for request in started {
            let answer = request.await.unwrap().unwrap();
            assert_eq!(answer.status(), 200, "{store}");
            renewed += usize::from(has_new_secret(&answer));
            world.browser.deliver(&answer);
        }
        assert_eq!(renewed, 1, "{store}: one cookie in fifty answers");
        assert_eq!(log.take().iter().filter(|told| **told == "session.renewed").count(), 1, "{store}");
        let after = world.browser.run("load").await;
        assert_eq!((after.fact("user"), after.fact("views")), (42.into(), 50.into()), "{store}");
    }
}

#[tokio::test]
async fn renewals_that_meet_leave_a_browser_that_is_signed_in() {
    for store in STORES {
        let (world, _) = world(store);
        world.browser.run("login 42").await;
        for round in 0..20 {
            world.later(EVERY);
            let pair = [world.browser.begin("increment"), world.browser.begin("load")];
            for request in pair.map(tokio::spawn) {
                world.browser.deliver(&request.await.unwrap().unwrap());
            }
            assert!(world.browser.is_in().await, "{store}, round {round}");
        }
    }
}

/// How the session ends under a request that is on its way.
const ENDS: [&str; 3] = ["logout", "revoke", "replaced"];

async fn end(world: &World, how: &str) {
    match how {
        "logout" => drop(world.stranger_with_our_cookie().run("logout").await),
        "revoke" => drop(world.sessions.of(&42).unwrap().revoke_all().await.unwrap()),
        _ => drop(world.stranger_with_our_cookie().run("login 43").await),
    }
}

#[tokio::test]
async fn revocation_beats_both_graces() {
    for store in STORES {
        for how in ENDS {
            let (world, _) = world(store);
            world.browser.run("login 42").await;
            let old = world.browser.token();
            world.browser.run("elevate").await;
            let previous = world.browser.renew(&world).await;
            let holders = [old, previous, world.browser.token()].map(|token| holder(&world, &token));
            let gate = world.script.gate("slow");
            let slow: Vec<_> = holders
                .iter()
                .map(|holder| tokio::spawn(holder.begin("load; increment; push tea; at-gate slow")))
                .collect();
            for _ in &slow {
                gate.reached().await;
            }
            end(&world, how).await;
            gate.open();
            for request in slow {
                let answer = request.await.unwrap().unwrap();
                assert!(answer.sent_no_cookie(), "{store}: a late answer after {how}");
            }
            for wait in [0, GRACE - 1, GRACE, EVERY] {
                world.clock.advance(Duration::from_secs(wait));
                for holder in &holders {
                    assert!(!holder.is_in().await, "{store}: after {how}, {wait} seconds later");
                }
            }
        }
    }
}

#[tokio::test]
async fn revocation_beats_the_grace_of_a_change_of_privilege_where_the_browser_carries_the_session() {
    for how in ENDS {
        let world = World::on("cookie", |builder| builder);
        world.browser.run("login 42").await;
        let old = world.browser.token();
        world.browser.run("elevate").await;
        let holders = [old, world.browser.token()].map(|token| holder(&world, &token));
        end(&world, how).await;
        for wait in [0, GRACE - 1, GRACE, EVERY] {
            world.clock.advance(Duration::from_secs(wait));
            for holder in &holders {
                assert!(!holder.is_in().await, "after {how}, {wait} seconds later");
                assert!(!holder.run("load; increment").await.fact("user").is_u64(), "after {how}");
            }
        }
    }
}

#[tokio::test]
async fn a_renewal_under_way_never_outlives_a_revocation() {
    for store in STORES {
        let (world, _) = world(store);
        for round in 0..100 {
            world.browser.run("login 42").await;
            world.later(EVERY);
            let due = tokio::spawn(world.browser.begin("load; increment"));
            let users = world.sessions.of(&42).unwrap();
            let revoke = tokio::spawn(async move { users.revoke_all().await.unwrap() });
            world.browser.deliver(&due.await.unwrap().unwrap());
            revoke.await.unwrap();
            assert!(!world.browser.is_in().await, "{store}, round {round}");
        }
        assert_eq!(world.records(), 0, "{store}: nothing came back");
    }
}
