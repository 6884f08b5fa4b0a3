//! Two hundred requests at once on one session, twenty rounds each.

use std::collections::BTreeSet;

use serde_json::json;
use session_runtime::drivers::RedisConfig;
use session_runtime::testing::TestResponse;
use session_tests::redis::{Options, Server};
use tokio::task::JoinSet;

use super::stage::{browser, patient_sessions};
use super::world::{Acts, Browser, Says};

const AT_ONCE: usize = 200;
const ROUNDS: usize = 20;

async fn open(server: &Server) -> Browser {
    browser(&patient_sessions(RedisConfig::standalone(server.url())).await)
}

/// All scripts at once, each in a task of its own; the answers reach no jar.
async fn at_once(browser: &Browser, scripts: impl Iterator<Item = String>) -> Vec<TestResponse> {
    let mut tasks = JoinSet::new();
    for script in scripts {
        tasks.spawn(browser.post("/").body(script).start());
    }
    let mut answers = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        let answer = answer.unwrap().unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answers.push(answer);
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_increments_sum_exactly() {
    let server = Server::start(&Options::new());
    let browser = open(&server).await;
    browser.run("put one").await;
    for round in 1..=ROUNDS {
        at_once(&browser, (0..AT_ONCE).map(|_| "increment".to_owned())).await;
        assert_eq!(browser.run("load").await.fact("views"), json!(round * AT_ONCE));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_updates_keep_every_item() {
    let server = Server::start(&Options::new());
    let browser = open(&server).await;
    for _ in 0..ROUNDS {
        browser.run("forget cart; put one").await;
        at_once(&browser, (0..AT_ONCE).map(|item| format!("push {item}"))).await;
        let cart = browser.run("load").await.fact("cart");
        let items: Vec<String> = serde_json::from_value(cart).unwrap();
        assert_eq!(items.len(), AT_ONCE);
        assert_eq!(
            items.into_iter().collect::<BTreeSet<_>>(),
            (0..AT_ONCE).map(|item| item.to_string()).collect()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn different_fields_of_concurrent_requests_are_all_there() {
    let server = Server::start(&Options::new());
    for _ in 0..ROUNDS {
        let browser = open(&server).await;
        browser.run("put one").await;
        at_once(&browser, (0..AT_ONCE).map(|field| format!("put field{field}"))).await;
        let all = browser.run("load").await.fact("all");
        assert_eq!(all.as_object().unwrap().len(), AT_ONCE + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_logout_in_the_middle_is_never_undone() {
    let server = Server::start(&Options::new());
    for _ in 0..ROUNDS {
        server.ask::<()>(&["FLUSHALL"]);
        let browser = open(&server).await;
        browser.run("login 42; put one").await;
        let held = browser.token();
        let scripts = (0..AT_ONCE).map(|number| match number {
            100 => "logout".to_owned(),
            number if number % 2 == 0 => format!("put field{number}"),
            _ => "increment; flash x".to_owned(),
        });
        for answer in at_once(&browser, scripts).await {
            browser.deliver(&answer);
        }
        assert!(browser.held().is_none(), "the removal cookie was the only one");
        let left: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
        let left = left.iter().flat_map(|key| server.ask::<Vec<String>>(&["HKEYS", key]));
        assert_eq!(left.filter(|name| !name.starts_with('m')).count(), 0, "something came back");
        let stranger = browser.other_browser();
        stranger.put_cookie(&format!("__Host-id={held}; Path=/; Secure")).unwrap();
        assert_eq!(stranger.run("load").await.fact("user"), json!(null));
    }
}
