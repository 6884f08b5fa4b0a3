//! Sessions of more than one cookie.

use serde_json::json;
use session_tests::stage::{Acts, Says};

use super::server::Server;

#[tokio::test]
async fn a_session_grows_into_several_cookies_and_shrinks_again() {
    let server = Server::checked();
    server.browser.run("put small").await;
    assert_eq!(server.cookies().len(), 1);
    for (size, cookies) in [(9_000, 4), (3_000, 2), (11_000, 4), (10, 1), (6_000, 3)] {
        let answer = server.browser.run(&format!("put-large {size}")).await;
        assert!(answer.status().is_success(), "{size}: {}", answer.status());
        assert_eq!(server.cookies().len(), cookies, "{size} bytes: what is left over is taken away");
        let large = server.browser.run("read large").await.said();
        assert_eq!(large[0].as_str().unwrap().len(), size);
    }
    let kept = server.cookies();
    server.browser.run("invalidate").await;
    assert!(server.cookies().is_empty(), "all of {} chunks are taken away", kept.len());
}

#[tokio::test]
async fn no_line_is_larger_than_a_browser_keeps() {
    let server = Server::checked();
    for size in [3_000, 3_500, 4_000, 8_000, 11_500] {
        let answer = server.browser.run(&format!("put-large {size}")).await;
        for line in answer.set_cookies() {
            assert!(line.len() <= 4_096, "{size}: {}", line.len());
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name_and_nothing_is_sent() {
    let server = Server::checked();
    server.browser.run("put a; put-large 5000").await;
    let before = server.cookies();
    for script in ["put-large 20000", "put-large 20000; login 42", "put-large 20000; regenerate"] {
        let answer = server.browser.run(script).await;
        assert_eq!(answer.status(), 413, "{script}");
        assert!(answer.sent_no_cookie(), "{script}");
    }
    assert_eq!(server.cookies(), before);
    assert!(server.opens(&server.with_cookies(&before)).await, "a refused rotation has ended nothing");

    let told = server.browser.run("put-large 20000; commit; forget large").await.said();
    let told = told[0].as_str().unwrap();
    assert!(told.contains("`large`") && told.contains("limit of 16384"), "{told}");
    assert_eq!(server.browser.run("load").await.fact("all"), json!({ "a": "a" }));
}

#[tokio::test]
async fn a_refused_commit_leaves_the_session_to_be_changed_again() {
    for server in [Server::checked(), Server::accepting_replay(|driver| driver)] {
        server.browser.run("put a").await;
        let told =
            server.browser.run("put-large 20000; commit; forget large; put b; commit; put c").await.said();
        assert!(told[0].as_str().unwrap().contains("`large`"), "{told:?}");
        assert_eq!(server.browser.run("load").await.fact("all"), json!({ "a": "a", "b": "b", "c": "c" }));
        let answer = server.browser.run("put d; put-large 20000").await;
        assert_eq!((answer.status().as_u16(), answer.sent_no_cookie()), (413, true));
        assert_eq!(server.browser.run("load").await.fact("all"), json!({ "a": "a", "b": "b", "c": "c" }));
    }
}

#[tokio::test]
async fn the_limit_is_the_applications_to_choose() {
    for (limit, size, status) in
        [(4_096, 2_000, 200), (4_096, 4_000, 413), (65_536, 40_000, 200), (65_536, 60_000, 413)]
    {
        let server = Server::accepting_replay(|driver| driver.max_bytes(limit));
        let answer = server.browser.run(&format!("put-large {size}")).await;
        assert_eq!(answer.status(), status, "{size} of {limit}");
        let sent: usize = answer.set_cookies().iter().map(|line| line.len()).sum();
        assert!(sent <= limit, "{sent} of {limit}");
    }
}

#[test]
fn a_limit_out_of_bounds_is_refused_at_start() {
    use session_runtime::drivers::{CookieDriver, KeyRing, Revocation};
    for limit in [0, 511, (128 << 10) + 1, usize::MAX] {
        let driver =
            CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay).max_bytes(limit);
        let refused = session_runtime::Sessions::builder(driver).build().unwrap_err();
        assert!(matches!(refused, session_runtime::ConfigError::CookieBytes { .. }), "{limit}: {refused}");
    }
}
