//! An application whose handler does what the request's body says, line by line.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::service::Service;
use serde_json::{Value, json};
use session_runtime::testing::{Gate, TestClient};
use session_runtime::{Lifetimes, Session, SessionError, SessionSchema, SessionService, Sessions};

/// The session of the stories.
#[derive(Debug, SessionSchema)]
pub struct Shop {
    #[session(principal)]
    /// Whose it is.
    pub user: Option<u64>,
    #[session(default = "light", survives_logout)]
    /// Survives a logout.
    pub theme: String,
    /// A counter.
    pub views: u64,
    /// A counter that is soon full.
    pub small: u8,
    /// Changed by updates.
    pub cart: Vec<String>,
    #[session(flash)]
    /// For the next request.
    pub notice: Option<String>,
}

type Answer = Result<Response<Full<Bytes>>, SessionError>;
/// The service around the handler.
pub type App = SessionService<Script>;
/// A browser of the application.
pub type Browser = TestClient<App>;

/// The handler: runs the script in the body against the session of the request.
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<Shared>>);

#[derive(Debug, Default)]
struct Shared {
    gates: HashMap<String, Gate>,
    handed_out: Vec<Session<Shop>>,
    sessions: Option<Sessions>,
}

impl Script {
    /// The gate of this name, at which `at-gate name` waits.
    ///
    /// # Panics
    /// Never, unless a handler has panicked inside.
    #[must_use]
    pub fn gate(&self, name: &str) -> Gate {
        self.0.lock().unwrap().gates.entry(name.to_owned()).or_insert_with(Gate::closed).clone()
    }

    /// Sessions that handlers gave to others, as a streaming body would keep one.
    ///
    /// # Panics
    /// Never, unless a handler has panicked inside.
    #[must_use]
    pub fn handed_out(&self) -> Vec<Session<Shop>> {
        std::mem::take(&mut self.0.lock().unwrap().handed_out)
    }

    /// Lets the handler reach sessions that are not its own.
    pub(super) fn know(&self, sessions: &Sessions) {
        self.0.lock().unwrap().sessions = Some(sessions.clone());
    }

    fn sessions(&self) -> Sessions {
        self.0.lock().unwrap().sessions.clone().unwrap()
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
            "load-passive" => self.session = Some(Session::load_passive(&self.parts).await?),
            "fate" => {
                let fate = self.session().await?.fate().await?;
                self.said.push(json!(fate.to_string()));
            }
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
            "revoke-others" => {
                let (session, sessions) = (self.session().await?, self.script.sessions());
                let revoked = sessions.of(&word.parse::<u64>().unwrap())?.revoke_others(&session).await;
                self.said.push(json!(revoked.err().map(|error| error.to_string())));
            }
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
        "credentials-changed" => session.credentials_changed()?,
        "address" => session.note_address(word)?,
        "remember" => session.remember_me(word != "no")?,
        "live" => {
            let (idle, absolute) = word.split_once(' ').unwrap();
            let [idle, absolute] =
                [idle, absolute].map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
            session.live_for(Lifetimes { idle, absolute })?;
        }
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
        "remaining": session.remaining().map(|remaining| remaining.as_secs()),
        "remembered": session.is_remembered(),
        "all": session.all(),
    })
}
