//! CVE-2023-30861 and CVE-2026-27205: an answer that depended on the session did not say so, and a cache handed it to
//! others. Every way to look at a session, or only for one, varies the answer.

use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, COOKIE, VARY};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::service::{Service as _, service_fn};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, Fault, SpyDriver};
use session_runtime::{Csrf, Detached, Flash, ReadOnly, Session, SessionError, Sessions, Untyped, View};
use session_tests::stage::{Acts, World};
use tower::ServiceExt as _;

use super::stage::{DRIVERS, world};

type Looking = Pin<Box<dyn Future<Output = Result<(), SessionError>> + Send>>;
type Look = (&'static str, fn(Request<Full<Bytes>>) -> Looking);

/// One question to a loaded session.
macro_rules! asks {
    ($name:literal, $session:ident => $question:expr) => {
        ($name, |request| {
            Box::pin(async move {
                let $session = Session::<Untyped>::load_readonly(&request).await?;
                let _ = $question;
                Ok(())
            })
        })
    };
}

/// Every way in which a handler of hyper can find out something about a session.
const LOOKS: [Look; 30] = [
    ("load", |request| Box::pin(async move { Session::<Untyped>::load(&request).await.map(drop) })),
    ("load for reading", |request| {
        Box::pin(async move { Session::<Untyped>::load_readonly(&request).await.map(drop) })
    }),
    ("a load that nobody awaits", |request| {
        Box::pin(async move {
            drop(Session::<Untyped>::load(&request));
            Ok(())
        })
    }),
    ("load from the parts", |request| {
        Box::pin(async move { Session::<Untyped>::load(&request.into_parts().0).await.map(drop) })
    }),
    asks!("is_fresh", session => session.is_fresh()),
    asks!("is_empty", session => session.is_empty()),
    asks!("is_stale", session => session.is_stale()),
    asks!("is_readonly", session => session.is_readonly()),
    asks!("id", session => session.id()),
    asks!("selector", session => session.selector()),
    asks!("has", session => session.has("a")),
    asks!("exists", session => session.exists("a")),
    asks!("missing", session => session.missing("a")),
    asks!("get", session => session.get::<u64>("a")),
    asks!("all", session => session.all()),
    asks!("principal", session => session.principal::<u64>()),
    asks!("created_at", session => session.created_at()),
    asks!("expires_at", session => session.expires_at()),
    asks!("authenticated_at", session => session.authenticated_at()),
    asks!("flash messages", session => session.flash_messages().is_empty()),
    asks!("old input", session => session.form("contact").old_text("email")),
    asks!("errors of a form", session => session.form("contact").errors()),
    asks!("intended url", session => session.intended_url()),
    asks!("csrf token", session => session.csrf_token()),
    asks!("accepts_csrf_token", session => session.accepts_csrf_token("x")),
    asks!("view", session => session.view()),
    asks!("watch", session => drop(session.watch())),
    asks!("detach", session => Detached::of(&session).is_ok()),
    asks!("read_only", session => ReadOnly::of(&session).has("a")),
    asks!("check_credentials", session => session.check_credentials(b"hash")),
];

/// What a browser may come with: nothing, a session, one that is over, rubbish.
pub(crate) async fn cookies(world: &World) -> Vec<(&'static str, Option<String>)> {
    let browser = world.stranger();
    browser.run("increment; flash hello").await;
    let superseded = browser.token();
    browser.run("login 42").await;
    let ended = world.stranger();
    ended.run("login 7").await;
    let over = ended.token();
    ended.run("logout").await;
    vec![
        ("none", None),
        ("a session", Some(browser.token())),
        ("a superseded one", Some(superseded)),
        ("one that is over", Some(over)),
        ("rubbish", Some("x".to_owned())),
        ("an empty one", Some(String::new())),
    ]
}

pub(crate) fn request(cookie: Option<&String>) -> Request<Full<Bytes>> {
    let request = Request::get("https://shop.example/");
    let request = match cookie {
        Some(cookie) => request.header(COOKIE, format!("__Host-id={cookie}")),
        None => request,
    };
    request.body(Full::default()).unwrap()
}

pub(crate) fn varies(headers: &HeaderMap, what: &str) {
    let said: Vec<&str> = headers.get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
    assert!(said.iter().any(|said| said.eq_ignore_ascii_case("cookie")), "{what}: {said:?}");
}

#[tokio::test]
async fn cve_2023_30861_every_way_to_look_varies() {
    for driver in DRIVERS {
        let world = world(driver);
        for (kind, cookie) in cookies(&world).await {
            for (name, look) in LOOKS {
                for fails in [false, true] {
                    let what = format!("{driver}: {name} with {kind}, and an error of the handler: {fails}");
                    let handler = move |request| async move {
                        look(request).await?;
                        let error = || Err(SessionError::NoService);
                        if fails { error() } else { Ok(Response::new(Full::<Bytes>::default())) }
                    };
                    let service = world.sessions.service(service_fn(handler));
                    let answer = service.call(request(cookie.as_ref())).await.unwrap();
                    assert_eq!(answer.status().is_server_error(), fails, "{what}");
                    varies(answer.headers(), &what);
                    if kind == "a session" && !name.contains("nobody awaits") {
                        let cache = answer.headers()[CACHE_CONTROL].to_str().unwrap();
                        assert!(["private", "no-store"].contains(&cache), "{what}: {cache}");
                    }
                }
            }
        }
        // And who does not look at it is anybody's.
        let plain = world
            .sessions
            .service(service_fn(async |_| Ok::<_, SessionError>(Response::new(Full::<Bytes>::default()))));
        let answer = plain.call(request(Some(&"x".to_owned()))).await.unwrap();
        assert!(answer.headers().is_empty(), "{driver}: {:?}", answer.headers());
    }
}

#[tokio::test]
async fn cve_2023_30861_an_answer_for_the_store_varies() {
    let world = world("memory");
    world.browser.run("increment").await;
    let cookie = world.browser.token();
    world.spy.fail(Call::Load, Fault::Unavailable);
    let handler = async |request: Request<Full<Bytes>>| {
        Session::<Untyped>::load(&request).await?;
        Ok::<_, SessionError>(Response::new(Full::<Bytes>::default()))
    };
    let own =
        |error: &SessionError| Response::builder().status(error.status()).body(Full::default()).unwrap();
    let service = world.sessions.service(service_fn(handler));
    let answers = [
        service.call(request(Some(&cookie))).await.unwrap(),
        service.on_failure(own).call(request(Some(&cookie))).await.unwrap(),
    ];
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        varies(answer.headers(), "the store is away");
    }
}

