//! The stage of the stories on Redis: a manager, sessions by their tokens, and an application over HTTP.

use std::time::Duration;

use session_runtime::drivers::{Applicability, RedisConfig, RedisDriver};
use session_runtime::testing::{CookieJar, TestClient};
use session_runtime::{Outcome, SessionError, Sessions, SystemClock, Token};

use super::world::{Browser, Script, Shop};

/// A driver that gives up soon, so that a story with an outage does not take minutes.
pub(crate) async fn driver(mut config: RedisConfig) -> RedisDriver {
    config.response_timeout = Duration::from_millis(500);
    RedisDriver::connect(config).await.unwrap()
}

/// A manager over such a driver.
pub(crate) async fn sessions(config: RedisConfig) -> Sessions {
    Sessions::builder(driver(config).await).build().unwrap()
}

/// A driver that never gives up, for stories with very many commits on a slow machine.
pub(crate) async fn patient_sessions(mut config: RedisConfig) -> Sessions {
    const PATIENCE: Duration = Duration::from_secs(60);
    config.response_timeout = PATIENCE;
    let driver = RedisDriver::connect(config).await.unwrap();
    Sessions::builder(driver).driver_deadline(PATIENCE).update_deadline(PATIENCE).build().unwrap()
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

/// A browser over the application of the stories: its handler does what the request's body says.
pub(crate) fn browser(sessions: &Sessions) -> Browser {
    TestClient::new(sessions.service(Script::default()), CookieJar::new(SystemClock))
}
