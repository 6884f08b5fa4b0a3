//! An application behind a guard, and browsers that fill in its forms.

use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Body;
use hyper::service::Service;
use serde_json::{Value, json};
use session_runtime::csrf::{CsrfGuard, CsrfRefusal, CsrfService, GuardedBody};
use session_runtime::testing::{CookieJar, ManualClock, SpyDriver, TestClient, TestRequest, TestResponse};
use session_runtime::{Builder, Session, SessionError, SessionService, Sessions, UntypedSession};
use session_tests::stage::{Shop, Store, spied};

type Refusal = fn(&CsrfRefusal) -> Response<Full<Bytes>>;
pub(crate) type Guard = CsrfGuard<Refusal>;
pub(crate) type App = SessionService<CsrfService<Handler, Refusal>>;
pub(crate) type Browser = TestClient<App>;

/// An application, what keeps its sessions, its time, and a browser that has not been there yet.
pub(crate) struct Site {
    pub(crate) clock: ManualClock,
    pub(crate) spy: SpyDriver<Store>,
    pub(crate) sessions: Sessions,
    pub(crate) browser: Browser,
    app: App,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder, |guard| guard)
    }

    pub(crate) fn guarded(guard: impl FnOnce(Guard) -> Guard) -> Self {
        Self::with(|builder| builder, guard)
    }

    pub(crate) fn with(
        configure: impl FnOnce(Builder) -> Builder,
        guard: impl FnOnce(Guard) -> Guard,
    ) -> Self {
        let (store, clock) = Store::chosen();
        let spy = SpyDriver::new(store);
        let sessions = configure(spied(&spy).clock(clock.clone())).build().unwrap();
        let guard = guard(sessions.csrf().on_refusal(refused as Refusal));
        let app = sessions.service(guard.service(Handler));
        let browser = TestClient::new(app.clone(), CookieJar::new(clock.clone()));
        Self { clock, spy, sessions, browser, app }
    }

    /// Another browser over the same application.
    pub(crate) fn stranger(&self) -> Browser {
        self.browser.other_browser()
    }

    /// The application, for a server.
    pub(crate) fn app(&self) -> App {
        self.app.clone()
    }

    /// A browser of the same application in another process, or after a restart: the same store, and these settings.
    pub(crate) fn restarted(&self, configure: impl FnOnce(Builder) -> Builder) -> Browser {
        let sessions = configure(spied(&self.spy).clock(self.clock.clone())).build().unwrap();
        let guard = sessions.csrf().on_refusal(refused as Refusal);
        let app = sessions.service(guard.service(Handler));
        let browser = TestClient::new(app, CookieJar::new(self.clock.clone()));
        for cookie in self.browser.jar().cookies() {
            browser.put_cookie(&format!("{}={}; Path=/; Secure", cookie.name(), cookie.value())).unwrap();
        }
        browser
    }
}

/// What a browser does on the site. `acts` are what the handler does, in order.
pub(crate) trait Visits {
    /// Gets a page.
    async fn page(&self, acts: &str) -> TestResponse;
    /// The token in the form of a page.
    async fn form(&self) -> String;
    /// Sends a form with this token.
    async fn send(&self, token: &str, acts: &str) -> TestResponse;
    /// Whether such a form is let through.
    async fn passes(&self, token: &str) -> bool;
    /// A request that the test goes on with.
    fn post_of(&self, acts: &str) -> TestRequest<App>;
    fn has(&self, cookie: &str) -> bool;
}

impl Visits for Browser {
    async fn page(&self, acts: &str) -> TestResponse {
        self.get("/").header(ACTS, acts).send().await.unwrap()
    }

    async fn form(&self) -> String {
        tokens(&self.page("token").await).remove(0)
    }

    async fn send(&self, token: &str, acts: &str) -> TestResponse {
        self.post_of(acts).form(&[("item", "tea"), ("_csrf", token)]).send().await.unwrap()
    }

    async fn passes(&self, token: &str) -> bool {
        let answer = self.send(token, "read").await;
        assert!([StatusCode::OK, StatusCode::FORBIDDEN].contains(&answer.status()), "{answer:?}");
        answer.status() == StatusCode::OK
    }

