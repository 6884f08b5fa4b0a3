//! The conformance kit on every topology: a server for each check, but one cluster and one group of sentinels for all,
//! where each check has a prefix of its own.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use session_runtime::driver_conformance;
use session_runtime::drivers::{RedisConfig, RedisDriver};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;
use session_tests::redis::{Cluster, Options, Sentinels, Server};

// Each belongs to the thread of its test, and ends with it.
thread_local! {
    static CLUSTER: OnceCell<Cluster> = const { OnceCell::new() };
    static SENTINELS: OnceCell<Sentinels> = const { OnceCell::new() };
}

async fn standalone(clock: ManualClock) -> Subject<RedisDriver> {
    let server = Server::start(&Options::new());
    // The server ends with the check that holds the subject.
    subject(RedisConfig::standalone(server.url()), clock, server).await
}

async fn cluster(clock: ManualClock) -> Subject<RedisDriver> {
    let urls = CLUSTER.with(|cluster| cluster.get_or_init(|| Cluster::start(&Options::new())).urls());
    subject(RedisConfig::cluster(urls), clock, ()).await
}

async fn sentinel(clock: ManualClock) -> Subject<RedisDriver> {
    let urls = SENTINELS.with(|group| group.get_or_init(|| Sentinels::start(&Options::new())).urls());
    subject(RedisConfig::sentinel(urls, Sentinels::MASTER), clock, ()).await
}

/// A driver under a prefix that nobody has used, so that its store is empty.
async fn subject(
    mut config: RedisConfig,
    clock: ManualClock,
    held: impl Send + Sync + 'static,
) -> Subject<RedisDriver> {
    static PREFIXES: AtomicUsize = AtomicUsize::new(0);
    config.prefix = format!("check{}", PREFIXES.fetch_add(1, Ordering::Relaxed));
    let open = move || {
        let (config, clock) = (config.clone(), clock.clone());
        async move { RedisDriver::connect(config).await.unwrap().with_clock(clock) }
    };
    let driver = open().await;
    Subject::new(driver).expiring_by_itself().opened_again_by(move || {
        let _ = &held;
        open()
    })
}

driver_conformance!(redis_standalone, standalone);
driver_conformance!(one_test redis_cluster, cluster);
driver_conformance!(one_test redis_sentinel, sentinel);
