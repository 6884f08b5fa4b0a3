//! The same guards as extractors, in a nested router too.

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use http::{Method, Request};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::ManualClock;
use session_runtime::{
    LocalPath, NotSignedIn, RecentlySignedIn, Redirect, Rejection, Session, SessionError, Sessions, SignedIn,
};
use tower::ServiceExt as _;

use super::site::Account;

async fn orders(session: SignedIn<Account>) -> Result<String, SessionError> {
    Ok(format!("orders of {}, view {}", session.principal(), session.views().increment()?))
}

async fn password(session: RecentlySignedIn<Account, 60>) -> String {
    format!("password of {}", session.principal())
}

async fn greet(session: Result<SignedIn<Account>, Rejection>) -> String {
    match session {
        Ok(session) => format!("hello {}", session.principal()),
        Err(Rejection::NotSignedIn(refused)) => how(&refused).to_owned(),
        Err(_) => "failed".to_owned(),
    }
}

fn how(refused: &NotSignedIn) -> &'static str {
    match refused.login().map(Redirect::path) {
        Some(path) if path.as_str() == "/login" => "hello, please sign in",
        _ => "hello stranger",
    }
}

async fn login(session: Session<Account>) -> Result<Redirect, SessionError> {
    session.user().login(42_u64)?;
    session.intended_or("/")
}

fn application(clock: &ManualClock) -> Router {
    let driver = MemoryDriver::new().with_clock(clock.clone());
    let login_at = LocalPath::parse("/login").unwrap();
    let sessions = Sessions::builder(driver).clock(clock.clone()).login_at(login_at).build().unwrap();
    let account = Router::new().route("/orders", get(orders).post(orders)).route("/password", get(password));
    Router::new()
        .nest("/account", account)
        .route("/login", post(login))
        .route("/greet", get(greet))
        .layer(sessions.layer())
}

struct Visitor {
    application: Router,
    cookie: Option<String>,
}

impl Visitor {
    /// Status, where it leads, and the page.
    async fn ask(&mut self, method: Method, path: &str) -> (u16, String, String) {
        let mut request = Request::builder().method(method).uri(path).header("accept", "text/html");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        let response = self.application.clone().oneshot(request).await.unwrap();
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        if let Some(line) = header("set-cookie") {
            self.cookie = Some(line.split(';').next().unwrap().to_owned());
        }
        let (status, location) = (response.status().as_u16(), header("location").unwrap_or_default());
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        (status, location, String::from_utf8(body.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn a_nested_router_leads_to_the_login_and_back_to_the_whole_path() {
    let clock = ManualClock::default();
    let mut visitor = Visitor { application: application(&clock), cookie: None };
    let (status, location, _) = visitor.ask(Method::GET, "/account/orders?page=2").await;
    assert_eq!((status, location.as_str()), (303, "/login"));
    let (status, location, _) = visitor.ask(Method::POST, "/login").await;
    assert_eq!((status, location.as_str()), (303, "/account/orders?page=2"));
    let (status, _, page) = visitor.ask(Method::GET, "/account/orders?page=2").await;
    assert_eq!((status, page.as_str()), (200, "orders of 42, view 1"));

    clock.advance(Duration::from_secs(60));
    let (status, location, _) = visitor.ask(Method::GET, "/account/password").await;
    assert_eq!((status, location.as_str()), (303, "/login"));
    assert_eq!(visitor.ask(Method::POST, "/login").await.1, "/account/password");
    assert_eq!(visitor.ask(Method::GET, "/account/password").await.2, "password of 42");
}

#[tokio::test]
async fn a_handler_may_greet_strangers_itself() {
    let mut visitor = Visitor { application: application(&ManualClock::default()), cookie: None };
    assert_eq!(visitor.ask(Method::GET, "/greet").await.2, "hello, please sign in");
    visitor.ask(Method::POST, "/login").await;
    assert_eq!(visitor.ask(Method::GET, "/greet").await.2, "hello 42");
}
