//! The same sessions through tower and axum.

use axum::Router;
use axum::routing::{get, post};
use http::{Request, StatusCode};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, Fault, SpyDriver};
use session_runtime::{ReadOnly, Session, SessionError, SessionSchema, Sessions};
use tower::ServiceExt as _;

use session_tests::stage::Shop;

#[derive(SessionSchema)]
#[session(prefix = "news_")]
struct News {
    seen: u64,
}

session_runtime::assert_disjoint!(Shop, News);

async fn visit(shop: Session<Shop>, news: Session<News>, any: Session) -> Result<String, SessionError> {
    shop.views().increment()?;
    news.seen().increment_by(2)?;
    Ok(format!("{} {}", shop.views().get()?, any.get_or("news_seen", 0)?))
}

async fn look(ReadOnly(session): ReadOnly<Session<Shop>>) -> Result<String, SessionError> {
    session.views().increment().map(|views| views.to_string())
}

fn application() -> (SpyDriver<MemoryDriver>, Router) {
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = Sessions::builder(spy.clone()).build().unwrap();
    let router = Router::new().route("/", post(visit)).route("/look", get(look)).layer(sessions.layer());
    (spy, router)
}

async fn send(
    router: &Router,
    method: &str,
    path: &str,
    cookie: Option<&str>,
) -> http::Response<axum::body::Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    router.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: http::Response<axum::body::Body>) -> String {
    let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn several_schemas_in_one_axum_handler_share_one_load_and_one_commit() {
    let (spy, router) = application();
    let first = send(&router, "POST", "/", None).await;
    let line = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!(text(first).await, "1 2");
    spy.forget();
    let second = send(&router, "POST", "/", line.split(';').next()).await;
    assert_eq!(text(second).await, "2 4");
    assert_eq!(spy.calls(), [Call::Load, Call::Apply]);
}

#[tokio::test]
async fn a_session_error_is_an_axum_response_with_its_status() {
    let (spy, router) = application();
    let refused = send(&router, "GET", "/look", None).await;
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(text(refused).await, "");
    spy.fail(Call::Load, Fault::Unavailable);
    let cookie = format!("__Host-id={}", "A".repeat(43));
    assert_eq!(send(&router, "POST", "/", Some(&cookie)).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

async fn conflict(shop: Session<Shop>) -> Result<String, SessionError> {
    shop.views().increment()?;
    Err(SessionError::Conflict { key: "views".into() })
}

#[tokio::test]
async fn a_handler_error_keeps_endings_only_whatever_its_status() {
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = Sessions::builder(spy.clone()).build().unwrap();
    let router = Router::new().route("/", post(conflict)).layer(sessions.layer());
    let answer = send(&router, "POST", "/", None).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.headers().get("set-cookie").is_none());
    assert!(spy.calls().is_empty());
}

#[tokio::test]
async fn a_route_without_the_layer_says_so() {
    let router = Router::new().route("/", post(visit));
    assert_eq!(send(&router, "POST", "/", None).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
