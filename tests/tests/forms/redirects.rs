//! Where redirects lead: to pages of this site only.

use http::StatusCode;
use session_runtime::LocalPath;
use session_runtime::testing::TestResponse;

use super::site::{Site, done};

/// What is no path of `shop.example`, in a header or not.
pub(crate) const REFUSED: &[&str] = &[
    "",
    "page",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2fevil.example",
    "/%5Cevil.example",
    "https://evil.example/",
    "https://shop.example@evil.example/",
    "https://shop.example.evil.example/",
    "https://shop.example/absolute",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\tevil",
    "/\r\nSet-Cookie: id=1",
    "/a b",
    "/\0",
    "/../x",
    "/a/%2e%2e//evil.example",
    "/é",
];

#[tokio::test]
async fn the_list_of_refused_targets() {
    let site = Site::new();
    for refused in REFUSED {
        let target = (*refused).to_owned();
        let answer = site
            .send(|browser| browser.get("/"), move |session, _| Ok(session.redirect(&target).response()))
            .await;
        assert_eq!(answer.location(), Some("/"), "{refused:?}");
        let fallback = (*refused).to_owned();
        let answer = site
            .send(
                |browser| browser.get("/"),
                move |session, request| Ok(session.back_or(request, &fallback).response()),
            )
            .await;
        assert_eq!(answer.location(), Some("/"), "{refused:?}");
    }
    let long = format!("/{}", "a".repeat(2_048));
    let answer =
        site.send(|browser| browser.get("/"), move |session, _| Ok(session.redirect(&long).response())).await;
    assert_eq!(answer.location(), Some("/"));
}

async fn back(site: &Site, referer: &str, host: Option<&'static str>) -> TestResponse {
    let referer = referer.to_owned();
    site.send(
        |browser| {
            let request = browser.get("/delete").header("referer", referer);
            host.into_iter().fold(request, |request, host| request.header("host", host))
        },
        |session, request| Ok(session.back_or(request, "/list").response()),
    )
    .await
}

#[tokio::test]
async fn a8_31_back_is_the_referer_of_our_own_pages() {
    let site = Site::new();
    let answer = back(&site, "https://shop.example/list?page=3#top", None).await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/list?page=3")));
    for referer in [
        "https://evil.example/list",
        "https://shop.example@evil.example/list",
        "https://shop.example:8443/list",
        "https://shop.example//evil.example",
        "https://evil.example/?https://shop.example/",
        "/list?page=3",
        "",
    ] {
        assert_eq!(back(&site, referer, None).await.location(), Some("/list"), "{referer}");
    }
    // Behind a proxy that changes the host there is no way to tell.
    let answer = back(&site, "https://shop.example/x", Some("backend:8080")).await;
    assert_eq!(answer.location(), Some("/list"));
    assert_eq!(back(&site, "http://backend:8080/x", Some("backend:8080")).await.location(), Some("/x"));
}

#[tokio::test]
async fn row_30_nothing_is_tracked_by_itself() {
    let site = Site::new();
    site.send(
        |browser| {
            let page = browser.get("/orders").header("sec-fetch-mode", "navigate");
            page.header("sec-fetch-dest", "document").header("referer", "https://shop.example/")
        },
        |session, request| {
            assert_eq!(session.previous_url(request), LocalPath::parse("/"));
            Ok(done())
        },
    )
    .await;
    assert!(site.is_untouched());
    assert!(site.run(|session| session.intended_url()).await.is_none());
}

#[tokio::test]
async fn a_redirect_with_flash() {
    let site = Site::new();
    let answer = site
        .send(
            |browser| browser.post("/save"),
            |session, _| {
                let redirect = session.redirect("/list").with("notice", "Saved.")?.with("count", 2)?;
                assert_eq!(redirect.path().as_str(), "/list");
                Ok(redirect.response())
            },
        )
        .await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/list")));
    let seen = site
        .run(|session| {
            let flash = session.flash_messages();
            (flash.get::<String>("notice").unwrap(), flash.get::<u8>("count").unwrap())
        })
        .await;
    assert_eq!(seen, (Some("Saved.".to_owned()), Some(2)));
}

#[tokio::test]
async fn row_48_a_redirect_carries_flash_on() {
    let site = Site::new();
    site.run(|session| session.flash("notice", "Saved.").unwrap()).await;
    for hop in ["/b", "/c"] {
        let answer = site
            .send(
                |browser| browser.get("/a"),
                move |session, _| Ok(session.redirect(hop).carrying_flash()?.response()),
            )
            .await;
        assert_eq!(answer.location(), Some(hop));
    }
    assert!(site.run(|session| session.flash_messages().has("notice")).await);
    assert!(!site.run(|session| session.flash_messages().has("notice")).await);
}
