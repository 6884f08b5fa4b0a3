//! The stage of the stories on Redis: a manager, sessions by their tokens, and an application over HTTP.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::service::Service;
use serde_json::{Value, json};
use session_runtime::drivers::{Applicability, RedisConfig, RedisDriver};
use session_runtime::testing::{CookieJar, TestClient, TestResponse};
use session_runtime::{
    Outcome, Session, SessionError, SessionSchema, SessionService, Sessions, SystemClock, Token,
};

#[derive(SessionSchema)]
pub(crate) struct Shop {
    #[session(principal)]
    pub(crate) user: Option<u64>,
    #[session(default = "light", survives_logout)]
    pub(crate) theme: String,
    pub(crate) views: u64,
    pub(crate) cart: Vec<usize>,
    #[session(flash)]
    pub(crate) notice: Option<String>,
}

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

/// An application that does what the body of a request says, step by step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct App;

pub(crate) type Browser = TestClient<SessionService<App>>;
type Answer = Result<Response<Full<Bytes>>, SessionError>;

pub(crate) fn browser(sessions: &Sessions) -> Browser {
    TestClient::new(sessions.service(App), CookieJar::new(SystemClock))
}

/// Sends a request with this script.
pub(crate) async fn run(browser: &Browser, script: &str) -> TestResponse {
    browser.post("/").body(script.to_owned()).send().await.unwrap()
}

/// What the answer says of the session.
pub(crate) fn fact(answer: &TestResponse, name: &str) -> Value {
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json::<Value>().unwrap()[name].clone()
}

impl Service<Request<Full<Bytes>>> for App {
    type Response = Response<Full<Bytes>>;
    type Error = SessionError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn call(&self, request: Request<Full<Bytes>>) -> Self::Future {
        Box::pin(perform(request))
    }
}

async fn perform(request: Request<Full<Bytes>>) -> Answer {
    let (parts, body) = request.into_parts();
    let script = body.collect().await.unwrap().to_bytes();
    let script = std::str::from_utf8(&script).unwrap();
    if script.is_empty() {
        return Ok(Response::default());
    }
    let session = Session::<Shop>::load(&parts).await?;
    for line in script.split(';').map(str::trim) {
        step(&session, line)?;
    }
    let facts = json!({
        "user": session.user().get()?,
        "theme": session.theme().get()?,
        "views": session.views().get()?,
        "cart": session.cart().get()?,
        "notice": session.notice().get()?,
        "all": session.all(),
    });
    Ok(Response::new(Full::new(Bytes::from(facts.to_string()))))
}

fn step(session: &Session<Shop>, line: &str) -> Result<(), SessionError> {
    let (verb, word) = line.split_once(' ').unwrap_or((line, ""));
    match verb {
        "load" => {}
        "increment" => drop(session.views().increment()?),
        "push" => {
            let item = word.parse().unwrap();
            session.cart().update(move |cart: &mut Vec<usize>| cart.push(item))?;
        }
        "forget" => session.forget(word)?,
        "put" => session.put(word, word)?,
        "theme" => session.theme().set(word)?,
        "flash" => session.notice().flash(word)?,
        "login" => session.user().login(word.parse::<u64>().unwrap())?,
        "logout" => session.user().logout()?,
        "elevate" => session.elevate()?,
        other => panic!("no such verb: {other}"),
    }
    Ok(())
}
