//! What caches are told (CVE-2023-30861, CVE-2026-27205).

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::service::service_fn;
use session_runtime::testing::{CookieJar, ManualClock, TestClient};
use session_runtime::{Session, SessionError};

use session_tests::stage::{Acts, World};

#[tokio::test]
async fn asking_for_the_session_varies_the_answer_by_cookie() {
    let world = World::new();
    for script in ["load", "load-readonly", "load; error"] {
        let answer = world.browser.run(script).await;
        assert_eq!(answer.header("vary"), Some("cookie"), "{script}");
        assert_eq!(answer.header("cache-control"), None, "no session existed: {script}");
    }
    world.browser.run("increment").await;
    for script in ["load", "load-readonly"] {
        let answer = world.browser.run(script).await;
        assert_eq!(answer.header("vary"), Some("cookie"));
        assert_eq!(answer.header("cache-control"), Some("private"));
    }
}

#[tokio::test]
async fn an_answer_with_a_cookie_is_not_stored() {
    let world = World::new();
    for script in ["increment", "login 42", "elevate", "logout"] {
        assert_eq!(world.browser.run(script).await.header("cache-control"), Some("no-store"), "{script}");
    }
}

async fn answer_with(vary: &'static str, cache: &'static str, writes: bool) -> (String, String) {
    let world = World::new();
    world.browser.run("put one").await;
    let handler = move |request: Request<Full<Bytes>>| async move {
        let session = Session::<session_runtime::Untyped>::load(&request).await?;
        if writes {
            session.regenerate()?;
        }
        let mut response = Response::new(Full::<Bytes>::default());
        response.headers_mut().insert("vary", vary.parse().unwrap());
        response.headers_mut().insert("cache-control", cache.parse().unwrap());
        Ok::<_, SessionError>(response)
    };
    let client =
        TestClient::new(world.sessions.service(service_fn(handler)), CookieJar::new(ManualClock::default()));
    client.put_cookie(&format!("__Host-id={}; Path=/; Secure", world.browser.token())).unwrap();
    let answer = client.get("/").send().await.unwrap();
    let all = |name: &str| {
        let values = answer.headers().get_all(name).iter();
        values.map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join(", ")
    };
    (all("vary"), all("cache-control"))
}

#[tokio::test]
async fn what_the_handler_said_is_kept_unless_a_cookie_would_be_stored() {
    let said = |vary: &str, cache: &str| (vary.to_owned(), cache.to_owned());
    assert_eq!(answer_with("accept", "max-age=60", false).await, said("accept, cookie", "max-age=60"));
    assert_eq!(answer_with("Accept, Cookie", "public", false).await, said("Accept, Cookie", "public"));
    assert_eq!(answer_with("*", "private", false).await, said("*", "private"));
    assert_eq!(answer_with("accept", "public, max-age=60", true).await, said("accept, cookie", "no-store"));
    assert_eq!(
        answer_with("accept", "private, No-Store", true).await,
        said("accept, cookie", "private, No-Store")
    );
}
