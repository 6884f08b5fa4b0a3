//! The stage of the stories: an application whose handler does what the request's body says, line by line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::service::Service;
use serde_json::{Value, json};
use session_runtime::drivers::{Driver, MemoryDriver};
use session_runtime::testing::{
    CookieJar, Gate, ManualClock, SpyDriver, StoredCookie, TestClient, TestResponse,
};
use session_runtime::{Builder, Session, SessionError, SessionSchema, SessionService, Sessions};

#[derive(SessionSchema)]
pub(crate) struct Shop {
    #[session(principal)]
    pub(crate) user: Option<u64>,
    #[session(default = "light", survives_logout)]
    pub(crate) theme: String,
    pub(crate) views: u64,
    pub(crate) small: u8,
    pub(crate) cart: Vec<String>,
    #[session(flash)]
    pub(crate) notice: Option<String>,
}

type Answer = Result<Response<Full<Bytes>>, SessionError>;
pub(crate) type App = SessionService<Script>;
pub(crate) type Browser = TestClient<App>;

/// The handler: runs the script in the body against the session of the request.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Shared>>);

#[derive(Default)]
struct Shared {
    gates: HashMap<String, Gate>,
    handed_out: Vec<Session<Shop>>,
}

impl Script {
    pub(crate) fn gate(&self, name: &str) -> Gate {
        self.0.lock().unwrap().gates.entry(name.to_owned()).or_insert_with(Gate::closed).clone()
    }

    /// Sessions that handlers gave to others, as a streaming body would keep one.
    pub(crate) fn handed_out(&self) -> Vec<Session<Shop>> {
        std::mem::take(&mut self.0.lock().unwrap().handed_out)
    }

    async fn run(self, request: Request<Full<Bytes>>) -> Answer {
        let (parts, body) = request.into_parts();
        let script = body.collect().await.unwrap().to_bytes();
        let script = std::str::from_utf8(&script).unwrap();
        let mut run = Run { script: self, parts, session: None, status: StatusCode::OK, said: Vec::new() };
        for line in script.split(';').map(str::trim).filter(|line| !line.is_empty()) {
            run.step(line).await?;
        }
        Ok(run.answer())
    }
}

impl Service<Request<Full<Bytes>>> for Script {
    type Response = Response<Full<Bytes>>;
    type Error = SessionError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn call(&self, request: Request<Full<Bytes>>) -> Self::Future {
        Box::pin(self.clone().run(request))
    }
}

struct Run {
    script: Script,
    parts: http::request::Parts,
    session: Option<Session<Shop>>,
    status: StatusCode,
    said: Vec<Value>,
}

impl Run {
    async fn step(&mut self, line: &str) -> Result<(), SessionError> {
        let (verb, word) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "load" => self.session = Some(Session::load(&self.parts).await?),
            "load-readonly" => self.session = Some(Session::load_readonly(&self.parts).await?),
            "at-gate" => {
                // Whoever opens the gate knows that this request stands here.
                let gate = self.script.gate(word);
                gate.pass().await;
            }
            "status" => self.status = word.parse().unwrap(),
            "panic" => panic!("the handler panics"),
            "error" => return Err(SessionError::NoService),
            "commit" => {
                let outcome = self.session().await?.commit().await;
                let outcome = outcome
                    .map_or_else(|error| json!(error.to_string()), |outcome| json!(outcome.to_string()));
                self.said.push(outcome);
            }
            "hand-out" => {
                let session = self.session().await?;
                self.script.0.lock().unwrap().handed_out.push(session);
            }
            "abandon-commit" => {
                let mut commit = std::pin::pin!(self.session().await?.commit());
                // Polled once and dropped, as a `select!` does with the branch that loses.
                let once = |context: &mut Context<'_>| Poll::Ready(commit.as_mut().poll(context).is_ready());
                self.said.push(json!(std::future::poll_fn(once).await));
            }
            "reload" => self.session().await?.reload().await?,
            _ => {
                let session = self.session().await?;
                if let Some(said) = write(&session, verb, word)? {
                    self.said.push(said);
                }
            }
        }
        Ok(())
    }

    async fn session(&mut self) -> Result<Session<Shop>, SessionError> {
        if self.session.is_none() {
            self.session = Some(Session::load(&self.parts).await?);
        }
        Ok(self.session.clone().unwrap())
    }

    fn answer(self) -> Response<Full<Bytes>> {
        let body = json!({ "said": self.said, "session": self.session.as_ref().map(facts) });
        let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
        *response.status_mut() = self.status;
        response
    }
}

