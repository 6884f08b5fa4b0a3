//! Deadlines are inside the seal, and the server keeps them.

use std::time::Duration;

use serde_json::json;
use session_tests::stage::{Acts, Says};

use super::server::Server;

const IDLE: u64 = 7_200;
const ABSOLUTE: u64 = 30 * 24 * 3_600;

#[tokio::test]
async fn a_cookie_that_was_kept_past_its_idle_deadline_opens_nothing() {
    let server = Server::accepting_replay(|driver| driver);
    server.browser.run("increment").await;
    let cookies = server.cookies();
    server.later(IDLE - 1);
    assert!(server.opens(&server.with_cookies(&cookies)).await);
    server.later(1);
    assert!(!server.opens(&server.with_cookies(&cookies)).await);
}

#[tokio::test]
async fn use_moves_the_idle_deadline_by_a_new_cookie_now_and_then() {
    let server = Server::checked();
    server.browser.run("increment").await;
    server.later(IDLE / 10);
    assert!(server.browser.run("load").await.sent_no_cookie(), "most of the time is left");
    server.later(IDLE / 5);
    assert!(!server.browser.run("load").await.sent_no_cookie());
    assert!(server.browser.run("load").await.sent_no_cookie(), "once is enough");
    server.later(IDLE - 1);
    assert_eq!(server.browser.run("load").await.fact("views"), json!(1));
}

#[tokio::test]
async fn no_use_moves_a_session_past_its_absolute_deadline() {
    let server = Server::with(|builder| {
        builder
            .idle_timeout(Duration::from_secs(ABSOLUTE / 2))
            .absolute_lifetime(Duration::from_secs(ABSOLUTE))
    });
    server.browser.run("increment").await;
    for _ in 0..3 {
        server.later(ABSOLUTE / 4);
        assert_eq!(server.browser.run("load").await.fact("views"), json!(1));
    }
    let kept = server.cookies();
    server.later(ABSOLUTE / 4);
    assert!(!server.opens(&server.with_cookies(&kept)).await);
}
