//! What others do to a server: make it a replica, change its password, write under our keys.

use session_runtime::SessionError;
use session_runtime::drivers::{Driver as _, DriverError, RedisConfig, RedisDriver};
use session_runtime::record::{Commit, Principal};
use session_runtime::{Clock as _, JsonText, SystemClock};
use session_tests::redis::{Options, Server, until};

use super::stage::{driver, increment, sessions, soon, stored, unavailable, views};
use session_tests::stage::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_primary_that_becomes_a_replica_answers_reads_and_refuses_writes() {
    let (server, other) = (Server::start(&Options::new()), Server::start(&Options::new()));
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    // The other one has no session, and never will: the replica cannot synchronise with itself through a dead port.
    let nowhere = other.port().to_string();
    drop(other);
    server.ask::<()>(&["REPLICAOF", "127.0.0.1", &nowhere]);
    assert_eq!(views(&sessions, token).await, 0);
    for _ in 0..3 {
        unavailable(&increment(&sessions, token).await);
    }
    server.ask::<()>(&["REPLICAOF", "NO", "ONE"]);
    soon(async || increment(&sessions, token).await.ok()).await;
    assert_eq!(views(&sessions, token).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replica_takes_no_session() {
    let primary = Server::start(&Options::new());
    let replica = Server::start(&Options::new().replica_of(primary.port()));
    until("a replica that follows", || (replica.info("master_link_status")? == "up").then_some(()));
    let token = stored(&sessions(RedisConfig::standalone(primary.url())).await).await;
    // Whether it is noticed by connecting or by writing: it is an error with a type, and nothing is stored.
    if let Ok(driver) = RedisDriver::connect(RedisConfig::standalone(replica.url())).await {
        let sessions = session_runtime::Sessions::builder(driver).build().unwrap();
        unavailable(&increment(&sessions, token).await);
    }
    assert_eq!(views(&sessions(RedisConfig::standalone(primary.url())).await, token).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wrong_password_is_told_at_once_and_not_repeated() {
    let server = Server::start(&Options::new().password("open-sesame"));
    for user in ["", "default"] {
        let url = format!("redis://{user}:open-barley@127.0.0.1:{}", server.port());
        let error = RedisDriver::connect(RedisConfig::standalone(url)).await.unwrap_err();
        let mut told = format!("{error} {error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            told = format!("{told} {inner} {inner:?}");
            cause = inner.source();
        }
        assert!(!told.contains("barley"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_password_that_is_changed_ends_in_typed_errors() {
    let server = Server::start(&Options::new().password("open-sesame"));
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    // On one connection, since afterwards nobody gets in with the old one.
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_connection().unwrap();
    let mut ask = |command: &[&str]| {
        let (name, words) = command.split_first().unwrap();
        redis::cmd(name).arg(words).exec(&mut connection).unwrap();
    };
    ask(&["CONFIG", "SET", "requirepass", "open-barley"]);
    ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    for _ in 0..3 {
        unavailable(&increment(&sessions, token).await);
    }
    ask(&["CONFIG", "SET", "requirepass", "open-sesame"]);
    soon(async || increment(&sessions, token).await.ok()).await;
    assert_eq!(views(&sessions, token).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_of_another_type_is_corrupt_and_left_in_place() {
    let server = Server::start(&Options::new());
    let config = RedisConfig::standalone(server.url());
    let (sessions, driver) = (sessions(config.clone()).await, driver(config).await);
    let token = stored(&sessions).await;
    let selector = token.selector();
    let key = session_key(&server);
    server.ask::<()>(&["SET", &key, "somebody else's"]);
    for _ in 0..2 {
        assert!(matches!(driver.load(&selector).await, Err(DriverError::Corrupt { .. })));
        let commit = Commit::unchanged(0, SystemClock.now());
        let idle_until = Some(SystemClock.now());
        let touched = driver.apply(&selector, &Commit { idle_until, ..commit }).await;
        assert!(matches!(touched, Err(DriverError::Corrupt { .. })), "{touched:?}");
        let answer = increment(&sessions, token).await;
        assert!(matches!(answer, Err(SessionError::Corrupt { .. })), "{answer:?}");
        assert_eq!(server.ask::<String>(&["GET", &key]), "somebody else's");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_record_that_cannot_be_read_is_corrupt_and_left_in_place() {
    let server = Server::start(&Options::new());
    let config = RedisConfig::standalone(server.url());
    let (sessions, driver) = (sessions(config.clone()).await, driver(config).await);
    let token = stored(&sessions).await;
    let session = sessions.open::<Shop>(token).await.unwrap();
    session.notice().flash("seen").unwrap();
    session.commit().await.unwrap();
    let key = session_key(&server);
    let sound: Vec<u8> = server.ask(&["GET", &key]);
    let cuts = (0..sound.len()).map(|end| &sound[..end]);
    let garbage = [&b"{"[..], b"\x00\x01", b"1 2 3", b"0", b"0 x", b"no text \xff\xfe"];
    let longer = [&*sound, b"\0"].concat();
    for damaged in cuts.chain(garbage).chain([&*longer]) {
        overwrite(&server, &key, damaged);
        let loaded = driver.load(&token.selector()).await;
        assert!(matches!(loaded, Err(DriverError::Corrupt { .. })), "{damaged:?}: {loaded:?}");
        let answer = increment(&sessions, token).await;
        assert!(matches!(answer, Err(SessionError::Corrupt { .. })), "{damaged:?}: {answer:?}");
        assert_eq!(server.ask::<Vec<u8>>(&["GET", &key]), damaged, "it was changed");
    }
    overwrite(&server, &key, &sound);
    increment(&sessions, token).await.unwrap();
    assert_eq!(views(&sessions, token).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_index_key_of_another_type_is_corrupt_and_left_in_place() {
    let server = Server::start(&Options::new());
    let driver = driver(RedisConfig::standalone(server.url())).await;
    let user = Principal::new(JsonText::parse("42").unwrap());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let session = sessions.create::<Shop>().await.unwrap();
    session.user().login(42).unwrap();
    session.commit().await.unwrap();
    let keys: Vec<String> = server.ask(&["KEYS", "session:p:*"]);
    let set = keys.iter().find(|key| server.ask::<String>(&["TYPE", key]) == "zset").unwrap();
    server.ask::<()>(&["SET", set, "somebody else's"]);
    let listed = driver.members(user.key()).await;
    assert!(matches!(listed, Err(DriverError::Corrupt { .. })), "{listed:?}");
    assert_eq!(server.ask::<String>(&["GET", set]), "somebody else's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn neighbours_on_one_server_see_nothing_of_each_other() {
    let mut server = Server::start(&Options::new().append_only());
    let mut neighbour = RedisConfig::standalone(server.url());
    neighbour.prefix = "neighbour".to_owned();
    let elsewhere = RedisConfig::standalone(format!("{}/3", server.url()));
    let (ours, neighbour, elsewhere) = (
        sessions(RedisConfig::standalone(server.url())).await,
        sessions(neighbour).await,
        sessions(elsewhere).await,
    );
    // In another database, also after a connection was made anew.
    for restart in [false, true] {
        if restart {
            server.restart();
        }
        for owner in [&ours, &neighbour, &elsewhere] {
            let token = soon(async || {
                let session = owner.create::<Shop>().await.ok()?;
                session.views().set(0).ok()?;
                session.commit().await.ok()?;
                owner.token(&session)
            });
            let token = token.await;
            for other in [&ours, &neighbour, &elsewhere] {
                let found = soon(async || other.open::<Shop>(token).await.ok()).await;
                assert_eq!(found.selector().is_some(), std::ptr::eq(owner, other), "restart: {restart}");
            }
        }
    }
}

/// The one session there is.
fn session_key(server: &Server) -> String {
    let keys: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
    assert_eq!(keys.len(), 1, "{keys:?}");
    keys[0].clone()
}

fn overwrite(server: &Server, key: &str, value: &[u8]) {
    let client = redis::Client::open(server.url()).unwrap();
    let mut command = redis::cmd("SET");
    command.arg(key).arg(value).exec(&mut client.get_connection().unwrap()).unwrap();
}
