//! Handles of a session that outlive the request.

use std::time::Duration;

use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore};
use session_runtime::{Detached, Outcome, ReadOnly, Session, SessionError, SessionSchema, Sessions};

use super::site::{Site, end_of};

#[tokio::test]
async fn a_detached_handle_reads_and_writes_after_the_request() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    let detached = Detached::of(&session).unwrap();
    drop(session);
    assert_eq!(detached.principal::<u64>().unwrap(), Some(42));
    let browser = site.opened(token).await;
    browser.put("a", 10).unwrap();
    browser.commit().await.unwrap();
    detached.increment("a").unwrap();
    detached.update::<u64, _>("a", |a| *a = a.map(|a| a * 2)).unwrap();
    assert_eq!(detached.commit().await.unwrap(), Outcome::Committed);
    assert_eq!(
        site.opened(token).await.get::<u64>("a").unwrap(),
        Some(22),
        "computed on what was stored by then"
    );
    detached.reload().await.unwrap();
    assert_eq!(detached.get::<u64>("a").unwrap(), Some(22));
}

#[tokio::test]
async fn a_detached_write_after_the_revocation_is_gone() {
    for ends in ["revocation", "logout", "expiry"] {
        let site = Site::new();
        let (session, token) = site.signed_in(42).await;
        let detached = Detached::of(&session).unwrap();
        detached.put("b", 1).unwrap();
        match ends {
            "revocation" => site.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap(),
            "logout" => {
                session.logout().unwrap();
                session.commit().await.unwrap();
            }
            _ => site.clock.advance(Duration::from_secs(7_200)),
        }
        assert_eq!(detached.commit().await.unwrap(), Outcome::Gone, "{ends}");
        detached.put("b", 2).unwrap();
        assert_eq!(detached.commit().await.unwrap(), Outcome::Gone, "{ends}, and for good");
        assert_eq!(detached.principal::<u64>().unwrap(), None);
        assert!(site.opened(token).await.is_empty());
    }
}

#[tokio::test]
async fn a_thousand_detached_writes_race_a_revocation_and_none_revives_a_session() {
    let site = Site::new();
    for round in 0..1_000_u64 {
        let (session, token) = site.signed_in(round).await;
        let detached = Detached::of(&session).unwrap();
        detached.put("b", 1).unwrap();
        let sessions = site.sessions.clone();
        let revoking = tokio::spawn(async move { sessions.of(&round).unwrap().revoke_all().await.map(drop) });
        let outcome = detached.commit().await.unwrap();
        revoking.await.unwrap().unwrap();
        assert!(matches!(outcome, Outcome::Committed | Outcome::Gone));
        assert!(site.opened(token).await.is_empty());
    }
    assert_eq!(site.spy.driver().len(), 0);
}

#[tokio::test]
async fn a_detached_handle_follows_an_elevation_and_a_login_again() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    let detached = Detached::of(&session).unwrap();
    let acts: [fn(&Session); 3] = [
        |session| session.elevate().unwrap(),
        |session| session.login(42).unwrap(),
        |session| session.regenerate().unwrap(),
    ];
    for act in acts {
        act(&session);
        session.commit().await.unwrap();
        detached.increment("a").unwrap();
        assert_eq!(detached.commit().await.unwrap(), Outcome::Committed);
    }
    session.reload().await.unwrap();
    assert_eq!(session.get::<u64>("a").unwrap(), Some(4));
}

#[tokio::test]
async fn a_detached_handle_follows_a_renewal() {
    let site = Site::with(|builder| builder.renew_every(Duration::from_secs(600)));
    let (session, mut token) = site.signed_in(42).await;
    let detached = Detached::of(&session).unwrap();
    let mut watch = detached.watch();
    for round in 1..=3 {
        // Renewed by one request, confirmed by the next, and its grace is over.
        site.clock.advance(Duration::from_secs(601));
        let renewed = site.visited(token).await;
        assert_ne!(renewed.reveal(), token.reveal(), "round {round}");
        token = renewed;
        site.visited(token).await;
        site.clock.advance(Duration::from_secs(61));
        detached.increment("a").unwrap();
        assert_eq!(detached.commit().await.unwrap(), Outcome::Committed);
    }
    assert_eq!(end_of(&mut watch), None);
    assert_eq!(site.opened(token).await.get::<u64>("a").unwrap(), Some(4));
}

