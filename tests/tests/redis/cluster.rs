//! A cluster with a master down, and one whose slots move while commits are on their way.

use session_runtime::drivers::RedisConfig;
use session_runtime::{Sessions, Token};
use session_tests::redis::{Cluster, Options};

use super::load::Load;
use super::stage::{increment, sessions, stored, unavailable, views};

/// Sessions, and the number of the master that each of them is on.
async fn spread(cluster: &Cluster, sessions: &Sessions, count: usize) -> Vec<(Token, usize)> {
    let mut spread = Vec::new();
    for _ in 0..count {
        let token = stored(sessions).await;
        let selector = token.selector().to_string();
        let holder = cluster
            .nodes()
            .iter()
            .position(|node| node.keys().iter().any(|key| String::from_utf8_lossy(key).contains(&selector)));
        spread.push((token, holder.unwrap()));
    }
    spread
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_on_the_other_masters_go_on_when_one_is_down() {
    let mut cluster = Cluster::start(&Options::new().append_only());
    let sessions = sessions(RedisConfig::cluster(cluster.urls())).await;
    let spread = spread(&cluster, &sessions, 30).await;
    for number in 0..3 {
        assert!(spread.iter().any(|(_, holder)| *holder == number), "no session on master {number}");
    }
    cluster.node(0).kill();
    for round in 1..=3 {
        for (token, holder) in &spread {
            let answer = increment(&sessions, *token).await;
            if *holder == 0 {
                unavailable(&answer);
            } else {
                answer.unwrap_or_else(|error| panic!("round {round}, master {holder}: {error:?}"));
                assert_eq!(views(&sessions, *token).await, round);
            }
        }
    }
    cluster.node(0).restart();
    cluster.settle();
    for (token, _) in spread.iter().filter(|(_, holder)| *holder == 0) {
        while let Err(error) = increment(&sessions, *token).await {
            unavailable::<()>(&Err(error));
        }
        assert!(views(&sessions, *token).await >= 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn slots_that_move_under_load_lose_and_double_nothing() {
    let cluster = Cluster::start(&Options::new());
    let sessions = sessions(RedisConfig::cluster(cluster.urls())).await;
    let token = stored(&sessions).await;
    let key = cluster.nodes().iter().flat_map(session_tests::redis::Server::keys).next().unwrap();
    let slot = cluster.slot(&String::from_utf8(key).unwrap());
    let load = Load::start(&sessions, token, 8);
    for _ in 0..6 {
        load.tally.grows_by(50).await;
        let moving = cluster.begin_move(slot, (cluster.holder(slot) + 1) % 3);
        load.tally.grows_by(50).await;
        moving.finish();
    }
    load.tally.grows_by(50).await;
    load.end().await.assert_exact(views(&sessions, token).await);
}