#[tokio::test]
async fn cve_2023_30861_by_hand_it_varies_too() {
    let world = world("memory");
    for (kind, cookie) in cookies(&world).await {
        let session = world.sessions.load::<Untyped>(request(cookie.as_ref()).headers()).await.unwrap();
        let mut response = Response::new(());
        world.sessions.finish(&session, &mut response).await.unwrap();
        varies(response.headers(), kind);
    }
}

/// The application of axum, where extractors look.
fn router(sessions: &Sessions) -> Router {
    Router::new()
        .route("/session", get(async |_: Session| {}))
        .route("/read-only", get(async |_: ReadOnly<Session>| {}))
        .route("/flash", get(async |_: Flash| {}))
        .route("/csrf", get(async |_: Csrf| {}))
        .route("/view", get(async |_: View| {}))
        .route("/maybe", get(async |_: Result<Session, SessionError>| {}))
        .route("/way-back", get(async |session: Session| session.redirect("/")))
        .route("/intended", get(async |session: Session| session.intended_or("/").unwrap()))
        .route("/guarded", post(async || {}))
        .layer(sessions.csrf().layer())
        .layer(sessions.layer())
}

#[tokio::test]
async fn cve_2023_30861_every_extractor_varies() {
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = Sessions::builder(spy.clone()).build().unwrap();
    let session = sessions.create::<Untyped>().await.unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    let cookie = format!("__Host-id={}", sessions.token(&session).unwrap().reveal());
    let router = router(&sessions);
    for fault in [None, Some(Fault::Unavailable), Some(Fault::Corrupt)] {
        spy.recover();
        if let Some(fault) = fault.clone() {
            spy.fail(Call::Load, fault);
        }
        for path in ["session", "read-only", "flash", "csrf", "view", "maybe", "way-back", "intended"] {
            for cookie in [None, Some(&cookie)] {
                let mut request = Request::get(format!("/{path}"));
                if let Some(cookie) = cookie {
                    request = request.header(COOKIE, cookie);
                }
                let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                varies(answer.headers(), &format!("{path}, {cookie:?}, {fault:?}: {}", answer.status()));
            }
        }
        // What the guard refuses for want of a token, it has looked for in the session.
        let forged =
            Request::post("/guarded").header(COOKIE, &cookie).header("sec-fetch-site", "same-origin");
        let answer = router.clone().oneshot(forged.body(Body::empty()).unwrap()).await.unwrap();
        assert!(!answer.status().is_success(), "{}", answer.status());
        varies(answer.headers(), &format!("refused, {fault:?}"));
    }
}
