//! Sums are exact to the last digit wherever the store computes them.

use serde::Serialize;
use session_runtime::drivers::RedisConfig;
use session_runtime::{SessionError, SessionSchema, Sessions};
use session_tests::redis::{Options, Server};

use super::stage::sessions;

#[derive(SessionSchema)]
struct Numbers {
    signed: i64,
    unsigned: u64,
}

const HALVES: [i64; 9] =
    [0, 1, 255, 999_999_999, 1 << 31, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, i64::MAX - 1];

fn signed() -> Vec<i64> {
    let halves = HALVES.into_iter().chain([
        i64::MAX,
        99_999_999_999_999,
        100_000_000_000_000,
        1_000_000_000_000_000_000,
    ]);
    halves.flat_map(|value| [value, -value, !value]).collect()
}

fn unsigned() -> Vec<u64> {
    let above =
        [i64::MAX as u64 + 1, i64::MAX as u64 + 2, 10_000_000_000_000_000_000, u64::MAX - 1, u64::MAX];
    HALVES.into_iter().map(i64::unsigned_abs).chain([i64::MAX as u64]).chain(above).collect()
}

/// Adds to a field that somebody else has set to `stored` meanwhile, so that only the store can know the sum; what the
/// field reads afterwards, or that the sum left its bounds.
async fn sum(
    sessions: &Sessions,
    field: &str,
    stored: impl Serialize,
    add: impl FnOnce(&session_runtime::Session<Numbers>) -> Result<(), SessionError>,
) -> Option<String> {
    let session = sessions.create::<Numbers>().await.unwrap();
    session.put("anchor", true).unwrap();
    session.commit().await.unwrap();
    let token = sessions.token(&session).unwrap();
    let late = sessions.open::<Numbers>(token).await.unwrap();
    session.put(field, stored).unwrap();
    session.commit().await.unwrap();
    add(&late).unwrap();
    let committed = late.commit().await;
    let now = sessions.open::<Numbers>(token).await.unwrap();
    let now = now.get::<serde_json::Value>(field).unwrap().unwrap().to_string();
    match committed {
        Ok(_) => Some(now),
        Err(SessionError::Overflow { .. }) => None,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sums_are_exact_over_all_of_i64() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    for stored in signed() {
        for amount in signed() {
            let found =
                sum(&sessions, "signed", stored, |session| session.signed().increment_by(amount).map(drop));
            let expected = stored.checked_add(amount).map(|sum| sum.to_string());
            assert_eq!(found.await, expected, "{stored} + {amount}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sums_are_exact_over_all_of_u64() {
    let server = Server::start(&Options::new());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    for stored in unsigned() {
        for amount in unsigned() {
            let found = sum(&sessions, "unsigned", stored, |session| {
                session.unsigned().increment_by(amount).map(drop)
            });
            let expected = stored.checked_add(amount).map(|sum| sum.to_string());
            assert_eq!(found.await, expected, "{stored} + {amount}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn additions_at_once_cross_the_bound_of_i64_exactly() {
    let server = Server::start(&Options::new());
    let sessions = super::stage::patient_sessions(RedisConfig::standalone(server.url())).await;
    let session = sessions.create::<Numbers>().await.unwrap();
    let start = i64::MAX as u64 - 50;
    session.unsigned().set(start).unwrap();
    session.commit().await.unwrap();
    let token = sessions.token(&session).unwrap();
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let sessions = sessions.clone();
            tokio::spawn(async move {
                let session = sessions.open::<Numbers>(token).await.unwrap();
                session.unsigned().increment().unwrap();
                session.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let session = sessions.open::<Numbers>(token).await.unwrap();
    assert_eq!(session.unsigned().get().unwrap(), start + 100);
}
