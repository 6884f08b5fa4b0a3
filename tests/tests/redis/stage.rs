//! The stage of the stories on Redis: a manager, sessions by their tokens, and an application over HTTP.

use std::ops::Deref;
use std::process::Command;
use std::time::{Duration, Instant};

use session_runtime::drivers::{Applicability, RedisConfig, RedisDriver};
use session_runtime::testing::{CookieJar, ManualClock, TestClient};
use session_runtime::{Clock as _, Outcome, SessionError, Sessions, SystemClock, Token};
use session_tests::redis::{Options, Server};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use session_tests::stage::{Browser, Script, Shop, World, records_on};

/// A driver that gives up soon, so that a story with an outage does not take minutes.
pub(crate) async fn driver(mut config: RedisConfig) -> RedisDriver {
    config.response_timeout = Duration::from_millis(500);
    RedisDriver::connect(config).await.unwrap()
}

/// A manager over such a driver.
pub(crate) async fn sessions(config: RedisConfig) -> Sessions {
    Sessions::builder(driver(config).await).build().unwrap()
}

/// A manager that never gives up, for stories with very many commits on a slow machine.
pub(crate) async fn patient_sessions(config: RedisConfig) -> Sessions {
    let builder = Sessions::builder(patient_driver(config).await);
    builder.driver_deadline(PATIENCE).update_deadline(PATIENCE).build().unwrap()
}

async fn patient_driver(mut config: RedisConfig) -> RedisDriver {
    config.response_timeout = PATIENCE;
    RedisDriver::connect(config).await.unwrap()
}

/// What the stories about concurrency stand on here: a driver, with a server of its own.
pub(crate) struct Stage {
    world: World<RedisDriver>,
    server: Server,
}

pub(crate) fn stage() -> Stage {
    let server = Server::start(&Options::new());
    let config = RedisConfig::standalone(server.url());
    let driver = block_in_place(|| Handle::current().block_on(patient_driver(config)));
    let clock = ManualClock::at(SystemClock.now());
    let driver = driver.with_clock(clock.clone());
    let world =
        World::over(driver, clock, |builder| builder.driver_deadline(PATIENCE).update_deadline(PATIENCE));
    Stage { world, server }
}

impl Deref for Stage {
    type Target = World<RedisDriver>;

    fn deref(&self) -> &Self::Target {
        &self.world
    }
}

/// A server that several processes share.
pub(crate) struct Shared(Server);

impl Shared {
    pub(crate) fn new() -> Self {
        Self(Server::start(&Options::new()))
    }

    /// One of the processes.
    pub(crate) fn worker(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
        command.arg(format!("redis:{}", self.0.url()));
        command
    }

    pub(crate) fn records(&self) -> usize {
        records_on(&self.0)
    }
}

/// How many records are stored.
pub(crate) fn records(stage: &Stage) -> usize {
    records_on(&stage.server)
}

/// Stores a session that has seen no views yet.
pub(crate) async fn stored(sessions: &Sessions) -> Token {
    let session = sessions.create::<Shop>().await.unwrap();
    session.views().set(0).unwrap();
    session.commit().await.unwrap();
    sessions.token(&session).unwrap()
}

/// One more view: what a request does, with its load and its commit.
pub(crate) async fn increment(sessions: &Sessions, token: Token) -> Result<Outcome, SessionError> {
    let session = sessions.open::<Shop>(token).await?;
    session.views().increment()?;
    session.commit().await
}

/// The views of a session that must be there.
pub(crate) async fn views(sessions: &Sessions, token: Token) -> u64 {
    let session = sessions.open::<Shop>(token).await.unwrap();
    assert!(session.selector().is_some(), "the session is gone");
    session.views().get().unwrap()
}

/// What an outage must look like; whether the change may have been applied.
pub(crate) fn unavailable<T: std::fmt::Debug>(answer: &Result<T, SessionError>) -> Applicability {
    match answer {
        Err(SessionError::Unavailable { applied, .. }) => *applied,
        other => panic!("not an outage: {other:?}"),
    }
}

/// Tries until it works, and tells how long that took.
pub(crate) async fn soon<T>(attempt: impl AsyncFn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = attempt().await {
            println!("it worked after {:?}", began.elapsed());
            return answer;
        }
        assert!(began.elapsed() < LIMIT, "it did not work within {LIMIT:?}");
        breath().await;
    }
}

/// What a client that was refused takes before it asks again, so that the servers get to run on a small machine.
pub(crate) async fn breath() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// The outcome, or nothing where an outage prevented it.
pub(crate) fn stored_or_unavailable(answer: Result<Outcome, SessionError>) -> Option<Outcome> {
    if answer.is_err() {
        unavailable(&answer);
    }
    answer.ok()
}

/// A browser over the application of the stories: its handler does what the request's body says.
pub(crate) fn browser(sessions: &Sessions) -> Browser {
    TestClient::new(sessions.service(Script::default()), CookieJar::new(SystemClock))
}

const PATIENCE: Duration = Duration::from_secs(300);
/// Far more than anything takes that works at all.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
