//! Two hundred requests at once by four processes on one session, twenty rounds each; on every driver that processes can
//! share.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::stage::Shared;
use super::workers::Worker;

const PROCESSES: usize = 4;
const EACH: usize = 50;
const ROUNDS: usize = 20;

struct Servers {
    store: Shared,
    workers: Vec<Worker>,
}

impl Servers {
    fn start() -> Self {
        let store = Shared::new();
        let workers = (0..PROCESSES).map(|_| Worker::start(&mut store.worker()).unwrap()).collect();
        Self { store, workers }
    }

    fn first(&mut self) -> &mut Worker {
        &mut self.workers[0]
    }

    /// Fifty requests to each process, all on their way before the first answer is read.
    fn at_once(&mut self, token: &str, script: impl Fn(usize) -> String) -> Vec<Value> {
        for number in 0..PROCESSES * EACH {
            let worker = &mut self.workers[number % PROCESSES];
            worker.send(&format!("http {token} {}", script(number))).unwrap();
        }
        let hear = |worker: &mut Worker| (0..EACH).map(|_| worker.hear().unwrap()).collect::<Vec<_>>();
        let answers: Vec<Value> = self.workers.iter_mut().flat_map(hear).collect();
        for answer in &answers {
            assert_eq!(answer["status"], 200, "{answer}");
        }
        answers
    }
}

#[test]
fn increments_of_four_processes_sum_exactly() {
    let mut servers = Servers::start();
    let token = servers.first().visit("put one");
    for round in 1..=ROUNDS {
        servers.at_once(&token, |_| "increment".to_owned());
        let session = servers.first().run(&token, "load");
        assert_eq!(session["session"]["views"], json!(round * PROCESSES * EACH));
    }
}

#[test]
fn updates_of_four_processes_keep_every_item() {
    let mut servers = Servers::start();
    let token = servers.first().visit("put one");
    for _ in 0..ROUNDS {
        servers.first().run(&token, "forget cart");
        servers.at_once(&token, |number| format!("push {number}"));
        let session = servers.first().run(&token, "load");
        let cart = session["session"]["cart"].as_array().unwrap();
        let items: BTreeSet<usize> =
            cart.iter().map(|item| item.as_str().unwrap().parse().unwrap()).collect();
        assert_eq!(items, (0..PROCESSES * EACH).collect());
        assert_eq!(cart.len(), PROCESSES * EACH);
    }
}

#[test]
fn different_fields_from_four_processes_are_all_there() {
    let mut servers = Servers::start();
    for _ in 0..ROUNDS {
        let token = servers.first().visit("put one");
        servers.at_once(&token, |number| format!("put field{number}"));
        let session = servers.first().run(&token, "load");
        assert_eq!(session["session"]["all"].as_object().unwrap().len(), PROCESSES * EACH + 1);
    }
}

#[test]
fn a_logout_in_one_of_four_processes_is_never_undone() {
    let mut servers = Servers::start();
    for _ in 0..ROUNDS {
        let token = servers.first().visit("login 42; put one");
        let answers = servers.at_once(&token, |number| match number {
            101 => "logout".to_owned(),
            number if number % 2 == 0 => format!("put field{number}"),
            _ => "increment; flash x".to_owned(),
        });
        assert!(answers.iter().all(|answer| answer["token"].is_null()), "nobody was given a new session");
        assert_eq!(servers.store.records(), 0, "a destroyed session came back");
        assert_eq!(servers.first().run(&token, "load")["session"]["user"], Value::Null);
    }
}
