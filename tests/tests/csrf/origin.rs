//! What the browser says of where a request comes from, asked before anything else. The table of all cases stands beside
//! the code; these are over HTTP.

use http::StatusCode;
use session_runtime::CookieConfig;
use session_runtime::testing::Call;

use super::site::{Browser, Site, Visits as _, fault};

/// What comes of a form with a good token that says this of where it comes from.
async fn verdict(browser: &Browser, token: &str, claims: &[(&str, &str)]) -> String {
    let mut request = browser.post_of("write").form(&[("_csrf", token)]);
    for (name, value) in claims {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    if answer.status() == StatusCode::OK { "passes".to_owned() } else { fault(&answer) }
}

#[tokio::test]
async fn cross_site_and_same_site_are_refused() {
    let site = Site::new();
    let token = site.browser.form().await;
    for (site_word, expected) in [
        ("same-origin", "passes"),
        ("none", "passes"),
        ("same-site", "CrossSite"),
        ("cross-site", "CrossSite"),
    ] {
        let said = verdict(&site.browser, &token, &[("sec-fetch-site", site_word)]).await;
        assert_eq!(said, expected, "{site_word}");
    }
}

#[tokio::test]
async fn a_request_of_another_site_is_refused_before_anything_is_read() {
    let site = Site::new();
    site.browser.page("login 1").await;
    site.spy.forget();
    for claim in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let answer =
            site.browser.post_of("write").header(claim.0, claim.1).form(&[("a", "1")]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(answer.set_cookies().is_empty() && answer.header("vary").is_none());
    }
    assert!(!site.spy.calls().contains(&Call::Load), "{:?}", site.spy.calls());
}

#[tokio::test]
async fn null_origin() {
    let site = Site::new();
    let token = site.browser.form().await;
    assert_eq!(verdict(&site.browser, &token, &[("origin", "null")]).await, "Origin");
    let vouched = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    assert_eq!(verdict(&site.browser, &token, &vouched).await, "passes");
}

#[tokio::test]
async fn ports_and_schemes() {
    let site = Site::new();
    let token = site.browser.form().await;
    for (origin, expected) in [
        ("https://shop.example", "passes"),
        ("https://shop.example:443", "passes"),
        ("https://shop.example:8443", "Origin"),
        ("http://shop.example", "Origin"),
        ("https://www.shop.example", "Origin"),
    ] {
        assert_eq!(verdict(&site.browser, &token, &[("origin", origin)]).await, expected, "{origin}");
    }
    // Where cookies go over plain http, pages come over it.
    let plain = Site::with(|builder| builder.cookie(CookieConfig::insecure_development()), |guard| guard);
    let browser = plain.browser.clone().at("http://127.0.0.1:8080/".parse().unwrap());
    let token = browser.form().await;
    assert_eq!(verdict(&browser, &token, &[("origin", "http://127.0.0.1:8080")]).await, "passes");
    assert_eq!(verdict(&browser, &token, &[("origin", "http://localhost:8080")]).await, "Origin");
}

#[tokio::test]
async fn trusted_origins() {
    let site = Site::guarded(|guard| guard.trust("https://pay.example").unwrap());
    let token = site.browser.form().await;
    let pay = [("origin", "https://pay.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(verdict(&site.browser, &token, &pay).await, "passes");
    assert_eq!(verdict(&site.browser, "wrong", &pay).await, "Mismatch", "a token is needed all the same");
    let other = [("origin", "https://pay.example.evil.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(verdict(&site.browser, &token, &other).await, "CrossSite");
    for text in [
        "pay.example",
        "https://",
        "https://pay.example/",
        "https://a@pay.example",
        "",
        "*",
        "://x",
        "1a://x",
    ] {
        assert!(site.sessions.csrf().trust(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn missing_headers_leave_it_to_the_token() {
    let site = Site::new();
    let token = site.browser.form().await;
    assert_eq!(verdict(&site.browser, &token, &[]).await, "passes");
    assert_eq!(verdict(&site.browser, "wrong", &[]).await, "Mismatch");
}

#[tokio::test]
async fn spoofed_host_with_trust() {
    let site = Site::guarded(|guard| guard.trust("https://pay.example").unwrap());
    let token = site.browser.form().await;
    let evil = ("origin", "https://evil.example");
    for claims in [
        vec![evil, ("x-forwarded-host", "evil.example")],
        vec![evil, ("forwarded", "host=evil.example")],
        vec![evil, ("x-original-host", "evil.example"), ("x-forwarded-proto", "https")],
        vec![evil, ("host", "shop.example"), ("host", "evil.example")],
    ] {
        assert_eq!(verdict(&site.browser, &token, &claims).await, "Origin", "{claims:?}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_that_posts_is_refused_with_and_without_the_headers() {
    let site = Site::new();
    site.browser.page("login 1").await;
    // A browser that says nothing still keeps the `Lax` cookie back, and the form has no token.
    let silent = site.browser.post_of("write").cross_site().form(&[("a", "1")]).send().await.unwrap();
    assert_eq!(fault(&silent), "Missing");
    let guessed =
        site.browser.post_of("write").cross_site().form(&[("_csrf", "A".repeat(43))]).send().await.unwrap();
    assert_eq!(guessed.status(), StatusCode::FORBIDDEN);
}
