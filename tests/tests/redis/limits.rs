//! A server that is full: reads and endings go on, writes are refused by name, and nothing is half done.

use http::StatusCode;
use serde_json::json;
use session_runtime::SessionError;
use session_runtime::drivers::{Driver as _, RedisConfig};
use session_runtime::record::Principal;
use session_runtime::{JsonText, Selector, Token};
use session_tests::redis::{Options, Server};

use super::stage::{browser, driver, increment, sessions, stored, views};
use session_tests::stage::{Acts, Says};

fn fill(server: &Server) {
    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
}

fn make_room(server: &Server) {
    server.ask::<()>(&["CONFIG", "SET", "maxmemory", "0"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_server_refuses_writes_and_answers_reads() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let (browser, token) = (browser(&sessions), stored(&sessions).await);
    browser.run("login 42; increment").await;
    fill(&server);
    for script in ["increment", "login 42", "push tea", "flash x"] {
        let answer = browser.run(script).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{script}");
        assert!(answer.set_cookies().is_empty(), "{script}");
        let answer = browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("views")), (json!(42), json!(1)), "{script}");
    }
    let refused = increment(&sessions, token).await;
    assert!(matches!(refused, Err(SessionError::Full)), "{refused:?}");
    let stranger = browser.other_browser().run("increment").await;
    assert_eq!(stranger.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(stranger.set_cookies().is_empty(), "no cookie for a session that is not stored");
    assert_eq!(views(&sessions, token).await, 0);
    make_room(&server);
    increment(&sessions, token).await.unwrap();
    assert_eq!(views(&sessions, token).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_server_ends_sessions() {
    let server = Server::start(&Options::new());
    let config = RedisConfig::standalone(server.url());
    let (sessions, driver) = (sessions(config.clone()).await, driver(config).await);
    let browser = browser(&sessions);
    browser.run("login 42; increment").await;
    let held = browser.token();
    let others: Vec<_> = (0..3).map(|_| browser.other_browser()).collect();
    for other in &others {
        other.run("login 7").await;
    }
    fill(&server);
    let answer = browser.run("logout").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(browser.held().is_none());
    let gone: Selector = Token::parse(held).unwrap().selector();
    assert!(driver.load(&gone).await.unwrap().is_none());
    let user = Principal::new(JsonText::parse("7").unwrap());
    assert_eq!(driver.revoke_all(user.key(), None).await.unwrap(), 3);
    for other in &others {
        assert_eq!(other.run("load").await.fact("user"), json!(null));
    }
}
