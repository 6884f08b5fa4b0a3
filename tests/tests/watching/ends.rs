//! Ends in this process, and ends by time.

use std::time::Duration;

use session_runtime::drivers::BoxError;
use session_runtime::testing::Call;
use session_runtime::{CredentialSource, End, Session};

use super::site::{Site, end_of};

#[tokio::test]
async fn watch_resolves_at_once_on_a_logout_and_its_like() {
    type Act = fn(&Session);
    let acts: [(&str, Act); 4] = [
        ("logout", |session| session.logout().unwrap()),
        ("invalidate", |session| session.invalidate().unwrap()),
        ("login as somebody else", |session| session.login(43).unwrap()),
        ("other credentials", |session| assert!(!session.check_credentials(b"other").unwrap())),
    ];
    for (what, act) in acts {
        let site = Site::new();
        let (session, token) = site.signed_in(42).await;
        session.bind_credentials(b"present").unwrap();
        session.commit().await.unwrap();
        let mut watch = session.watch();
        assert_eq!(end_of(&mut watch), None, "{what}");
        let other = site.opened(token).await;
        act(&other);
        assert_eq!(end_of(&mut watch), None, "{what}: not before it is committed");
        other.commit().await.unwrap();
        assert_eq!(end_of(&mut watch), Some(End::Ended), "{what}");
    }
}

#[tokio::test]
async fn watch_resolves_at_once_on_revoke_all() {
    let site = Site::new();
    let ((one, _), (other, _), (bobs, _)) =
        (site.signed_in(42).await, site.signed_in(42).await, site.signed_in(43).await);
    let mut watches = [one.watch(), other.watch(), bobs.watch()];
    assert_eq!(watches.each_mut().map(end_of), [None; 3]);
    site.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(watches.each_mut().map(end_of), [Some(End::Ended), Some(End::Ended), None]);
}

#[tokio::test]
async fn watch_resolves_at_once_where_credentials_changed_elsewhere() {
    let site = Site::new();
    let ((here, _), (there, _)) = (site.signed_in(42).await, site.signed_in(42).await);
    let mut watches = [here.watch(), there.watch()];
    assert_eq!(watches.each_mut().map(end_of), [None; 2]);
    here.credentials_changed().unwrap();
    here.commit().await.unwrap();
    assert_eq!(watches.each_mut().map(end_of), [None, Some(End::Ended)]);
}

#[tokio::test]
async fn watch_resolves_when_nothing_is_left_of_the_session() {
    let site = Site::new();
    let session: Session = site.sessions.create().await.unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    session.forget("a").unwrap();
    session.commit().await.unwrap();
    assert_eq!(end_of(&mut watch), Some(End::Ended));
}

struct Changed;

impl CredentialSource for Changed {
    async fn current(&self, _: &str) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(Some(b"changed".to_vec()))
    }
}

#[tokio::test]
async fn watch_resolves_when_the_source_knows_other_credentials() {
    let site = Site::with(|builder| builder.credentials(Changed));
    let (session, _) = site.signed_in(42).await;
    session.bind_credentials(b"present").unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.watch().await, End::Ended);
    assert_eq!(site.spy.driver().len(), 0);
}

#[tokio::test]
async fn a_new_secret_is_no_end() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    let mut watch = session.watch();
    let other = site.opened(token).await;
    let acts: [fn(&Session); 3] = [
        |session| session.elevate().unwrap(),
        |session| session.login(42).unwrap(),
        |session| session.regenerate().unwrap(),
    ];
    for act in acts {
        act(&other);
        other.commit().await.unwrap();
        assert_eq!(end_of(&mut watch), None);
    }
    assert_eq!(end_of(&mut session.watch()), None, "nor to a watch that begins now");
}

#[tokio::test]
async fn a_login_ends_the_watch_of_an_anonymous_session() {
    let site = Site::new();
    let session: Session = site.sessions.create().await.unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    let token = site.sessions.token(&session).unwrap();
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    let victim = site.opened(token).await;
    victim.login(42).unwrap();
    victim.commit().await.unwrap();
    assert_eq!(end_of(&mut watch), Some(End::Ended), "whoever planted the session hears no more of it");
    assert_eq!(end_of(&mut session.watch()), Some(End::Ended));
}

#[tokio::test]
async fn where_nothing_is_stored_the_wait_is_over_at_once() {
    let site = Site::new();
    let session: Session = site.sessions.create().await.unwrap();
    session.put("a", 1).unwrap();
    assert_eq!(session.watch().await, End::Ended);
}

#[tokio::test(start_paused = true)]
async fn watch_resolves_at_expiry_and_not_before_though_touched() {
    let site = Site::new();
    let (session, token) = site.signed_in(42).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    // Touched after an hour, the session lives for an hour longer.
    site.clock.advance(Duration::from_secs(3_600));
    let other = site.opened(token).await;
    other.put("a", 2).unwrap();
    other.commit().await.unwrap();
    site.clock.advance(Duration::from_millis(7_200_000 - 1));
    assert!(tokio::time::timeout(Duration::from_secs(60), &mut watch).await.is_err(), "not before");
    site.clock.advance(Duration::from_millis(1));
    assert_eq!(watch.await, End::Expired);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_watch_leaves_nothing() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    site.spy.forget();
    assert!(tokio::time::timeout(Duration::from_secs(60), &mut watch).await.is_err());
    let loads = site.spy.calls().len();
    assert!((4..=5).contains(&loads), "{loads} looks in a minute");
    assert!(site.spy.calls().iter().all(|call| *call == Call::Load));
    drop(watch);
    site.spy.forget();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(site.spy.calls(), []);
}
