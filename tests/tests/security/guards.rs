//! Guards in front of pages: what they let through, and what their refusals say to caches.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::service::{Service as _, service_fn};
use session_runtime::{LocalPath, RecentlySignedIn, Rejection, SessionError, SignedIn};
use session_tests::stage::{Shop, World};
use tower::ServiceExt as _;

use super::caching::{cookies, request, varies};
use super::stage::DRIVERS;

type Answer = Response<Full<Bytes>>;

async fn page(request: Request<Full<Bytes>>) -> Result<Answer, SessionError> {
    async fn guarded(request: Request<Full<Bytes>>) -> Result<Answer, Rejection> {
        if request.uri().path() == "/recently" {
            drop(RecentlySignedIn::<Shop, 60>::load(&request).await?);
        } else {
            drop(SignedIn::<Shop>::load(&request).await?);
        }
        Ok(Response::default())
    }
    guarded(request).await.or_else(Rejection::answer)
}

fn router(world: &World) -> Router {
    Router::new()
        .route("/", get(async |_: SignedIn<Shop>| {}))
        .route("/recently", get(async |_: RecentlySignedIn<Shop, 60>| {}))
        .layer(world.sessions.layer())
}

/// The same request to both, one for a page that somebody wants to see.
async fn answers(world: &World, cookie: Option<&String>, path: &str) -> [Response<()>; 2] {
    let asked = || {
        let mut request = request(cookie);
        *request.uri_mut() = path.parse().unwrap();
        for (name, value) in [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    let hyper = world.sessions.service(service_fn(page)).call(asked()).await.unwrap();
    let axum = router(world).oneshot(asked().map(|_| Body::empty())).await.unwrap();
    [hyper.map(drop), axum.map(drop)]
}

fn with_login(driver: &str, leads: bool) -> World {
    World::on(
        driver,
        |builder| {
            if leads { builder.login_at(LocalPath::parse("/login").unwrap()) } else { builder }
        },
    )
}

#[tokio::test]
async fn cve_2023_30861_every_answer_of_a_guard_varies() {
    for driver in DRIVERS {
        for leads in [false, true] {
            let world = with_login(driver, leads);
            for (kind, cookie) in cookies(&world).await {
                for path in ["/", "/recently"] {
                    for answer in answers(&world, cookie.as_ref(), path).await {
                        let what = format!("{driver}: {path} with {kind}: {}", answer.status());
                        varies(answer.headers(), &what);
                        let cache = answer.headers().get(CACHE_CONTROL).map(|value| value.to_str().unwrap());
                        let sets = answer.headers().contains_key(SET_COOKIE);
                        let refused = answer.status() == StatusCode::UNAUTHORIZED;
                        assert!(!(sets || refused) || cache == Some("no-store"), "{what}: {cache:?}");
                    }
                }
            }
        }
    }
}

/// Only the cookie that the signed-in browser holds now leads through a guard.
#[tokio::test]
async fn no_guard_passes_with_what_opens_nothing() {
    for driver in DRIVERS {
        for leads in [false, true] {
            let world = with_login(driver, leads);
            let refusal = if leads { StatusCode::SEE_OTHER } else { StatusCode::UNAUTHORIZED };
            for (kind, cookie) in cookies(&world).await {
                for path in ["/", "/recently"] {
                    let expected = if kind == "a session" { StatusCode::OK } else { refusal };
                    for answer in answers(&world, cookie.as_ref(), path).await {
                        assert_eq!(answer.status(), expected, "{driver}: {path} with {kind}");
                    }
                }
            }
        }
    }
}
