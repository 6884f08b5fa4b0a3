//! Many requests at once on one cookie.

use serde_json::json;
use session_tests::stage::{Acts, Says};
use tokio::task::JoinSet;

use super::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_logout_in_the_middle_is_never_undone() {
    for _ in 0..20 {
        let server = Server::checked();
        server.browser.run("login 42; put one").await;
        let copy = server.copy();
        let mut requests = JoinSet::new();
        for number in 0..200 {
            let script = if number == 100 { "logout" } else { "increment" };
            requests.spawn(server.browser.begin(script));
        }
        let mut answers = Vec::new();
        while let Some(answer) = requests.join_next().await {
            answers.push(answer.unwrap().unwrap());
        }
        // Whichever answer reaches the browser last: no cookie that any of them set opens the session.
        for answer in answers {
            assert!(answer.status().is_success(), "{}", answer.status());
            server.browser.deliver(&answer);
            assert_eq!(server.browser.run("load").await.fact("user"), json!(null));
        }
        assert_eq!(copy.run("load").await.fact("user"), json!(null));
    }
}

#[tokio::test]
async fn of_two_parallel_writes_the_browser_keeps_the_one_that_came_last() {
    // Documented where the driver is made: nothing else can be had without a store.
    let server = Server::checked();
    server.browser.run("put one").await;
    let [first, second] = [
        server.browser.begin("increment; put first").await.unwrap(),
        server.browser.begin("increment").await.unwrap(),
    ];
    server.browser.deliver(&second);
    server.browser.deliver(&first);
    let kept = server.browser.run("load").await;
    assert_eq!(kept.fact("all"), json!({ "one": "one", "first": "first", "views": 1 }));
}
