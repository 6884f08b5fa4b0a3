//! The stream of `live_events`: open while the session lives, and no longer.

#[path = "../live_events/pages.rs"]
mod pages;

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper::service::service_fn;
use session_runtime::Sessions;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{CookieJar, ManualClock, TestClient};
use tokio::time::sleep;

macro_rules! browser {
    () => {{
        let clock = ManualClock::default();
        let driver = MemoryDriver::new().with_clock(clock.clone());
        let sessions = Sessions::builder(driver).clock(clock.clone()).build().unwrap();
        let known = sessions.clone();
        let serve = move |request: Request<Full<Bytes>>| pages::answer(known.clone(), request);
        TestClient::new(sessions.service(service_fn(serve)), CookieJar::new(clock))
    }};
}

// The time of tokio is paused: it passes when everybody waits for it.
#[tokio::test(start_paused = true)]
async fn the_stream_ends_when_the_sessions_are_ended_in_another_browser() {
    let browser = browser!();
    let phone = browser.other_browser();
    browser.post("/login").send().await.unwrap();
    phone.post("/login").send().await.unwrap();
    let stream = tokio::spawn(browser.get("/events").start());
    sleep(Duration::from_millis(1_500)).await;
    browser.post("/click").send().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert!(!stream.is_finished(), "open while the session lives");

    phone.post("/end").send().await.unwrap();
    let answer = stream.await.unwrap().unwrap();
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    let told = "data: 0\n\ndata: 0\n\ndata: 1\n\nevent: ended\ndata: signed out\n\n";
    assert_eq!(answer.text().unwrap(), told);
    assert!(browser.get("/").send().await.unwrap().text().unwrap().contains("Sign in"));
}

#[tokio::test]
async fn a_stranger_gets_no_stream() {
    let answer = browser!().get("/events").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().len()), (401, 0));
}
