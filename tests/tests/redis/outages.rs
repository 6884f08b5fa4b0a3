//! Redis is away for a while: 503 with the cookie left alone, never "logged out", and sessions go on when it is back.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::json;
use session_runtime::SessionError;
use session_runtime::drivers::{RedisConfig, RedisConnectError, RedisDriver};
use session_tests::redis::{Options, Proxy, Server, Trick};

use super::stage::{breath, browser, increment, sessions, soon, stored, unavailable};
use session_tests::stage::{Acts, Says, Shop};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_logged_out_by_an_outage() {
    let mut server = Server::start(&Options::new().append_only());
    let browser = browser(&sessions(RedisConfig::standalone(server.url())).await);
    browser.run("login 42; increment").await;
    let token = browser.token();
    server.kill();
    for script in ["load", "increment", "logout", "login 7"] {
        let answer = browser.run(script).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{script}");
        assert!(answer.set_cookies().is_empty() && answer.body().is_empty(), "{script}");
    }
    assert_eq!(browser.run("").await.status(), StatusCode::OK, "who does not ask is not told");
    server.restart();
    let answer = soon(async || Some(browser.run("load").await).filter(|answer| answer.status().is_success()));
    let answer = answer.await;
    assert_eq!((answer.fact("user"), answer.fact("views")), (json!(42), json!(1)));
    assert_eq!(browser.token(), token);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_forgot_everything_is_used_again_by_itself() {
    let mut server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let browser = browser(&sessions);
    browser.run("login 42").await;
    for _ in 0..3 {
        let token = stored(&sessions).await;
        server.kill();
        unavailable(&increment(&sessions, token).await);
        server.restart();
        soon(async || increment(&sessions, token).await.ok()).await;
    }
    let answer = browser.run("load").await;
    assert_eq!(answer.fact("user"), json!(null), "what Redis forgot is gone");
    assert!(answer.set_cookies().is_empty(), "but nobody takes the cookie away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refused_connections_end_in_typed_errors_and_heal() {
    let server = Server::start(&Options::new());
    let mut proxy = Proxy::start(server.port()).await;
    let sessions = sessions(RedisConfig::standalone(server.url_by(proxy.port()))).await;
    let token = stored(&sessions).await;
    proxy.refuse().await;
    for _ in 0..20 {
        unavailable(&increment(&sessions, token).await);
    }
    proxy.listen().await;
    soon(async || increment(&sessions, token).await.ok()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_accepts_and_never_answers_ends_in_typed_errors() {
    let server = Server::start(&Options::new());
    let proxy = Proxy::start(server.port()).await;
    let sessions = sessions(RedisConfig::standalone(server.url_by(proxy.port()))).await;
    let token = stored(&sessions).await;
    proxy.play(Trick::Hold);
    for _ in 0..5 {
        unavailable(&increment(&sessions, token).await);
    }
    proxy.cut();
    unavailable(&increment(&sessions, token).await);
    proxy.pass();
    soon(async || increment(&sessions, token).await.ok()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn errors_tell_neither_token_nor_value_nor_password() {
    let mut server = Server::start(&Options::new().password("open-sesame"));
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    server.kill();
    for _ in 0..3 {
        let error = increment(&sessions, token).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(matches!(error, SessionError::Unavailable { .. }));
        for secret in ["open-sesame", &token.reveal(), &token.reveal()[22..]] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_are_back_soon_after_a_long_outage() {
    let mut server = Server::start(&Options::new().append_only());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    server.kill();
    let (began, mut failures) = (Instant::now(), 0);
    // Long enough for whoever waits longer with every attempt.
    while began.elapsed() < Duration::from_secs(4) {
        unavailable(&increment(&sessions, token).await);
        failures += 1;
        breath().await;
    }
    println!("{failures} requests failed in {:?}", began.elapsed());
    server.restart();
    soon(async || increment(&sessions, token).await.ok()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_is_closed_while_nobody_needs_it_is_made_anew_at_once() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    // One question of our own, and the driver's connection.
    let connections = || server.info("connected_clients").and_then(|count| count.parse::<usize>().ok());
    for _ in 0..5 {
        let closed: usize = server.ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
        assert_eq!(closed, 1);
        soon(async || connections().filter(|count| *count == 2)).await;
        // The server has accepted it; the driver takes it into use once it has made the scripts known.
        soon(async || sessions.open::<Shop>(token).await.ok()).await;
        increment(&sessions, token).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_driver_that_reaches_nobody_is_not_made() {
    let server = Server::start(&Options::new());
    let mut proxy = Proxy::start(server.port()).await;
    let connect = async || {
        let mut config = RedisConfig::standalone(server.url_by(proxy.port()));
        (config.connect_timeout, config.response_timeout) =
            (Duration::from_millis(200), Duration::from_millis(200));
        RedisDriver::connect(config).await
    };
    connect().await.unwrap();
    proxy.play(Trick::Hold);
    let silent = connect().await.unwrap_err();
    assert!(matches!(silent, RedisConnectError::Unreachable { .. }), "{silent:?}");
    proxy.refuse().await;
    let url = server.url_by(proxy.port());
    for config in [
        RedisConfig::standalone(url.clone()),
        RedisConfig::cluster([url.clone()]),
        RedisConfig::sentinel([url], "nobody"),
    ] {
        let refused = RedisDriver::connect(config).await.unwrap_err();
        assert!(matches!(refused, RedisConnectError::Unreachable { .. }), "{refused:?}");
    }
}
