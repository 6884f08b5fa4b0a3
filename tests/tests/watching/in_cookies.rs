//! Sessions that their browsers carry.

use std::sync::Arc;
use std::time::Duration;

use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore};
use session_runtime::testing::ManualClock;
use session_runtime::{End, Session, Sessions};
use tokio::time::timeout;

use super::site::end_of;

async fn signed_in(sessions: &Sessions) -> Session {
    let session: Session = sessions.create().await.unwrap();
    session.login(42).unwrap();
    session.commit().await.unwrap();
    session
}

#[tokio::test(start_paused = true)]
async fn a_revocation_ends_the_watch_here_and_elsewhere() {
    let (clock, keys) = (ManualClock::default(), KeyRing::ephemeral().unwrap());
    let store = Arc::new(MemoryDriver::new().with_clock(clock.clone()));
    let server = || {
        let checked = Revocation::Checked(RevocationStore::over(store.clone()));
        Sessions::builder(CookieDriver::new(keys.clone(), checked)).clock(clock.clone()).build().unwrap()
    };
    let (here, there) = (server(), server());
    let session = signed_in(&here).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    clock.advance(Duration::from_secs(1));
    there.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(end_of(&mut watch), None);
    assert_eq!(timeout(Duration::from_secs(15), watch).await.unwrap(), End::Ended);

    clock.advance(Duration::from_secs(1));
    let session = signed_in(&here).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    session.logout().unwrap();
    session.commit().await.unwrap();
    assert_eq!(end_of(&mut watch), Some(End::Ended), "at once");
}

#[tokio::test(start_paused = true)]
async fn without_a_store_the_deadline_ends_the_watch() {
    let clock = ManualClock::default();
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
    let sessions = Sessions::builder(driver).clock(clock.clone()).build().unwrap();
    let session = signed_in(&sessions).await;
    let mut watch = session.watch();
    clock.advance(Duration::from_secs(7_199));
    assert!(timeout(Duration::from_secs(60), &mut watch).await.is_err());
    clock.advance(Duration::from_secs(1));
    assert_eq!(watch.await, End::Expired);
}