#[tokio::test]
async fn a_handle_from_before_the_login_does_not_reach_what_comes_after_it() {
    let site = Site::new();
    // Somebody plants his session in another's browser, and keeps a connection open.
    let planted: Session = site.sessions.create().await.unwrap();
    planted.put("a", 1).unwrap();
    planted.commit().await.unwrap();
    let detached = Detached::of(&planted).unwrap();
    let victim = site.opened(site.sessions.token(&planted).unwrap()).await;
    victim.login(42).unwrap();
    victim.put("secret", "x").unwrap();
    victim.commit().await.unwrap();
    detached.put("a", 2).unwrap();
    assert_eq!(detached.commit().await.unwrap(), Outcome::Gone);
    assert_eq!(
        (detached.principal::<u64>().unwrap(), detached.get::<String>("secret").unwrap()),
        (None, None)
    );
    victim.reload().await.unwrap();
    assert_eq!(victim.get::<u64>("a").unwrap(), Some(1));
}

#[tokio::test]
async fn detached_refuses_what_needs_a_cookie() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    let detached = Detached::of(&session).unwrap();
    let refused = [
        detached.login(42),
        detached.login(43),
        detached.logout(),
        detached.elevate(),
        detached.regenerate(),
        detached.credentials_changed(),
        detached.remember_me(true),
    ];
    assert!(refused.iter().all(|answer| matches!(answer, Err(SessionError::Detached))), "{refused:?}");
    assert!(!detached.is_modified());
    detached.invalidate().unwrap();
    assert_eq!(detached.commit().await.unwrap(), Outcome::Destroyed);
    assert!(site.opened(token).await.is_empty());

    let unstored: Session = site.sessions.create().await.unwrap();
    unstored.put("a", 1).unwrap();
    assert!(matches!(Detached::of(&unstored), Err(SessionError::Detached)));
}

#[tokio::test]
async fn a_detached_handle_keeps_no_session_alive() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    let detached = Detached::of(&session).unwrap();
    let before = session.expires_at();
    site.clock.advance(Duration::from_secs(7_000));
    detached.put("a", 2).unwrap();
    assert_eq!(detached.commit().await.unwrap(), Outcome::Committed);
    detached.commit().await.unwrap();
    detached.reload().await.unwrap();
    assert_eq!(detached.expires_at(), before);
    site.clock.advance(Duration::from_secs(200));
    assert!(site.opened(token).await.is_empty());
}

#[tokio::test]
async fn a_detached_handle_takes_no_flash() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    session.flash("notice", "saved").unwrap();
    session.commit().await.unwrap();
    let browser = site.opened(token).await;
    let detached = Detached::of(&browser).unwrap();
    assert!(detached.flash_messages().is_empty());
    detached.put("a", 2).unwrap();
    detached.commit().await.unwrap();
    assert!(!site.opened(token).await.flash_messages().is_empty());
}

#[tokio::test]
async fn a_read_only_handle_sees_and_writes_nothing() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    let reader = ReadOnly::of(&session);
    session.put("a", 7).unwrap();
    assert_eq!(reader.get::<u64>("a").unwrap(), Some(7), "what the request writes");
    assert!(matches!(reader.put("a", 8), Err(SessionError::ReadOnly)));
    assert!(matches!(reader.logout(), Err(SessionError::ReadOnly)));
    assert!(matches!(reader.commit().await, Err(SessionError::ReadOnly)));
    let detached = Detached::of(&reader).unwrap();
    assert!(matches!(detached.put("a", 8), Err(SessionError::ReadOnly)), "nor does what is made of it");
}

#[tokio::test]
async fn with_sealed_sessions_it_reads() {
    let checked = Revocation::Checked(RevocationStore::over(MemoryDriver::new()));
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), checked);
    let sessions = Sessions::builder(driver).build().unwrap();
    let session: Session = sessions.create().await.unwrap();
    session.login(42).unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    let detached = Detached::of(&session).unwrap();
    assert_eq!(detached.get::<u64>("a").unwrap(), Some(1));
    assert!(matches!(detached.put("a", 2), Err(SessionError::ReadOnly)));
    assert!(matches!(detached.commit().await, Err(SessionError::NotKept)));
    sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    detached.reload().await.unwrap();
    assert_eq!(detached.principal::<u64>().unwrap(), None);
}

/// Fields that are called as what a session can do.
#[derive(SessionSchema)]
struct Calls {
    watch: u8,
    detach: u8,
    read_only: u8,
    of: u8,
}

#[tokio::test]
async fn no_name_of_a_field_is_taken() {
    let site = Site::new();
    let session: Session<Calls> = site.sessions.create().await.unwrap();
    session.watch().set(1).unwrap();
    session.detach().set(2).unwrap();
    session.read_only().set(3).unwrap();
    session.of().set(4).unwrap();
    session.commit().await.unwrap();
    let detached = Detached::of(&session).unwrap();
    assert_eq!((detached.watch().get().unwrap(), detached.of().get().unwrap()), (1, 4));
    assert_eq!(ReadOnly::of(&session).detach().get().unwrap(), 2);
}
