//! The sentinels choose another primary while the old one lives on and knows nothing of it.
//!
//! Sentinels tell the old primary about ten seconds later that it is a replica now. Here it refuses to hear that, so that
//! it goes on for ever: who waits for it to refuse writes waits in vain.

use std::time::Instant;

use session_runtime::drivers::{Applicability, RedisConfig, RedisConnectError, RedisDriver};
use session_tests::redis::{Options, Sentinels, Server, until};
use session_tests::stage::Shop;

use super::load::Load;
use super::stage::{increment, sessions, soon, stored, unavailable, views};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_primary_that_is_not_told_of_its_successor_is_left() {
    let group = group_with_a_stubborn_primary();
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    for _ in 0..50 {
        increment(&sessions, token).await.unwrap();
    }
    group.replicated();

    let load = Load::start(&sessions, token, 4);
    load.tally.grows_by(50).await;
    let began = Instant::now();
    group.switch();
    let switched = began.elapsed();
    until("a commit on the new primary", || (commits_on(group.replica()) > 0).then_some(()));
    let moved = began.elapsed();
    assert_eq!(role(group.primary()), "master", "the old one knows nothing");
    let (tally, kept) = (load.end().await, views(&sessions, token).await);
    let lost = (tally.acknowledged() + 50).saturating_sub(kept);
    println!(
        "all sentinels knew after {switched:?}, commits on the new primary after {moved:?}, lost: {lost}; {tally}"
    );
    assert!(kept >= 50, "what had reached the replica stays: {kept}");

    // From then on nothing is lost.
    let load = Load::start(&sessions, token, 4);
    load.tally.grows_by(100).await;
    load.end().await.assert_exact(views(&sessions, token).await - kept);
    assert_eq!(role(group.primary()), "master");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_acknowledged_while_the_primary_is_being_replaced() {
    let group = Sentinels::start(&Options::new());
    // The promotion never comes about, and the sentinels give it up after a few seconds.
    make_stubborn(group.replica());
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    let load = Load::start(&sessions, token, 4);
    load.tally.grows_by(50).await;
    group.begin_switch();
    let refused = soon(async || sessions.open::<Shop>(token).await.err()).await;
    let told = std::error::Error::source(&refused).unwrap().to_string();
    assert!(told.contains("there is no connection to redis"), "{told}");
    assert_eq!(role(group.primary()), "master", "nobody but the sentinels knows");
    assert_eq!(role(group.replica()), "slave");
    // The sentinels give up, and the primary that there was is used again.
    load.tally.grows_by(100).await;
    load.end().await.assert_exact(views(&sessions, token).await);
    assert_eq!(commits_on(group.replica()), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replica_is_no_primary_whatever_sentinels_say() {
    let group = Sentinels::start(&Options::new());
    let config = RedisConfig::sentinel(group.urls(), Sentinels::MASTER);
    drop(RedisDriver::connect(config.clone()).await.unwrap());
    // It takes the sentinels several seconds to doubt it.
    let port = group.replica().port().to_string();
    let _: () = group.primary().ask(&["REPLICAOF", "127.0.0.1", &port]);
    let refused = RedisDriver::connect(config).await.unwrap_err();
    let RedisConnectError::Unreachable { source } = &refused else { panic!("{refused:?}") };
    assert_eq!(source.to_string(), "no sentinel knows the primary");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_driver_that_nobody_uses_moves_as_well() {
    let group = group_with_a_stubborn_primary();
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    group.replicated();
    let before = clients_of(group.primary());
    group.switch();
    until("a driver that leaves the old primary", || (clients_of(group.primary()) < before).then_some(()));
    until("a driver that is connected to the new one", || (clients_of(group.replica()) > 1).then_some(()));
    assert_eq!(role(group.primary()), "master");
    assert_eq!(commits_on(group.replica()), 0);
    soon(async || sessions.open::<Shop>(token).await.ok()).await;
    increment(&sessions, token).await.unwrap();
    assert_eq!(commits_on(group.replica()), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sentinels_that_publish_nothing_are_asked() {
    let group = group_with_a_stubborn_primary();
    group.mute();
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    group.replicated();
    group.switch();
    until("a driver that is connected to the new primary", || {
        (clients_of(group.replica()) > 1).then_some(())
    });
    soon(async || increment(&sessions, token).await.ok()).await;
    assert_eq!((commits_on(group.replica()), role(group.primary()).as_str()), (1, "master"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sentinels_are_left_alone_once_the_driver_is_gone() {
    let group = Sentinels::start(&Options::new());
    let sessions = sessions(RedisConfig::sentinel(group.urls(), Sentinels::MASTER)).await;
    increment(&sessions, stored(&sessions).await).await.unwrap();
    until("a connection to each sentinel", || (group.clients() == 3).then_some(()));
    drop(sessions);
    until("sentinels that nobody asks", || (group.clients() == 0).then_some(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn user_password_and_database_are_the_servers_where_sentinels_want_none() {
    let group = Sentinels::start(&Options::new());
    for server in [group.primary(), group.replica()] {
        let _: () = server.ask(&["ACL", "SETUSER", "shop", "on", ">open-sesame", "~*", "&*", "+@all"]);
    }
    let of_nobody = RedisConfig::sentinel(group.urls_with("", "/3"), Sentinels::MASTER);
    drop(RedisDriver::connect(of_nobody).await.unwrap());
    let urls = group.urls_with("shop:open-sesame@", "/3");
    let sessions = sessions(RedisConfig::sentinel(urls, Sentinels::MASTER)).await;
    let token = stored(&sessions).await;
    increment(&sessions, token).await.unwrap();
    assert_eq!(keys_by_database(group.primary()), ["db3"]);
    group.replicated();
    group.switch();
    until("a driver on the new primary", || (clients_of(group.replica()) > 1).then_some(()));
    assert_eq!(soon(async || sessions.open::<Shop>(token).await.ok()).await.views().get().unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_primary_that_lacks_replicas_goes_on_answering_reads() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    let connection = connection_of_driver(&server);
    let _: () = server.ask(&["CONFIG", "SET", "min-replicas-to-write", "1"]);
    for _ in 0..20 {
        assert_eq!(unavailable(&increment(&sessions, token).await), Applicability::No);
        assert_eq!(views(&sessions, token).await, 0);
    }
    let _: () = server.ask(&["CONFIG", "SET", "min-replicas-to-write", "0"]);
    increment(&sessions, token).await.unwrap();
    assert_eq!(views(&sessions, token).await, 1);
    assert_eq!(connection_of_driver(&server), connection);
}

fn group_with_a_stubborn_primary() -> Sentinels {
    let group = Sentinels::start(&Options::new());
    make_stubborn(group.primary());
    group
}

/// Has a server keep its role whatever it is told.
fn make_stubborn(server: &Server) {
    let _: () = server.ask(&["ACL", "SETUSER", "default", "-slaveof", "-replicaof"]);
}

fn role(server: &Server) -> String {
    server.info("role").unwrap()
}

/// How many commits clients have sent to a server itself.
fn commits_on(server: &Server) -> u64 {
    server.commandstats().get("evalsha").copied().unwrap_or_default()
}

/// Those of sentinels and the one that asks included.
fn clients_of(server: &Server) -> usize {
    let clients: String = server.ask(&["CLIENT", "LIST", "TYPE", "normal"]);
    clients.lines().filter(|client| !client.contains("name=sentinel-")).count()
}

/// The number by which the server knows the driver's connection.
fn connection_of_driver(server: &Server) -> String {
    let clients: String = server.ask(&["CLIENT", "LIST", "TYPE", "normal"]);
    let drivers = clients.lines().find(|client| !client.contains("cmd=client"));
    drivers.unwrap().split(' ').next().unwrap().to_owned()
}

fn keys_by_database(server: &Server) -> Vec<String> {
    let info: String = server.ask(&["INFO", "keyspace"]);
    info.lines().filter_map(|line| Some(line.split_once(":keys=")?.0.to_owned())).collect()
}
