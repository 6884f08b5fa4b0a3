//! Faults on the way to a cluster: its masters stand behind proxies, and tell clients to go there.

use std::time::{Duration, Instant};

use session_runtime::drivers::RedisConfig;
use session_runtime::{Sessions, Token};
use session_tests::redis::{Cluster, Options, Proxy, Trick};

use super::cluster::spread;
use super::load::{Load, Tally};
use super::stage::{browser, increment, sessions, soon, stored, stored_or_unavailable, unavailable, views};
use session_tests::stage::{Acts, Shop};

/// A cluster whose masters stand behind proxies.
struct Behind {
    cluster: Cluster,
    proxies: Vec<Proxy>,
    sessions: Sessions,
}

impl Behind {
    async fn start() -> Self {
        let cluster = Cluster::start(&Options::new());
        let mut proxies = Vec::new();
        for node in cluster.nodes() {
            proxies.push(Proxy::start(node.port()).await);
        }
        let ports: Vec<u16> = proxies.iter().map(Proxy::port).collect();
        cluster.announce(&ports);
        let urls = ports.iter().map(|port| format!("redis://127.0.0.1:{port}"));
        Self { sessions: sessions(RedisConfig::cluster(urls)).await, cluster, proxies }
    }

    /// What is stored, told by a driver that is made for the purpose.
    async fn views(&self, token: Token) -> u64 {
        let urls = self.proxies.iter().map(|proxy| format!("redis://127.0.0.1:{}", proxy.port()));
        views(&sessions(RedisConfig::cluster(urls)).await, token).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_increment_whose_answer_is_lost_in_a_cluster_counts_once() {
    let behind = Behind::start().await;
    let (token, holder) = spread(&behind.cluster, &behind.sessions, 1).await[0];
    let tally = Tally::default();
    for trick in [Trick::SwallowReply, Trick::CutReply(1), Trick::SwallowRequest] {
        for _ in 0..5 {
            let session = soon(async || behind.sessions.open::<Shop>(token).await.ok()).await;
            session.views().increment().unwrap();
            let before = behind.views(token).await;
            behind.proxies[holder].play(trick);
            tally.note(&session.commit().await);
            behind.proxies[holder].played().await;
            let more = behind.views(token).await - before;
            let most = u64::from(trick != Trick::SwallowRequest);
            assert!(more <= most, "{trick:?}: one increment counts as {more}");
        }
    }
    assert!(tally.unknown() >= 10, "most tricks hit an answer of somebody else: {tally}");
    tally.assert_exact(behind.views(token).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_to_a_cluster_cut_under_load_lose_and_double_nothing() {
    let behind = Behind::start().await;
    let token = stored(&behind.sessions).await;
    let load = Load::start(&behind.sessions, token, 16);
    for _ in 0..10 {
        load.tally.grows_by(50).await;
        behind.proxies.iter().for_each(Proxy::cut);
    }
    load.tally.grows_by(50).await;
    load.end().await.assert_exact(behind.views(token).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_silent_master_holds_up_nobody_elses_session() {
    let behind = Behind::start().await;
    let spread = spread(&behind.cluster, &behind.sessions, 20).await;
    let (silent, others): (Vec<_>, Vec<_>) = spread.into_iter().partition(|(_, holder)| *holder == 0);
    behind.proxies[0].play(Trick::Hold);
    let mut slowest = Duration::ZERO;
    for cut in [false, true] {
        if cut {
            // New connections are accepted and get no answer.
            behind.proxies[0].cut();
        }
        for (token, _) in &silent {
            let (sessions, token) = (behind.sessions.clone(), *token);
            let failing = tokio::spawn(async move { unavailable(&increment(&sessions, token).await) });
            for (token, holder) in &others {
                let began = Instant::now();
                let answer = increment(&behind.sessions, *token).await;
                slowest = slowest.max(began.elapsed());
                answer.unwrap_or_else(|error| panic!("cut: {cut}, master {holder}: {error:?}"));
            }
            failing.await.unwrap();
        }
    }
    println!("beside a silent master, the slowest commit took {slowest:?}");
    behind.proxies[0].pass();
    for (token, _) in &silent {
        soon(async || stored_or_unavailable(increment(&behind.sessions, *token).await)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_costs_no_more_round_trips_in_a_cluster() {
    let behind = Behind::start().await;
    let browser = browser(&behind.sessions);
    for (script, most) in
        [("increment", 1), ("", 0), ("load", 1), ("increment", 2), ("login 42", 4), ("logout", 3)]
    {
        let turns = || behind.proxies.iter().map(Proxy::turns).sum::<usize>();
        let before = turns();
        assert!(browser.run(script).await.status().is_success());
        let cost = turns() - before;
        println!("`{script}`: {cost} round trips in a cluster");
        assert!(cost <= most, "`{script}` took {cost} round trips, over {most}");
    }
}
