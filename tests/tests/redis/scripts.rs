//! Servers forget scripts; commits go on.

use session_runtime::drivers::RedisConfig;
use session_tests::redis::{Options, Server};

use super::stage::{browser, increment, sessions, soon, stored, views};
use session_tests::stage::{Acts, Shop};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_script_flush_between_commits_is_not_noticed() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let browser = browser(&sessions);
    let token = stored(&sessions).await;
    for round in 1..=10 {
        server.ask::<()>(&["SCRIPT", "FLUSH"]);
        increment(&sessions, token).await.unwrap();
        assert_eq!(views(&sessions, token).await, round);
    }
    for script in ["put one", "login 42", "elevate", "push 1", "forget cart", "logout", "login 7", "logout"] {
        server.ask::<()>(&["SCRIPT", "FLUSH"]);
        assert!(browser.run(script).await.status().is_success(), "{script}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn script_flushes_under_load_lose_and_double_nothing() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let sessions = sessions.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    increment(&sessions, token).await.unwrap();
                }
            })
        })
        .collect();
    let mut flushes = 0;
    while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
        server.ask::<()>(&["SCRIPT", "FLUSH"]);
        flushes += 1;
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert!(flushes > 0);
    assert_eq!(views(&sessions, token).await, 16 * 25);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_restart_between_commits_is_healed() {
    let mut server = Server::start(&Options::new().append_only());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let token = stored(&sessions).await;
    for round in 1..=3 {
        increment(&sessions, token).await.unwrap();
        server.restart();
        // The first calls after the restart may meet the dead connection; none of them may count twice.
        soon(async || sessions.open::<Shop>(token).await.ok()).await;
        assert_eq!(views(&sessions, token).await, round);
    }
    increment(&sessions, token).await.unwrap();
    assert_eq!(views(&sessions, token).await, 4);
}
