//! Who proved too long ago who he is proves it again.

use http::Method;
use session_runtime::Clock as _;
use session_runtime::testing::ManualClock;

use super::site::{Site, browses};

async fn status(site: &Site, path: &str) -> u16 {
    browses(site, Method::GET, path).await.status().as_u16()
}

#[tokio::test]
async fn recently_signed_in_asks_again_after_its_age_and_passes_after_elevate() {
    let site = Site::without();
    browses(&site, Method::POST, "/login").await;
    assert_eq!((status(&site, "/password").await, status(&site, "/payment").await), (200, 200));
    site.clock.advance(std::time::Duration::from_millis(29_999));
    assert_eq!(status(&site, "/payment").await, 200);
    site.clock.advance(std::time::Duration::from_millis(1));
    assert_eq!((status(&site, "/password").await, status(&site, "/payment").await), (200, 401));
    site.later(30);
    assert_eq!((status(&site, "/password").await, status(&site, "/orders").await), (401, 200));

    assert_eq!(status(&site, "/reauthenticate").await, 200, "its own request counts as proof");
    assert_eq!((status(&site, "/password").await, status(&site, "/payment").await), (200, 200));
}

#[tokio::test]
async fn an_old_proof_leads_to_the_login_and_back() {
    let site = Site::with_login();
    browses(&site, Method::POST, "/login").await;
    site.later(60);
    let refused = browses(&site, Method::GET, "/password").await;
    assert_eq!(refused.location(), Some("/login"));
    assert_eq!(browses(&site, Method::POST, "/login").await.location(), Some("/password"));
    assert_eq!(status(&site, "/password").await, 200);
}

#[tokio::test]
async fn a_proof_from_the_future_counts_as_far_as_clocks_may_differ() {
    let site = Site::without();
    browses(&site, Method::POST, "/login").await;
    let back = |clock: &ManualClock, seconds: u64| {
        let now = clock.now().unix_millis() - seconds * 1_000;
        clock.set(session_runtime::Timestamp::from_unix_millis(now));
    };
    back(&site.clock, 60);
    assert_eq!(status(&site, "/password").await, 200);
    back(&site.clock, 1);
    assert_eq!(status(&site, "/password").await, 401);
}

#[tokio::test]
async fn nobody_proves_nothing() {
    let site = Site::without();
    assert_eq!((status(&site, "/password").await, status(&site, "/payment").await), (401, 401));
    assert_eq!(status(&site, "/reauthenticate").await, 401);
    assert_eq!(site.records(), 0);
}
