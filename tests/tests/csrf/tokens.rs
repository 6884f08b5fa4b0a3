//! Which tokens hold, for whom, and how long.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use session_runtime::testing::Call;

use super::site::{Site, Visits as _, fault, tokens};

#[tokio::test]
async fn g_70_safe_methods_pass_and_unsafe_need_a_token() {
    let site = Site::new();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
        let answer = site.browser.request(method.clone(), "/").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{method}");
        assert!(answer.header("vary").is_none(), "{method}: nobody asked for the session");
    }
    let purge = Method::from_bytes(b"PURGE").unwrap();
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::CONNECT, purge] {
        let answer = site.browser.request(method.clone(), "/").send().await.unwrap();
        assert_eq!(
            (answer.status(), fault(&answer).as_str()),
            (StatusCode::FORBIDDEN, "Missing"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn g_70_header_or_field() {
    let site = Site::new();
    let token = site.browser.form().await;
    assert_eq!(site.browser.send(&token, "read").await.status(), StatusCode::OK);
    let by_header = site.browser.post_of("read").header("x-csrf-token", &token).send().await.unwrap();
    assert_eq!(by_header.status(), StatusCode::OK);
    let in_query = site.browser.post(&format!("/?_csrf={token}")).send().await.unwrap();
    assert_eq!(fault(&in_query), "Missing");

    // The header alone decides where it is there.
    let form = [("_csrf", token.as_str())];
    let wrong = site.browser.post_of("read").header("x-csrf-token", "x").form(&form).send().await.unwrap();
    assert_eq!(fault(&wrong), "Mismatch");
    let twice = site.browser.post_of("read").header("x-csrf-token", &token).header("x-csrf-token", &token);
    assert_eq!(fault(&twice.send().await.unwrap()), "Mismatch");
}

#[tokio::test]
async fn other_names_can_be_chosen() {
    let header = http::HeaderName::from_static("x-token");
    let site = Site::guarded(|guard| guard.field("token").header(header));
    let token = site.browser.form().await;
    assert!(!site.browser.passes(&token).await, "the usual field");
    let named = site.browser.post_of("read").form(&[("token", &token)]).send().await.unwrap();
    assert_eq!(named.status(), StatusCode::OK);
    let named = site.browser.post_of("read").header("x-token", &token).send().await.unwrap();
    assert_eq!(named.status(), StatusCode::OK);
}

#[tokio::test]
async fn g_70_excluded_paths() {
    let site = Site::guarded(|guard| guard.exempt(|head| head.uri.path().starts_with("/hooks/")));
    let hook = site.browser.post("/hooks/paid").header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(hook.status(), StatusCode::OK);
    assert_eq!(fault(&site.browser.post("/hook").send().await.unwrap()), "Missing");
}

#[tokio::test]
async fn g_57_c_13_regenerate_and_login_renew_the_key() {
    for renewal in ["regenerate", "login 1, commit, elevate", "login 1", "logout, write", "invalidate, write"]
    {
        let site = Site::new();
        site.browser.page("write").await;
        let open = site.browser.form().await;
        assert!(site.browser.passes(&open).await);
        site.browser.send(&open, renewal).await;
        assert!(!site.browser.passes(&open).await, "{renewal}");
        let next = site.browser.form().await;
        assert!(site.browser.passes(&next).await, "{renewal}");
    }
    // Also as the same principal once more, and as another one.
    let site = Site::new();
    site.browser.page("login 1").await;
    for login in ["login 1", "login 2"] {
        let open = site.browser.form().await;
        site.browser.send(&open, login).await;
        assert!(!site.browser.passes(&open).await, "{login}");
    }
}

#[tokio::test]
async fn ordinary_changes_keep_open_forms_alive() {
    let site = Site::new();
    site.browser.page("login 1").await;
    let open = site.browser.form().await;
    for change in ["write", "flash hello", "write, commit, write", "forget"] {
        assert_eq!(site.browser.send(&open, change).await.status(), StatusCode::OK, "{change}");
    }
    assert!(site.browser.passes(&open).await);
}

#[tokio::test]
async fn g_59_t_14_a_token_after_invalidate_is_the_new_sessions() {
    for acts in ["token, invalidate, token, write", "token, logout, token, write", "token, invalidate, token"]
    {
        let site = Site::new();
        site.browser.page("login 1, write").await;
        let page = site.browser.page(acts).await;
        let [before, after] = tokens(&page).try_into().unwrap();
        assert!(!site.browser.passes(&before).await, "{acts}");
        assert!(site.browser.passes(&after).await, "{acts}");
    }
}

#[tokio::test]
async fn a_token_rendered_after_login_in_the_same_request_holds() {
    for acts in [
        "token, login 1, token",
        "token, write, login 1, token",
        "token, write, regenerate, token",
        "write, login 1, commit, token, elevate, token",
        "write, token, login 1, commit, token",
    ] {
        for first in ["read", "write", "login 7"] {
            let site = Site::new();
            site.browser.page(first).await;
            let page = site.browser.page(acts).await;
            let [before, after] = tokens(&page).try_into().unwrap();
            assert!(!site.browser.passes(&before).await, "before: {first}, then {acts}");
            assert!(site.browser.passes(&after).await, "after: {first}, then {acts}");
        }
    }
}

#[tokio::test]
async fn tokens_differ_each_time_and_all_hold() {
    for first in ["read", "write"] {
        let site = Site::new();
        site.browser.page(first).await;
        let mut all = tokens(&site.browser.page("token, token, token").await);
        all.push(site.browser.form().await);
        for (number, token) in all.iter().enumerate() {
            assert!(site.browser.passes(token).await);
            assert!(!all[..number].contains(token));
            assert!(
                token.len() == 43
                    && token.chars().all(|char| char.is_ascii_alphanumeric() || "-_".contains(char))
            );
        }
    }
}

#[tokio::test]
async fn a_token_of_one_session_is_refused_in_another() {
    let site = Site::new();
    let thief = site.stranger();
    for (ours, theirs) in [("read", "read"), ("write", "write"), ("read", "write"), ("login 1", "login 2")] {
        site.browser.page(ours).await;
        thief.page(theirs).await;
        let (own, stolen) = (site.browser.form().await, thief.form().await);
        let answer = site.browser.send(&stolen, "write").await;
        assert_eq!(fault(&answer), "Mismatch", "{ours}, {theirs}");
        assert!(site.browser.passes(&own).await && thief.passes(&stolen).await);
    }
}

#[tokio::test]
async fn truncated_padded_and_non_canonical_tokens() {
    let site = Site::new();
    site.browser.page("write").await;
    let token = site.browser.form().await;
    let bent = |last: char| format!("{}{last}", &token[..42]);
    let others = ['A', 'B', 'C', 'D', 'E', '-', '_'].map(bent).into_iter().filter(|bent| *bent != token);
    let wrong = [
        String::new(),
        token[..42].to_owned(),
        token[1..].to_owned(),
        format!("{token}="),
        format!("{token}A"),
        format!("{token} "),
        format!(" {token}"),
        format!("{token}\0"),
        token.to_lowercase(),
        "A".repeat(43),
        "null".to_owned(),
    ];
    for wrong in wrong.into_iter().chain(others) {
        assert!(!site.browser.passes(&wrong).await, "{wrong:?}");
    }
    assert!(site.browser.passes(&token).await);
}

#[tokio::test]
async fn login_forms_are_guarded_too() {
    let site = Site::new();
    let refused = site.browser.post_of("login 1").form(&[("user", "1")]).send().await.unwrap();
    assert_eq!(fault(&refused), "Missing");
    assert!(!site.browser.has("__Host-id"));
    let token = site.browser.form().await;
    assert_eq!(site.browser.send(&token, "login 1").await.status(), StatusCode::OK);
    assert!(site.browser.has("__Host-id"));
}

#[tokio::test]
async fn row_31_a_form_of_an_expired_session_is_told_stale_and_keeps_its_input() {
    let site = Site::new();
    site.browser.page("login 1, write").await;
    let open = site.browser.form().await;
    site.clock.advance(std::time::Duration::from_secs(3 * 3_600));
    let answer = site.browser.send(&open, "write").await;
    assert_eq!((answer.status(), fault(&answer).as_str()), (StatusCode::FORBIDDEN, "Stale"));
    let page: Value = answer.json().unwrap();
    assert_eq!(page["input"], json!({"item": "tea"}), "the input, without the token");
    // The form that is shown once more can be sent.
    assert!(site.browser.passes(page["token"].as_str().unwrap()).await);

    // Whoever has no session and no key is a stranger, not stale.
    assert_eq!(fault(&site.stranger().send(&open, "write").await), "Mismatch");
}

#[tokio::test]
async fn a_refusal_commits_nothing_and_eats_no_flash() {
    let site = Site::new();
    site.browser.page("write, flash hello").await;
    let other = site.stranger().form().await;
    // Late enough for a touch.
    site.clock.advance(std::time::Duration::from_secs(3_600));
    site.spy.forget();
    let refused = site.browser.send(&other, "write, login 1").await;
    assert_eq!(fault(&refused), "Mismatch");
    assert!(refused.set_cookies().is_empty(), "{:?}", refused.set_cookies());
    assert!(!site.spy.calls().iter().any(|call| *call != Call::Load), "{:?}", site.spy.calls());
    assert_eq!(refused.header("vary"), Some("cookie"));
    let page: Value = site.browser.page("read").await.json().unwrap();
    assert_eq!(page["notice"], json!("hello"));
}

#[tokio::test]
async fn a_guarded_request_costs_the_store_no_more_than_another() {
    let site = Site::new();
    site.browser.page("login 1, write").await;
    let token = site.browser.form().await;
    site.spy.forget();
    site.browser.page("write").await;
    let unguarded = site.spy.calls();
    site.spy.forget();
    site.browser.send(&token, "write").await;
    assert_eq!(site.spy.calls(), unguarded);
}

#[tokio::test]
async fn a_session_that_cannot_be_loaded_is_no_forgery() {
    let site = Site::new();
    site.browser.page("login 1").await;
    let token = site.browser.form().await;
    site.spy.fail(Call::Load, session_runtime::testing::Fault::Unavailable);
    let answer = site.browser.send(&token, "write").await;
    assert_eq!(
        (answer.status(), fault(&answer).contains("Unavailable")),
        (StatusCode::SERVICE_UNAVAILABLE, true)
    );
}
