//! What happens to a session is told once, in the order in which it happens.

use std::num::NonZeroUsize;
use std::time::Duration;

use session_runtime::drivers::{CookieDriver, KeyRing, Revocation, SealKey};
use session_runtime::testing::{Call, Fault, ManualClock};
use session_runtime::{Event, EventKind, LimitPolicy, Observer as _, Outcome, Reason, Sessions};
use session_tests::stage::{Acts, Says as _, World, open};

use super::log::Log;

fn watched() -> (World, Log) {
    let log = Log::default();
    (World::with(|builder| builder.observer(log.clone())), log)
}

#[tokio::test]
async fn each_outcome_is_one_event() {
    let (world, log) = watched();
    for (script, expected) in [
        ("load", &[][..]),
        ("increment", &["session.created"]),
        ("load", &[]),
        ("increment", &["session.committed"]),
        ("increment; commit; increment", &["session.committed", "session.committed"]),
        ("login 42", &["session.committed", "session.login", "session.rotated"]),
        ("elevate", &["session.committed", "session.elevated", "session.rotated"]),
        ("regenerate", &["session.committed", "session.rotated"]),
        ("status 500; increment", &[]),
        ("logout; increment", &["session.destroyed", "session.logout", "session.created"]),
        ("invalidate", &["session.destroyed"]),
        ("login 1", &["session.created", "session.login"]),
        ("login 2", &["session.destroyed", "session.logout", "session.created", "session.login"]),
        ("status 500; logout", &["session.destroyed", "session.logout"]),
        ("put a", &["session.created"]),
        ("forget a", &["session.destroyed"]),
    ] {
        world.browser.run(script).await;
        assert_eq!(log.names(), expected, "{script}");
    }
}

#[tokio::test]
async fn an_event_says_whose_it_is_and_what_came_of_it() {
    let (world, log) = watched();
    let selector = world.browser.run("increment; commit").await.fact("selector");
    let [created] = &log.take()[..] else { unreachable!("one event") };
    assert_eq!((created.kind, created.outcome), (EventKind::Created, Some(Outcome::Created)));
    assert_eq!(created.session.unwrap().to_string(), selector);

    world.browser.run("login 42").await;
    world.stranger().run("login 42").await;
    world.stranger().run("login 43").await;
    let logins: Vec<_> = log.take().into_iter().filter(|told| told.kind == EventKind::Login).collect();
    assert_eq!(logins[0].session.unwrap().to_string(), selector);
    assert_eq!(logins[0].principal, logins[1].principal, "the same tag for the same principal");
    assert_ne!(logins[0].principal, logins[2].principal);
    assert!(logins.iter().all(|login| login.principal.is_some()));
}

#[tokio::test]
async fn a_load_and_a_touch_are_told() {
    let (world, log) = watched();
    world.browser.run("increment").await;
    log.take();
    world.later(3_000);
    world.browser.run("load").await;
    let kinds: Vec<_> = log.take().iter().map(|told| told.kind).collect();
    assert_eq!(kinds, [EventKind::Loaded, EventKind::Touched]);
}

#[tokio::test]
async fn an_expired_seal_is_told() {
    let (log, clock) = (Log::default(), ManualClock::default());
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
    let builder = Sessions::builder(driver).clock(clock.clone()).observer(log.clone());
    let (_, browser) = open(&builder.build().unwrap(), &clock);
    browser.run("increment").await;
    clock.advance(Duration::from_secs(7_200));
    log.take();
    browser.run("load").await;
    assert_eq!(log.names(), ["session.expired"]);
}

#[tokio::test]
async fn what_was_dropped_is_told() {
    let (world, log) = watched();
    world.browser.run("increment").await;
    let slow = world.stranger_with_our_cookie();
    world.browser.run("login 42").await;
    log.take();
    slow.run("increment").await;
    assert_eq!(log.names(), ["session.superseded", "session.superseded"], "at the load, and its write");

    let gate = world.script.gate("late");
    let late = tokio::spawn(world.browser.begin("increment; at-gate late"));
    gate.reached().await;
    world.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    gate.open();
    late.await.unwrap().unwrap();
    let told = log.take();
    let revoked = told.iter().find(|told| told.kind == EventKind::Revoked(Reason::All)).unwrap();
    assert!(revoked.principal.is_some());
    assert_eq!(revoked.count, Some(1));
    let gone = told.iter().find(|told| told.kind == EventKind::Gone).unwrap();
    assert!(gone.session.is_some() && gone.outcome == Some(Outcome::Gone));
}

#[tokio::test]
async fn each_failure_of_the_store_is_told_with_its_session() {
    let (world, log) = watched();
    world.browser.run("increment").await;
    log.take();
    for (call, fault, expected) in [
        (Call::Load, Fault::Unavailable, "session.unavailable"),
        (Call::Load, Fault::Corrupt, "session.corrupt"),
        (Call::Apply, Fault::Full, "session.full"),
    ] {
        world.spy.fail(call, fault);
        world.browser.run("increment").await;
        let told: Vec<_> = log.take().into_iter().filter(|told| told.kind != EventKind::Loaded).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].kind.name(), expected);
        assert!(told[0].session.is_some());
        world.spy.recover();
    }
}

#[tokio::test]
async fn an_observer_that_panics_harms_nobody() {
    let world = World::with(|builder| builder.observer(|_: &Event<'_>| panic!("the observer panics")));
    for script in ["increment", "login 42", "increment", "logout"] {
        assert_eq!(world.browser.run(script).await.status(), 200, "{script}");
    }
}

#[tokio::test]
async fn a_login_beyond_the_limit_is_told_with_whose_it_is() {
    let ended = EventKind::Revoked(Reason::Limit);
    for (policy, expected) in [
        (LimitPolicy::RefuseNew, &[EventKind::LimitReached][..]),
        (LimitPolicy::EndOldest, &[EventKind::LimitReached, ended, EventKind::Created, EventKind::Login]),
    ] {
        let log = Log::default();
        let world = World::with(|builder| {
            builder.observer(log.clone()).max_sessions_per_principal(NonZeroUsize::MIN, policy)
        });
        world.stranger().run("login 42").await;
        let login = log.take().into_iter().find(|told| told.kind == EventKind::Login).unwrap();
        world.later(1);
        world.browser.run("login 42").await;
        let told = log.take();
        let kinds: Vec<_> = told.iter().map(|told| told.kind).collect();
        assert_eq!(kinds, expected, "{policy:?}");
        assert_eq!(told[0].principal, login.principal, "{policy:?}");
    }
}

#[tokio::test]
async fn an_old_key_is_told_and_whoever_hears_of_it_may_replace_the_keys() {
    let [old, new] = [SealKey::generate().unwrap(), SealKey::generate().unwrap()];
    let (ring, log, clock) = (KeyRing::new(old.clone()), Log::default(), ManualClock::default());
    let (replaced, told) = (ring.clone(), log.clone());
    let only_new = new.clone();
    let observer = move |event: &Event<'_>| {
        told.observe(event);
        if event.kind == EventKind::OldKey {
            replaced.replace(only_new.clone(), []);
        }
    };
    let driver = CookieDriver::new(ring.clone(), Revocation::AcceptReplay);
    let builder = Sessions::builder(driver).clock(clock.clone()).observer(observer);
    let (_, browser) = open(&builder.build().unwrap(), &clock);
    browser.run("increment").await;
    ring.replace(new, [old]);
    log.take();
    browser.run("increment").await;
    assert_eq!(log.names(), ["session.old_key", "session.committed"]);
    browser.run("increment").await;
    assert_eq!(log.names(), ["session.committed"], "sealed by the new key");
}
