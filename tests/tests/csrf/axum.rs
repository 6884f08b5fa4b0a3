//! The guard as a layer of tower, around a router of axum.

use axum::Router;
use axum::body::Body;
use axum::extract::RawForm;
use axum::routing::get;
use http::{Request, Response, StatusCode};
use session_runtime::drivers::MemoryDriver;
use session_runtime::{Csrf, Session, SessionError, Sessions};
use tower::ServiceExt as _;

async fn form(csrf: Csrf) -> Result<String, SessionError> {
    csrf.token()
}

async fn order(session: Session, RawForm(form): RawForm) -> Result<String, SessionError> {
    session.put("ordered", true)?;
    Ok(String::from_utf8_lossy(&form).into_owned())
}

fn application() -> Router {
    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    // The layer that is added last stands outside.
    let router = Router::new().route("/", get(form).post(order).delete(order));
    router.layer(sessions.csrf().layer()).layer(sessions.layer())
}

async fn send(router: &Router, request: http::request::Builder, body: &str) -> Response<Body> {
    router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_guard_is_a_layer_and_the_token_an_extractor() {
    let router = application();
    let page = send(&router, Request::get("/"), "").await;
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let token = text(page).await;

    let post = || {
        let post = Request::post("/").header("cookie", &cookie);
        post.header("content-type", "application/x-www-form-urlencoded")
    };
    let refused = send(&router, post(), "item=tea").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(text(refused).await, "");

    let body = format!("item=tea&_csrf={token}");
    let ordered = send(&router, post(), &body).await;
    assert_eq!(ordered.status(), StatusCode::OK);
    let session = ordered.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(session.starts_with("__Host-id="));
    assert_eq!(text(ordered).await, body);

    // The session has taken the visitor's key over.
    let cookie = session.split(';').next().unwrap();
    let delete = Request::delete("/").header("cookie", cookie).header("x-csrf-token", &token);
    // axum's form extractor wants its media type.
    let delete = delete.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(send(&router, delete, "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_service_that_was_made_ready_is_the_one_that_is_called() {
    use std::convert::Infallible;
    use std::task::{Context, Poll};

    use session_runtime::csrf::GuardedBody;
    use tower::Service;

    /// Panics if it is called before it is ready. A clone is not.
    struct Ready(bool);

    impl Service<Request<GuardedBody<Body>>> for Ready {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.0 = true;
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<GuardedBody<Body>>) -> Self::Future {
            assert!(std::mem::take(&mut self.0), "called before it was ready");
            std::future::ready(Ok(Response::new(Body::empty())))
        }
    }

    impl Clone for Ready {
        fn clone(&self) -> Self {
            Self(false)
        }
    }

    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let guard = sessions.csrf().exempt(|_| true);
    let mut service = guard.service(Ready(false));
    for method in ["GET", "POST", "POST", "GET"] {
        let ready = Service::<Request<Body>>::poll_ready(
            &mut service,
            &mut Context::from_waker(std::task::Waker::noop()),
        );
        assert!(ready.is_ready());
        let request = Request::builder().method(method).body(Body::empty()).unwrap();
        Service::call(&mut service, request).await.unwrap();
    }
}
