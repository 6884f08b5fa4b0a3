//! Ends that another process brings about, over one store.

use std::sync::Arc;
use std::time::Duration;

use session_runtime::drivers::{Durability, FileConfig, FileDriver, RedisConfig, RedisDriver};
use session_runtime::testing::{Call, Fault, ManualClock};
use session_runtime::{Clock as _, End, SystemClock};
use session_tests::redis::{Options, Server};
use tokio::time::{Instant, timeout};

use super::site::{Site, end_of};

const INTERVAL: Duration = Duration::from_secs(15);

#[tokio::test(start_paused = true)]
async fn watch_resolves_from_another_process_within_the_interval() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    site.elsewhere().sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(end_of(&mut watch), None, "nobody has told this process");
    let before = Instant::now();
    assert_eq!(watch.await, End::Ended);
    let waited = before.elapsed();
    assert!(waited <= INTERVAL && waited >= INTERVAL.mul_f64(0.9), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn the_interval_is_configured() {
    let site = Site::with(|builder| builder.watch_every(Duration::from_secs(2)));
    let (session, token) = site.signed_in(42).await;
    let mut watch = session.watch();
    assert_eq!(end_of(&mut watch), None);
    let other = site.elsewhere();
    let session = other.opened(token).await;
    session.logout().unwrap();
    session.commit().await.unwrap();
    assert_eq!(timeout(Duration::from_secs(2), watch).await.unwrap(), End::Ended);
}

#[tokio::test(start_paused = true)]
async fn endless_intervals_and_lives_do_not_panic() {
    let site = Site::with(|builder| {
        builder.watch_every(Duration::MAX).absolute_lifetime(Duration::MAX).idle_timeout(Duration::MAX)
    });
    let (session, _) = site.signed_in(42).await;
    let mut watch = session.watch();
    assert!(timeout(Duration::from_secs(3_600), &mut watch).await.is_err());
    site.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(watch.await, End::Ended);
}

#[tokio::test]
async fn what_ended_before_the_watch_began_is_found_at_once() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    site.elsewhere().sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(end_of(&mut session.watch()), Some(End::Ended));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_no_end() {
    let site = Site::new();
    let (session, _) = site.signed_in(42).await;
    let mut watch = session.watch();
    site.spy.fail(Call::Load, Fault::Unavailable);
    assert!(timeout(Duration::from_secs(120), &mut watch).await.is_err());
    site.clock.advance(Duration::from_secs(8_000));
    assert!(timeout(Duration::from_secs(120), &mut watch).await.is_err(), "somebody may have touched it");
    site.spy.recover();
    assert_eq!(timeout(INTERVAL, watch).await.unwrap(), End::Expired);
}

#[tokio::test]
async fn processes_over_one_redis_hear_of_each_other() {
    let server = Server::start(&Options::new());
    let clock = ManualClock::at(SystemClock.now());
    let site = async || {
        let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
        let driver = Arc::new(driver.with_clock(clock.clone()));
        Site::over(driver, clock.clone(), |builder| builder.watch_every(Duration::from_millis(20)))
    };
    let (here, there) = (site().await, site().await);
    let ((session, _), (kept, _)) = (here.signed_in(42).await, here.signed_in(43).await);
    let (mut watch, mut other) = (session.watch(), kept.watch());
    assert_eq!((end_of(&mut watch), end_of(&mut other)), (None, None));
    there.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(watch.await, End::Ended);
    assert_eq!(end_of(&mut other), None);
}

#[tokio::test(start_paused = true)]
async fn processes_over_one_folder_hear_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::default();
    let site = || {
        let location = FileConfig::new(folder.path().join("sessions"));
        let config = FileConfig { durability: Durability::Rename, ..location };
        let driver = FileDriver::open(config).unwrap().with_clock(clock.clone());
        Site::over(Arc::new(driver), clock.clone(), |builder| builder)
    };
    let (here, there) = (site(), site());
    let (session, _) = here.signed_in(42).await;
    let mut watch = session.watch();
    assert!(timeout(INTERVAL * 3, &mut watch).await.is_err());
    there.sessions.of(&42).unwrap().revoke_all().await.map(drop).unwrap();
    assert_eq!(watch.await, End::Ended);
}
