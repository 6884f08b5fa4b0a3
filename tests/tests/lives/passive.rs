//! Requests that a page sends by itself: they may write, and keep nothing alive.

use std::time::Duration;

use http::Request;
use http_body_util::Full;
use serde_json::json;
use session_runtime::testing::{CookieJar, TestClient};
use session_runtime::{Activity, PassiveRequest};
use session_tests::stage::{Acts as _, Says as _, World};

const STORES: [&str; 4] = ["memory", "file", "redis", "cookie"];
const HOUR: u64 = 3_600;

#[tokio::test]
async fn polling_keeps_nothing_alive_and_eats_no_flash() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42; flash saved").await;
        for minutes in 0..8 {
            let polled = world.browser.run("load-passive").await;
            assert_eq!(polled.fact("user"), json!(42), "{store}: {} minutes later", minutes * 15);
            assert!(polled.sent_no_cookie(), "{store}");
            world.later(HOUR / 4);
        }
        assert_eq!(
            world.browser.run("load-passive").await.fact("user"),
            json!(null),
            "{store}: it has expired"
        );
        world.browser.run("login 42; flash saved").await;
        world.browser.run("load-passive").await;
        assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"), "{store}");
        assert_eq!(world.browser.run("load").await.fact("notice"), json!(null), "{store}");
    }
}

#[tokio::test]
async fn a_passive_request_writes_what_it_is_asked_to() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42").await;
        world.later(HOUR);
        assert_eq!(world.browser.run("load-passive; increment").await.fact("views"), json!(1), "{store}");
        let after = world.browser.run("load-readonly").await;
        assert_eq!(
            (after.fact("views"), after.fact("remaining")),
            (json!(1), json!(HOUR)),
            "{store}: no longer"
        );
    }
}

#[tokio::test]
async fn a_passive_request_renews_and_confirms_nothing() {
    for store in ["memory", "file", "redis"] {
        let renewing = Duration::from_secs(HOUR);
        let world = World::on(store, |builder| builder.renew_every(renewing));
        world.browser.run("login 42").await;
        world.later(HOUR);
        assert!(world.browser.run("load-passive; increment").await.sent_no_cookie(), "{store}");
        let before = world.stranger_with_our_cookie();
        assert!(!world.browser.run("load").await.sent_no_cookie(), "{store}: now it is renewed");
        world.browser.run("load-passive; increment").await;
        world.later(61);
        assert_eq!(before.run("load-readonly").await.fact("user"), json!(42), "{store}: not confirmed");
    }
}

/// The stage behind a service that marks requests on their way in.
fn marked(
    world: &World,
) -> TestClient<
    impl hyper::service::Service<
        Request<Full<bytes::Bytes>>,
        Response = http::Response<Full<bytes::Bytes>>,
        Error = session_runtime::SessionError,
        Future: Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static,
> {
    use hyper::service::Service as _;
    let inner = world.sessions.service(world.script.clone());
    let service = hyper::service::service_fn(move |mut request: Request<Full<bytes::Bytes>>| {
        request.extensions_mut().insert(PassiveRequest);
        inner.call(request)
    });
    TestClient::new(service, CookieJar::new(world.clock.clone()))
}

#[tokio::test]
async fn the_marker_makes_a_route_passive_whatever_its_handler_loads() {
    for store in STORES {
        for activity in [Activity::OnLoad, Activity::EveryRequest, Activity::OnChange] {
            let world = World::on(store, |builder| builder.activity(activity));
            world.browser.run("login 42; flash saved").await;
            let polling = marked(&world);
            let cookie = format!("__Host-id={}; Path=/; Secure", world.browser.token());
            polling.put_cookie(&cookie).unwrap();
            world.later(HOUR);
            for script in ["load", "load; increment", "load-readonly", "", "read views"] {
                let answer = polling.post("/").body(script.to_owned()).send().await.unwrap();
                assert_eq!(answer.status(), 200, "{store}: `{script}`");
                // A sealed session is where its cookie is.
                polling.put_cookie(&cookie).unwrap();
            }
            let after = world.browser.run("load-readonly; read views").await;
            assert_eq!(after.fact("remaining"), json!(HOUR), "{store}, {activity:?}: as before");
            if store != "cookie" {
                assert_eq!(after.fact("views"), json!(1), "{store}: what was written is");
            }
            assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"), "{store}");
        }
    }
}

#[tokio::test]
async fn another_handle_of_the_request_counts() {
    for store in STORES {
        let world = World::on(store, |builder| builder);
        world.browser.run("login 42").await;
        world.later(HOUR);
        world.browser.run("load-passive; load").await;
        assert_eq!(world.browser.run("load-readonly").await.fact("remaining"), json!(2 * HOUR), "{store}");
    }
}
