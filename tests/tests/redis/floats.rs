//! Sums of floats, which the driver computes itself: overtaken ones are computed anew.

use std::sync::Arc;

use session_runtime::drivers::{RedisConfig, RedisDriver};
use session_runtime::{SessionError, SessionSchema, Sessions};
use session_tests::redis::{Options, Server};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

#[derive(SessionSchema)]
struct Account {
    balance: f64,
    moves: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn floats_that_overtake_one_another_all_add_up() {
    let server = Server::start(&Options::new());
    let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
    let sessions = Sessions::builder(driver).build().unwrap();
    let first = sessions.create::<Account>().await.unwrap();
    first.balance().set(100.25).unwrap();
    first.commit().await.unwrap();
    let token = sessions.token(&first).unwrap();
    let all_loaded = Arc::new(Barrier::new(MANY));
    let mut moves = JoinSet::new();
    for _ in 0..MANY {
        let (sessions, all_loaded) = (sessions.clone(), Arc::clone(&all_loaded));
        moves.spawn(async move {
            let session = sessions.open::<Account>(token).await?;
            session.moves().increment()?;
            session.balance().increment_by(0.5)?;
            all_loaded.wait().await;
            session.commit().await.map(drop)
        });
    }
    let answers: Vec<Result<(), SessionError>> = moves.join_all().await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let session = sessions.open::<Account>(token).await.unwrap();
    assert_eq!((session.balance().get().unwrap(), session.moves().get().unwrap()), (116.25, 32));
}

const MANY: usize = 32;
