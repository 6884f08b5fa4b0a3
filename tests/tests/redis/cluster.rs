//! A cluster with a master down, and one whose slots move while commits are on their way.

use std::time::Instant;

use session_runtime::drivers::{Driver as _, DriverError, RedisConfig};
use session_runtime::record::Principal;
use session_runtime::{JsonText, Sessions, Token};
use session_tests::redis::{Cluster, Options};

use super::load::Load;
use super::stage::{driver, increment, sessions, soon, stored, stored_or_unavailable, unavailable, views};
use session_tests::stage::Shop;

/// Sessions, and the number of the master that each of them is on.
pub(super) async fn spread(cluster: &Cluster, sessions: &Sessions, count: usize) -> Vec<(Token, usize)> {
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

fn index_slot(cluster: &Cluster, user: u64) -> u16 {
    let principal = Principal::new(JsonText::parse(&user.to_string()).unwrap());
    cluster.slot(&format!("session:p:{}", principal.key()))
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
    // Where the index of a principal is on the dead master, nobody becomes him, and the session stays what it was.
    let user = (1..1_000).find(|user| cluster.holder(index_slot(&cluster, *user)) == 0).unwrap();
    for (token, holder) in spread.iter().filter(|(_, holder)| *holder != 0).take(5) {
        let session = sessions.open::<Shop>(*token).await.unwrap();
        session.user().login(user).unwrap();
        unavailable(&session.commit().await);
        let session = sessions.open::<Shop>(*token).await.unwrap();
        assert_eq!(session.user().get().unwrap(), None, "master {holder}");
    }
    cluster.node(0).restart();
    cluster.settle();
    for (token, _) in spread.iter().filter(|(_, holder)| *holder == 0) {
        soon(async || stored_or_unavailable(increment(&sessions, *token).await)).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_go_on_when_a_replica_takes_over_from_a_dead_master() {
    let mut cluster = Cluster::start(&Options::new());
    cluster.add_replica(0);
    let sessions = sessions(RedisConfig::cluster(cluster.urls())).await;
    let spread = spread(&cluster, &sessions, 20).await;
    let (moved, others): (Vec<_>, Vec<_>) = spread.into_iter().partition(|(_, holder)| *holder == 0);
    assert!(!moved.is_empty() && !others.is_empty());
    cluster.replicated();
    cluster.node(0).kill();
    cluster.promoted();
    let began = Instant::now();
    for (token, _) in moved {
        soon(async || stored_or_unavailable(increment(&sessions, token).await)).await;
        assert_eq!(views(&sessions, token).await, 1);
    }
    println!("all go on {:?} after the promotion", began.elapsed());
    for (token, _) in others {
        increment(&sessions, token).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revocation_ends_the_sessions_it_reaches_and_says_that_it_did_not_reach_all() {
    let mut cluster = Cluster::start(&Options::new().append_only());
    let config = RedisConfig::cluster(cluster.urls());
    let (sessions, driver) = (sessions(config.clone()).await, driver(config).await);
    let user = (1..1_000).find(|user| cluster.holder(index_slot(&cluster, *user)) != 0).unwrap();
    let principal = Principal::new(JsonText::parse(&user.to_string()).unwrap());
    let spread = spread(&cluster, &sessions, 20).await;
    for (token, _) in &spread {
        let session = sessions.open::<Shop>(*token).await.unwrap();
        session.user().login(user).unwrap();
        session.commit().await.unwrap();
    }
    let (unreached, reached): (Vec<_>, Vec<_>) = spread.into_iter().partition(|(_, holder)| *holder == 0);
    assert!(!unreached.is_empty() && !reached.is_empty());
    cluster.node(0).kill();
    let revoked = driver.revoke_all(principal.key(), None).await;
    assert!(matches!(revoked, Err(DriverError::Unavailable { .. })), "{revoked:?}");
    for (token, holder) in &reached {
        assert!(
            driver.load(&token.selector()).await.unwrap().is_none(),
            "a session on master {holder} lives on"
        );
    }
    cluster.node(0).restart();
    cluster.settle();
    let again = soon(async || driver.revoke_all(principal.key(), None).await.ok()).await;
    assert_eq!(again, unreached.len(), "those that were out of reach are still listed");
    for (token, _) in &unreached {
        assert!(driver.load(&token.selector()).await.unwrap().is_none());
    }
}
