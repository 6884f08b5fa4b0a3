//! The primary dies, and a replica takes its place.
//!
//! Replication does not wait: commits that were acknowledged in the moments before the death may be lost with it, which
//! no driver can change. What must hold is that none is applied twice, that what had reached the replica stays, and that
//! sessions go on by themselves.

use std::time::Instant;

use session_runtime::drivers::{RedisConfig, RedisConnectError, RedisDriver};
use session_tests::redis::{Options, Sentinels};

use super::load::Tally;
use super::stage::{LIMIT, breath, increment, sessions, soon, stored, stored_or_unavailable, views};
use session_tests::stage::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_go_on_after_a_failover() {
    let mut group = Sentinels::start(&Options::new());
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    let tally = Tally::default();
    let count = async || tally.note(&increment(&sessions, token).await);
    for _ in 0..50 {
        count().await;
    }
    // These have reached the replica.
    group.replicated();
    let safe = tally.acknowledged();
    for _ in 0..50 {
        count().await;
    }
    group.kill_primary();
    let (began, before) = (Instant::now(), tally.acknowledged());
    while tally.acknowledged() == before {
        assert!(began.elapsed() < LIMIT, "no commit succeeds after the failover");
        count().await;
        breath().await;
    }
    println!("a commit succeeded {:?} after the primary's death: {tally}", began.elapsed());
    group.promoted();
    // The promotion may have cut the new connection once more.
    soon(async || {
        count().await;
        (tally.acknowledged() > before + 50).then_some(())
    })
    .await;
    let views = soon(async || sessions.open::<Shop>(token).await.ok()).await.views().get().unwrap();
    println!("{} acknowledged commits were lost", tally.acknowledged().saturating_sub(views));
    assert!(views >= safe + 51, "{views} views, and {safe} had reached the replica");
    assert!(views <= tally.acknowledged() + tally.unknown(), "{views} views: {tally}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_follow_a_primary_that_is_switched() {
    let group = Sentinels::start(&Options::new());
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    for _ in 0..20 {
        increment(&sessions, token).await.unwrap();
    }
    group.replicated();
    group.switch();
    let began = Instant::now();
    soon(async || stored_or_unavailable(increment(&sessions, token).await)).await;
    // The driver has long moved when the old primary is made a replica of the new one.
    let demoted = || group.primary().info("role").is_some_and(|role| role == "slave");
    soon(async || demoted().then_some(())).await;
    println!("the old primary was told {:?} after the switch", began.elapsed());
    increment(&sessions, token).await.unwrap();
    let session = sessions.open::<Shop>(token).await.unwrap();
    assert_eq!(session.views().get().unwrap(), 22);
    let on_the_new: u64 = group.replica().ask(&["EXISTS", &format!("session:s:{}", token.selector())]);
    assert_eq!(on_the_new, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dead_sentinel_is_passed_over() {
    let mut group = Sentinels::start(&Options::new());
    group.kill_first_sentinel();
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    group.replicated();
    group.kill_primary();
    group.promoted();
    soon(async || stored_or_unavailable(increment(&sessions, token).await)).await;
    assert_eq!(views(&sessions, token).await, 1);
    let unknown = RedisDriver::connect(RedisConfig::sentinel(group.urls(), "nobody")).await.unwrap_err();
    assert!(matches!(unknown, RedisConnectError::Unreachable { .. }), "{unknown:?}");
}
