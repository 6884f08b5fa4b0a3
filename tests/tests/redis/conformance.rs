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
    subject(RedisConfig::standalone(server.url()), clock, move |key| damage(&server, key)).await
}

async fn cluster(clock: ManualClock) -> Subject<RedisDriver> {
    let urls = CLUSTER.with(|cluster| cluster.get_or_init(|| Cluster::start(&Options::new())).urls());
    let damage = |key: &str| {
        CLUSTER.with(|cluster| {
            let cluster = cluster.get().unwrap();
            damage(&cluster.nodes()[cluster.holder(cluster.slot(key))], key);
        });
    };
    subject(RedisConfig::cluster(urls), clock, damage).await
}

async fn sentinel(clock: ManualClock) -> Subject<RedisDriver> {
    let urls = SENTINELS.with(|group| group.get_or_init(|| Sentinels::start(&Options::new())).urls());
    let damage = |key: &str| SENTINELS.with(|group| damage(group.get().unwrap().primary(), key));
    subject(RedisConfig::sentinel(urls, Sentinels::MASTER), clock, damage).await
}

/// Puts something else in the place of a session, which ends when the session does.
fn damage(server: &Server, key: &str) {
    let _: String = server.ask(&["SET", key, "hunter2", "KEEPTTL"]);
}

/// A driver under a prefix that nobody has used, so that its store is empty.
async fn subject(
    mut config: RedisConfig,
    clock: ManualClock,
    damage: impl Fn(&str) + Send + Sync + 'static,
) -> Subject<RedisDriver> {
    static PREFIXES: AtomicUsize = AtomicUsize::new(0);
    let prefix = format!("check{}", PREFIXES.fetch_add(1, Ordering::Relaxed));
    config.prefix.clone_from(&prefix);
    let open = move || {
        let (config, clock) = (config.clone(), clock.clone());
        async move { RedisDriver::connect(config).await.unwrap().with_clock(clock) }
    };
    let driver = open().await;
    Subject::new(driver).expiring_by_itself().remembering_the_destroyed().opened_again_by(open).corrupted_by(
        move |selector| {
            damage(&format!("{prefix}:s:{selector}"));
            async {}
        },
    )
}

driver_conformance!(redis_standalone, standalone);
driver_conformance!(one_test redis_cluster, cluster);
driver_conformance!(one_test redis_sentinel, sentinel);
