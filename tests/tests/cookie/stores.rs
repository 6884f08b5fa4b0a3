//! Stores of revocations that several servers share: files, and Redis.

use std::fs;
use std::path::Path;

use session_runtime::drivers::{
    CookieDriver, Driver, FileDriver, KeyRing, RedisConfig, RedisDriver, Revocation, RevocationStore,
};
use session_runtime::testing::ManualClock;
use session_runtime::{Clock as _, Sessions, SystemClock};
use session_tests::redis::{Options, Server};
use session_tests::stage::{Acts, Browser, Says, open};

/// A server with its own way to the store, and a browser of it.
fn server(keys: &KeyRing, store: impl Driver, clock: &ManualClock) -> (Sessions, Browser) {
    let driver = CookieDriver::new(keys.clone(), Revocation::Checked(RevocationStore::over(store)));
    let sessions = Sessions::builder(driver).clock(clock.clone()).build().unwrap();
    let (_, browser) = open(&sessions, clock);
    (sessions, browser)
}

fn copy_of(browser: &Browser, on: &Browser) -> Browser {
    let copy = on.other_browser();
    copy.put_cookie(&format!("__Host-id={}; Path=/; Secure", browser.token())).unwrap();
    copy
}

/// What one server ended, the other does not open, and what they remember of it tells nothing. The values of the
/// sessions, which must not be found in the store, are returned.
async fn what_one_ends_the_other_refuses(
    one: (Sessions, Browser),
    other: (Sessions, Browser),
) -> Vec<String> {
    let (sessions, browser) = one;
    let (others_sessions, others_browser) = other;
    let mut secrets = vec!["a-secret-word".to_owned(), "424242".to_owned()];
    for ending in ["logout", "regenerate", "invalidate"] {
        let visitor = browser.other_browser();
        visitor.run("put a-secret-word; login 424242").await;
        let copy = copy_of(&visitor, &others_browser);
        secrets.push(visitor.token());
        assert_eq!(copy.run("load").await.fact("user"), 424_242, "before the {ending}");
        visitor.run(ending).await;
        let answer = copy.run("load; increment").await;
        assert!(answer.fact("user").is_null(), "after the {ending}");
        assert!(answer.sent_no_cookie(), "nor does its browser get another session for a minute");
    }
    let devices = [browser.other_browser(), others_browser.other_browser()];
    for device in &devices {
        device.run("login 424242").await;
    }
    others_sessions.of(&424_242).unwrap().revoke_all().await.unwrap();
    for device in &devices {
        assert!(device.run("load").await.fact("user").is_null());
    }
    sessions.sweep(100).await.unwrap();
    assert!(devices[0].run("load").await.fact("user").is_null(), "a sweep forgets nothing that matters");
    secrets
}

#[tokio::test]
async fn servers_of_one_machine_share_files() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("ended");
    let (keys, clock) = (KeyRing::ephemeral().unwrap(), ManualClock::default());
    let store = || FileDriver::open(location.as_path()).unwrap().with_clock(clock.clone());
    let servers = (server(&keys, store(), &clock), server(&keys, store(), &clock));
    let secrets = what_one_ends_the_other_refuses(servers.0, servers.1).await;
    let stored = everything_below(&location);
    assert!(stored.len() > 1_000, "{}", stored.len());
    for secret in secrets {
        assert!(!stored.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn servers_of_many_machines_share_redis() {
    let server_of_redis = Server::start(&Options::new());
    let (keys, clock) = (KeyRing::ephemeral().unwrap(), ManualClock::at(SystemClock.now()));
    let store = async || {
        let config = RedisConfig::standalone(server_of_redis.url());
        RedisDriver::connect(config).await.unwrap().with_clock(clock.clone())
    };
    let servers = (server(&keys, store().await, &clock), server(&keys, store().await, &clock));
    let secrets = what_one_ends_the_other_refuses(servers.0, servers.1).await;
    let _: String = server_of_redis.ask(&["SAVE"]);
    let stored = everything_below(server_of_redis.folder());
    assert!(!server_of_redis.keys().is_empty());
    for secret in secrets {
        assert!(!stored.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn a_store_that_is_killed_is_no_logout() {
    let mut server_of_redis = Server::start(&Options::new().append_only());
    let (keys, clock) = (KeyRing::ephemeral().unwrap(), ManualClock::at(SystemClock.now()));
    let config = RedisConfig::standalone(server_of_redis.url());
    let store = RedisDriver::connect(config).await.unwrap().with_clock(clock.clone());
    let (_, browser) = server(&keys, store, &clock);
    browser.run("login 42").await;
    let held = browser.token();
    server_of_redis.kill();
    for script in ["load", "increment", "logout"] {
        let answer = browser.run(script).await;
        assert_eq!((answer.status().as_u16(), answer.sent_no_cookie()), (503, true), "{script}");
    }
    server_of_redis.restart();
    assert_eq!(browser.token(), held);
    loop {
        let answer = browser.run("load").await;
        if answer.status().is_success() {
            assert_eq!(answer.fact("user"), 42);
            break;
        }
        tokio::task::yield_now().await;
    }
}

fn everything_below(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(path.to_string_lossy().bytes());
        bytes.extend(if path.is_dir() { everything_below(&path) } else { fs::read(&path).unwrap() });
    }
    bytes
}
