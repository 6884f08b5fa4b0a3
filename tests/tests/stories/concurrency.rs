//! Two hundred requests at once on one session, twenty rounds each; on every driver that sets a stage.

use std::collections::BTreeSet;

use serde_json::json;
use session_runtime::testing::TestResponse;
use tokio::task::JoinSet;

use super::stage::{Stage, records, stage};
use super::world::{Acts, Says};

const AT_ONCE: usize = 200;
const ROUNDS: usize = 20;

/// All scripts at once, each in a task of its own; the answers reach no jar.
async fn at_once(world: &Stage, scripts: impl Iterator<Item = String>) -> Vec<TestResponse> {
    let mut tasks = JoinSet::new();
    for script in scripts {
        tasks.spawn(world.browser.begin(&script));
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
    let world = stage();
    world.browser.run("put one").await;
    for round in 1..=ROUNDS {
        at_once(&world, (0..AT_ONCE).map(|_| "increment".to_owned())).await;
        assert_eq!(world.browser.run("load").await.fact("views"), json!(round * AT_ONCE));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_updates_keep_every_item() {
    let world = stage();
    for _ in 0..ROUNDS {
        world.browser.run("forget cart; put one").await;
        at_once(&world, (0..AT_ONCE).map(|item| format!("push {item}"))).await;
        let cart = world.browser.run("load").await.fact("cart");
        let items: BTreeSet<usize> =
            cart.as_array().unwrap().iter().map(|item| item.as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(items, (0..AT_ONCE).collect());
        assert_eq!(cart.as_array().unwrap().len(), AT_ONCE);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn different_fields_of_concurrent_requests_are_all_there() {
    for _ in 0..ROUNDS {
        let world = stage();
        world.browser.run("put one").await;
        at_once(&world, (0..AT_ONCE).map(|field| format!("put field{field}"))).await;
        let all = world.browser.run("load").await.fact("all");
        assert_eq!(all.as_object().unwrap().len(), AT_ONCE + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_logout_in_the_middle_is_never_undone() {
    for _ in 0..ROUNDS {
        let world = stage();
        world.browser.run("login 42; put one").await;
        let scripts = (0..AT_ONCE).map(|number| match number {
            100 => "logout".to_owned(),
            number if number % 2 == 0 => format!("put field{number}"),
            _ => "increment; flash x".to_owned(),
        });
        for answer in at_once(&world, scripts).await {
            world.browser.deliver(&answer);
        }
        assert_eq!(records(&world), 0);
        assert!(world.browser.held().is_none(), "the removal cookie was the only one");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_in_the_middle_is_never_written_into_by_earlier_requests() {
    for _ in 0..ROUNDS {
        let world = stage();
        world.browser.run("put one").await;
        let gate = world.script.gate("start");
        let mut earlier = JoinSet::new();
        for number in 0..AT_ONCE {
            earlier.spawn(world.browser.begin(&format!("load; put late{number}; at-gate start")));
        }
        for _ in 0..AT_ONCE {
            gate.reached().await;
        }
        gate.open();
        let login = world.browser.begin("login 42; put mine").await.unwrap();
        // Whatever of the earlier requests was stored before the login came before it; nothing comes after.
        world.browser.deliver(&login);
        let at_login = world.browser.run("load").await.fact("all");
        while let Some(answer) = earlier.join_next().await {
            assert!(answer.unwrap().unwrap().sent_no_cookie());
        }
        let answer = world.browser.run("load").await;
        assert_eq!(answer.fact("all"), at_login);
        assert_eq!(answer.fact("user"), json!(42));
    }
}