fn write(session: &Session<Shop>, verb: &str, word: &str) -> Result<Option<Value>, SessionError> {
    match verb {
        "increment" => return Ok(Some(json!(session.views().increment()?))),
        "increment-small" => return Ok(Some(json!(session.small().increment_by(word.parse().unwrap())?))),
        "plain-increment" => {
            let views = session.views().get()?;
            session.views().set(views + 1)?;
        }
        "push" => {
            let item = word.to_owned();
            return Ok(Some(json!(session.cart().update(move |cart| {
                cart.push(item.clone());
                cart.len()
            })?)));
        }
        "theme" => session.theme().set(word)?,
        "put" => session.put(word, word)?,
        "put-large" => session.put("large", "x".repeat(word.parse().unwrap()))?,
        "forget" => session.forget(word)?,
        "clear" => session.clear()?,
        "login" => session.user().login(word.parse::<u64>().unwrap())?,
        "logout" => session.user().logout()?,
        "invalidate" => session.invalidate()?,
        "regenerate" => session.regenerate()?,
        "elevate" => session.elevate()?,
        "flash" => session.notice().flash(word)?,
        "now" => session.notice().now(word)?,
        "keep" => session.notice().keep()?,
        "read" => return Ok(Some(json!(session.get::<Value>(word)?))),
        other => panic!("no such verb: {other}"),
    }
    Ok(None)
}

fn facts(session: &Session<Shop>) -> Value {
    json!({
        "user": session.user().get().unwrap(),
        "theme": session.theme().get().unwrap(),
        "views": session.views().get().unwrap(),
        "cart": session.cart().get().unwrap(),
        "notice": session.notice().get().unwrap(),
        "fresh": session.is_fresh(),
        "modified": session.is_modified(),
        "regenerated": session.was_regenerated(),
        "empty": session.is_empty(),
        "id": session.id(),
        "selector": session.selector().map(|selector| selector.to_string()),
        "authenticated": session.authenticated_at().map(session_runtime::Timestamp::unix_millis),
        "all": session.all(),
    })
}

/// One application, its driver under a spy, its time in the hand of the story.
pub(crate) struct World<D = MemoryDriver> {
    pub(crate) clock: ManualClock,
    pub(crate) spy: SpyDriver<D>,
    pub(crate) sessions: Sessions,
    pub(crate) script: Script,
    pub(crate) browser: Browser,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = ManualClock::default();
        Self::over(MemoryDriver::new().with_clock(clock.clone()), clock, configure)
    }

    pub(crate) fn records(&self) -> usize {
        self.spy.driver().len()
    }
}

impl<D: Driver> World<D> {
    /// The application over another driver, whose time is `clock`.
    pub(crate) fn over(driver: D, clock: ManualClock, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let spy = SpyDriver::new(driver);
        let sessions = configure(Sessions::builder(spy.clone()).clock(clock.clone())).build().unwrap();
        let script = Script::default();
        let browser = TestClient::new(sessions.service(script.clone()), CookieJar::new(clock.clone()));
        Self { clock, spy, sessions, script, browser }
    }

    /// A tab, or a thief, that presents the cookie our browser holds now, and keeps to itself what it is answered.
    pub(crate) fn stranger_with_our_cookie(&self) -> Browser {
        let stranger = self.stranger();
        stranger.put_cookie(&format!("__Host-id={}; Path=/; Secure", self.browser.token())).unwrap();
        stranger
    }

    /// Another browser over the same application.
    pub(crate) fn stranger(&self) -> Browser {
        self.browser.other_browser()
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// What a browser in a story does and holds.
pub(crate) trait Acts {
    async fn run(&self, script: &str) -> TestResponse;
    fn begin(&self, script: &str) -> session_runtime::testing::Exchange;
    fn held(&self) -> Option<StoredCookie>;
    fn token(&self) -> String;
}

impl Acts for Browser {
    async fn run(&self, script: &str) -> TestResponse {
        self.request(Method::POST, "/").body(script.to_owned()).send().await.unwrap()
    }

    fn begin(&self, script: &str) -> session_runtime::testing::Exchange {
        self.request(Method::POST, "/").body(script.to_owned()).start()
    }

    fn held(&self) -> Option<StoredCookie> {
        self.jar().cookie("__Host-id")
    }

    fn token(&self) -> String {
        self.held().expect("the browser holds a session cookie").value().to_owned()
    }
}

/// What an answer says of the session.
pub(crate) trait Says {
    fn said(&self) -> Vec<Value>;
    fn fact(&self, name: &str) -> Value;
    fn cookie_line(&self) -> Option<String>;
    fn sent_no_cookie(&self) -> bool;
}

impl Says for TestResponse {
    fn said(&self) -> Vec<Value> {
        self.json::<Value>().unwrap()["said"].as_array().unwrap().clone()
    }

    fn fact(&self, name: &str) -> Value {
        self.json::<Value>().unwrap()["session"][name].clone()
    }

    fn cookie_line(&self) -> Option<String> {
        self.set_cookies().first().map(|line| (*line).to_owned())
    }

    fn sent_no_cookie(&self) -> bool {
        self.set_cookies().is_empty()
    }
}
