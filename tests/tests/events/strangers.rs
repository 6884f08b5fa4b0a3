//! Strangers are told of, and do not fill the log.

use session_runtime::EventKind;
use session_runtime::testing::{Call, Fault};
use session_tests::stage::{Acts, World};

use super::log::Log;

/// Our selector with a secret that was never ours.
fn forged(token: &str, number: usize) -> String {
    let filling = char::from(b'a' + u8::try_from(number).unwrap());
    format!("{}{}A", &token[..22], filling.to_string().repeat(20))
}

#[tokio::test]
async fn wrong_verifiers_are_rate_limited() {
    let log = Log::default();
    let world = World::with(|builder| builder.observer(log.clone()));
    world.browser.run("increment").await;
    let token = world.browser.token();
    log.take();
    let guess = async |number| {
        let stranger = world.stranger();
        stranger.put_cookie(&format!("__Host-id={}; Path=/; Secure", forged(&token, number))).unwrap();
        stranger.run("load").await;
    };
    for number in 0..25 {
        guess(number).await;
    }
    let told = log.take();
    assert!(told.iter().all(|told| told.kind == EventKind::Unrecognised && told.session.is_some()));
    assert_eq!(told.iter().map(|told| told.count).collect::<Vec<_>>(), [Some(1); 10]);
    world.later(1);
    guess(0).await;
    assert_eq!(log.take()[0].count, Some(16), "the fifteen that were not told, and this one");
}

#[tokio::test]
async fn a_store_that_is_away_does_not_fill_the_log() {
    for (fault, kind) in [(Fault::Unavailable, EventKind::Unavailable), (Fault::Full, EventKind::Full)] {
        let log = Log::default();
        let world = World::with(|builder| builder.observer(log.clone()));
        world.browser.run("increment").await;
        log.take();
        world.spy.fail(Call::Load, fault);
        let outage = async |requests: usize| {
            for _ in 0..requests {
                world.browser.run("load").await;
            }
            log.take().iter().map(|told| (told.kind, told.count)).collect::<Vec<_>>()
        };
        assert_eq!(outage(25).await, [(kind, Some(1)); 10]);
        world.later(1);
        assert_eq!(outage(1).await, [(kind, Some(16))], "the fifteen that were not told, and this one");
    }
}

#[tokio::test]
async fn a_secret_that_never_was_ends_nothing() {
    let world = World::new();
    world.browser.run("login 42").await;
    let stranger = world.stranger();
    let forged = forged(&world.browser.token(), 0);
    stranger.put_cookie(&format!("__Host-id={forged}; Path=/; Secure")).unwrap();
    stranger.run("load; increment; logout").await;
    assert_eq!(world.browser.run("load").await.status(), 200);
    assert_eq!(world.records(), 1);
}
