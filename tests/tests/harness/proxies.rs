//! The proxy does what it is told, once, and then passes everything.

use std::time::Duration;

use redis::{Client, Connection, RedisResult};
use session_tests::redis::{Options, Proxy, Server, Trick};
use tokio::task::spawn_blocking;

async fn connect(proxy: &Proxy) -> Connection {
    let client = Client::open(format!("redis://127.0.0.1:{}", proxy.port())).unwrap();
    spawn_blocking(move || {
        let connection = client.get_connection().unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        connection
    })
    .await
    .unwrap()
}

async fn increment(mut connection: Connection) -> (RedisResult<u64>, Connection) {
    spawn_blocking(move || (redis::cmd("INCR").arg("n").query(&mut connection), connection)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trick_is_played_once() {
    let server = Server::start(&Options::new());
    let proxy = Proxy::start(server.port()).await;
    let stored = || server.ask::<Option<u64>>(&["GET", "n"]).unwrap_or_default();
    for (trick, reached) in [
        (Trick::SwallowRequest, 0),
        (Trick::CutRequest(5), 0),
        (Trick::SwallowReply, 1),
        (Trick::CutReply(1), 1),
    ] {
        let (before, connection) = (stored(), connect(&proxy).await);
        proxy.play(trick);
        let (answer, _) = increment(connection).await;
        assert!(answer.is_err(), "{trick:?}");
        proxy.played().await;
        assert_eq!(stored(), before + reached, "{trick:?}");
        let (answer, _) = increment(connect(&proxy).await).await;
        assert_eq!(answer.unwrap(), before + reached + 1, "after {trick:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_arrives_later() {
    let server = Server::start(&Options::new());
    let proxy = Proxy::start(server.port()).await;
    let connection = connect(&proxy).await;
    proxy.play(Trick::Hold);
    let held = tokio::spawn(increment(connection));
    while server.ask::<Option<u64>>(&["GET", "n"]).is_none() {
        tokio::task::yield_now().await;
    }
    assert!(!held.is_finished());
    proxy.pass();
    assert_eq!(held.await.unwrap().0.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_cut_and_refused_and_accepted_again() {
    let server = Server::start(&Options::new());
    let mut proxy = Proxy::start(server.port()).await;
    let connection = connect(&proxy).await;
    proxy.cut();
    assert!(increment(connection).await.0.is_err());
    assert_eq!(increment(connect(&proxy).await).await.0.unwrap(), 1);
    proxy.refuse().await;
    let url = format!("redis://127.0.0.1:{}", proxy.port());
    let refused = spawn_blocking(move || Client::open(url).unwrap().get_connection().is_err());
    assert!(refused.await.unwrap());
    proxy.listen().await;
    assert_eq!(increment(connect(&proxy).await).await.0.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_are_round_trips() {
    let server = Server::start(&Options::new());
    let proxy = Proxy::start(server.port()).await;
    let mut connection = connect(&proxy).await;
    let before = proxy.turns();
    let connection = spawn_blocking(move || {
        let mut pipeline = redis::pipe();
        pipeline.cmd("INCR").arg("n").cmd("INCR").arg("n");
        assert_eq!(pipeline.query::<(u64, u64)>(&mut connection).unwrap(), (1, 2));
        connection
    });
    increment(connection.await.unwrap()).await.0.unwrap();
    assert_eq!(proxy.turns() - before, 2, "a pipeline of two, and one command");
}
