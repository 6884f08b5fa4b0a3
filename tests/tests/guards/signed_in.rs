//! Who is signed in passes; the others are answered 401, or led to the login and back.

use http::Method;
use session_runtime::testing::TestResponse;

use super::site::{Site, browses};

#[tokio::test]
async fn signed_in_refuses_with_401_where_no_login_is_named() {
    let site = Site::without();
    let refused = browses(&site, Method::GET, "/orders?page=2").await;
    assert_eq!((refused.status().as_u16(), refused.location()), (401, None));
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    assert_eq!(refused.header("vary"), Some("cookie"));
    assert!(refused.body().is_empty());
    assert_eq!((refused.set_cookies().len(), site.records()), (0, 0), "a refusal makes no session");
}

#[tokio::test]
async fn signed_in_leads_to_the_login_and_back() {
    let site = Site::with_login();
    let refused = browses(&site, Method::GET, "/orders?page=2").await;
    assert_eq!((refused.status().as_u16(), refused.location()), (303, Some("/login")));
    let back = browses(&site, Method::POST, "/login").await;
    assert_eq!(back.location(), Some("/orders?page=2"));
    let orders = browses(&site, Method::GET, "/orders?page=2").await;
    assert_eq!((orders.status().as_u16(), orders.text().unwrap()), (200, "orders of 42"));
}

#[tokio::test]
async fn a_post_is_led_to_the_login_and_not_remembered() {
    let site = Site::with_login();
    let refused = browses(&site, Method::POST, "/orders").await;
    assert_eq!((refused.status().as_u16(), refused.location()), (303, Some("/login")));
    assert_eq!(site.records(), 0, "there is nothing to remember");
    assert_eq!(browses(&site, Method::POST, "/login").await.location(), Some("/"));
}

#[tokio::test]
async fn a_script_is_answered_401_and_remembers_nothing() {
    let site = Site::with_login();
    for (mode, dest) in [("cors", "empty"), ("no-cors", "image"), ("navigate", "iframe")] {
        let request =
            site.browser.get("/orders").header("sec-fetch-mode", mode).header("sec-fetch-dest", dest);
        let refused: TestResponse = request.send().await.unwrap();
        assert_eq!((refused.status().as_u16(), refused.location()), (401, None), "{mode} {dest}");
    }
    assert_eq!(site.records(), 0);
}

#[tokio::test]
async fn a_principal_of_another_type_does_not_pass() {
    let site = Site::with_login();
    browses(&site, Method::POST, "/stranger").await;
    assert_eq!(browses(&site, Method::GET, "/orders").await.status(), 500);
    assert_eq!(browses(&site, Method::GET, "/password").await.status(), 500);
}

#[tokio::test]
async fn who_has_logged_out_does_not_pass() {
    let site = Site::without();
    browses(&site, Method::POST, "/login").await;
    assert_eq!(browses(&site, Method::GET, "/orders").await.status(), 200);
    browses(&site, Method::POST, "/logout").await;
    assert_eq!(browses(&site, Method::GET, "/orders").await.status(), 401);
}
