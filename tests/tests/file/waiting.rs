//! Locks that others hold, crowds in front of them, and calls that are given up.

use std::fs::File;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use session_runtime::Key;
use session_runtime::drivers::Driver as _;
use session_runtime::record::Applied;

use super::fixtures::{Place, selector, user};

/// The lock of a session's shard, as another process holds it.
fn held_by_another(place: &Place, first: u8) -> File {
    let path = place.path(selector(first, 1)).with_file_name("lock");
    let lock = File::options().write(true).open(path).unwrap();
    lock.lock().unwrap();
    lock
}

/// Far longer than anything takes that is not stuck.
async fn in_time<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), call).await.expect("the call is stuck")
}

#[test]
fn a_crowd_in_front_of_one_lock_leaves_threads_to_the_others() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // Far fewer than wait.
    let runtime = runtime.worker_threads(2).max_blocking_threads(3).enable_all().build().unwrap();
    runtime.block_on(async {
        let place = Place::new();
        place.file(selector(1, 1), None).await;
        place.file(selector(2, 1), None).await;
        let lock = held_by_another(&place, 1);
        let mut crowd = tokio::task::JoinSet::new();
        for number in 0..300 {
            let (driver, commit) = (place.driver.clone(), place.set(&format!("field{number}")));
            crowd.spawn(async move { driver.apply(&selector(1, 1), &commit).await.unwrap() });
        }
        for number in 0..50 {
            // Whoever reads needs no lock, and whoever writes elsewhere needs another one.
            let read = in_time(place.driver.load(&selector(1, 1))).await.unwrap().unwrap();
            assert_eq!(read.fields().len(), 1, "nobody writes under a lock that another holds");
            let commit = place.set(&format!("field{number}"));
            in_time(place.driver.apply(&selector(2, 1), &commit)).await.unwrap();
        }
        assert_eq!(crowd.len(), 300);
        drop(lock);
        while let Some(applied) = in_time(crowd.join_next()).await {
            assert_eq!(applied.unwrap(), Applied::Stored(Vec::new()));
        }
        assert_eq!(place.driver.load(&selector(1, 1)).await.unwrap().unwrap().fields().len(), 301);
    });
}

#[tokio::test]
async fn a_call_that_is_given_up_is_carried_out_or_never_begins() {
    let place = Place::new();
    place.file(selector(1, 1), None).await;
    let lock = held_by_another(&place, 1);
    let (session, begun, queued) = (selector(1, 1), place.set("begun"), place.set("queued"));
    {
        let mut first = pin!(place.driver.apply(&session, &begun));
        let mut second = pin!(place.driver.apply(&session, &queued));
        assert!(!is_ready(&mut first).await, "another holds the lock");
        assert!(!is_ready(&mut second).await);
    }
    drop(lock);
    // Stands in line behind them.
    in_time(place.driver.apply(&selector(1, 1), &place.set("last"))).await.unwrap();
    let record = place.driver.load(&selector(1, 1)).await.unwrap().unwrap();
    let keys: Vec<&str> = record.fields().keys().map(Key::as_str).collect();
    assert_eq!(keys, ["begun", "last", "password"]);
}

#[tokio::test]
async fn a_revocation_that_is_given_up_ends_every_session_all_the_same() {
    let place = Place::new();
    for first in 1..=9 {
        place.file(selector(first, 1), Some(&user(1))).await;
    }
    let lock = held_by_another(&place, 5);
    let key = *user(1).key();
    {
        let mut revocation = pin!(place.driver.revoke_all(&key, None));
        // Until it is in the middle: some are gone, and it stands in front of the lock.
        while place.driver.load(&selector(4, 1)).await.unwrap().is_some() {
            assert!(!is_ready(&mut revocation).await);
        }
    }
    drop(lock);
    for first in 1..=9 {
        let ended = async {
            while place.driver.load(&selector(first, 1)).await.unwrap().is_some() {
                tokio::task::yield_now().await;
            }
        };
        in_time(ended).await;
    }
}

#[tokio::test]
async fn a_sweep_takes_no_file_that_is_being_written() {
    let place = Place::new();
    place.file(selector(1, 1), None).await;
    let unfinished = place.path(selector(1, 1)).with_file_name("a1b2c3.tmp");
    std::fs::write(&unfinished, "{").unwrap();
    let lock = held_by_another(&place, 1);
    {
        let mut sweep = pin!(place.driver.sweep(10));
        // It looks, finds the file, and waits for whoever may be writing it.
        assert!(tokio::time::timeout(Duration::from_millis(300), &mut sweep).await.is_err());
        assert!(unfinished.exists(), "a file was taken from its writer");
        drop(lock);
        assert_eq!(in_time(sweep).await.unwrap(), 0);
    }
    assert!(!unfinished.exists(), "its writer is dead");
}

async fn is_ready<F: Future>(future: &mut std::pin::Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
}
