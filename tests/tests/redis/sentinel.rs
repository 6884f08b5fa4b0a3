//! The primary dies, and a replica takes its place.
//!
//! Replication does not wait: commits that were acknowledged in the moments before the death may be lost with it, which
//! no driver can change. What must hold is that none is applied twice, that what had reached the replica stays, and that
//! sessions go on by themselves.

use std::time::Instant;

use session_runtime::drivers::RedisConfig;
use session_tests::redis::{Options, Sentinels};

use super::load::Tally;
use super::stage::{LIMIT, increment, sessions, stored, views};

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
        tokio::task::yield_now().await;
    }
    println!("a commit succeeded {:?} after the primary's death: {tally}", began.elapsed());
    group.promoted();
    for _ in 0..50 {
        count().await;
    }
    let views = views(&sessions, token).await;
    println!("{} acknowledged commits were lost", tally.acknowledged().saturating_sub(views));
    assert!(views >= safe + 51, "{views} views, and {safe} had reached the replica");
    assert!(views <= tally.acknowledged() + tally.unknown(), "{views} views: {tally}");
}