    fn post_of(&self, acts: &str) -> TestRequest<App> {
        self.post("/").header(ACTS, acts)
    }

    fn has(&self, cookie: &str) -> bool {
        self.jar().cookie(cookie).is_some()
    }
}

/// The tokens that a page was written with.
pub(crate) fn tokens(page: &TestResponse) -> Vec<String> {
    let page: Value = page.json().unwrap();
    page["tokens"].as_array().unwrap().iter().map(|token| token.as_str().unwrap().to_owned()).collect()
}

/// Why a request was refused.
pub(crate) fn fault(answer: &TestResponse) -> String {
    assert!(!answer.status().is_success(), "{answer:?}");
    answer.json::<Value>().unwrap()["fault"].as_str().unwrap().to_owned()
}

/// Says why, what was written, and a token of the session for the form that is shown once more.
fn refused(refusal: &CsrfRefusal) -> Response<Full<Bytes>> {
    let token = refusal.session().and_then(|session| session.csrf_token().ok());
    let fault = format!("{:?}", refusal.fault());
    let mut response = answer(&json!({ "fault": fault, "input": refusal.input(), "token": token }));
    *response.status_mut() = refusal.status();
    response
}

fn answer(said: &Value) -> Response<Full<Bytes>> {
    Response::new(Full::from(said.to_string()))
}

/// Does to the session what the header says, and repeats the body that it got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler;

impl<B> Service<Request<GuardedBody<B>>> for Handler
where
    B: Body<Data = Bytes, Error: std::fmt::Debug> + Unpin + Send + 'static,
{
    type Response = Response<Full<Bytes>>;
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, SessionError>> + Send>>;

    fn call(&self, request: Request<GuardedBody<B>>) -> Self::Future {
        Box::pin(handle(request))
    }
}

async fn handle<B>(request: Request<GuardedBody<B>>) -> Result<Response<Full<Bytes>>, SessionError>
where
    B: Body<Data = Bytes, Error: std::fmt::Debug> + Unpin,
{
    let acts = request.headers().get(ACTS).map_or("", |acts| acts.to_str().unwrap()).to_owned();
    let session = match acts.as_str() {
        "" => None,
        "token readonly" => Some(Session::<Shop>::load_readonly(&request).await?),
        _ => Some(Session::<Shop>::load(&request).await?),
    };
    let size = request.body().size_hint().exact();
    let body = request.into_body().collect().await.unwrap();
    let trailers = body.trailers().map(|trailers| format!("{trailers:?}"));
    let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
    let mut tokens = Vec::new();
    let mut status = StatusCode::OK;
    for act in acts.split(',').map(str::trim).filter(|act| !act.is_empty()) {
        let session = session.as_ref().unwrap();
        match act {
            "token" | "token readonly" => tokens.push(session.csrf_token()?),
            "fail" => status = StatusCode::INTERNAL_SERVER_ERROR,
            "commit" => drop(session.commit().await?),
            act => change(session, act)?,
        }
    }
    let notice = session.as_ref().map(|session| session.notice().get()).transpose()?;
    let mut response = answer(
        &json!({ "tokens": tokens, "body": body, "trailers": trailers, "size": size, "notice": notice }),
    );
    *response.status_mut() = status;
    Ok(response)
}

fn change(session: &UntypedSession, act: &str) -> Result<(), SessionError> {
    match act.split_once(' ') {
        Some(("login", id)) => session.login(id.parse::<u64>().unwrap()),
        Some(("flash", text)) => session.flash("notice", text),
        _ => match act {
            "read" => Ok(()),
            "write" => session.increment("views").map(drop),
            "forget" => session.forget("views"),
            "logout" => session.logout(),
            "invalidate" => session.invalidate(),
            "regenerate" => session.regenerate(),
            "elevate" => session.elevate(),
            other => panic!("no act is called {other}"),
        },
    }
}

pub(crate) const ACTS: &str = "x-acts";
