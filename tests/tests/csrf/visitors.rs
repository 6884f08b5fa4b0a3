//! Visitors without a session: what a form costs them and the store.

use http::StatusCode;
use session_runtime::drivers::{KeyRing, SealKey};
use session_runtime::{CookieConfig, Start};

use super::site::{Site, Visits as _, fault, tokens};

const VISITOR: &str = "__Host-csrf";
const SESSION: &str = "__Host-id";

#[tokio::test]
async fn g_60_a_token_is_there_without_a_session() {
    let site = Site::new();
    for acts in ["token", "token readonly"] {
        let browser = site.stranger();
        let page = browser.page(acts).await;
        assert!(browser.passes(&tokens(&page)[0]).await, "{acts}");
        assert!(!browser.has(SESSION));
    }
}

#[tokio::test]
async fn row_19_reading_creates_no_record_and_no_cookie() {
    let site = Site::new();
    for acts in ["", "read"] {
        let page = site.browser.page(acts).await;
        assert!(page.set_cookies().is_empty(), "{acts}");
    }
    assert!(site.spy.calls().is_empty());
}

#[tokio::test]
async fn row_19_a_rendered_form_sets_one_cookie_and_no_record() {
    let site = Site::new();
    let page = site.browser.page("token, token").await;
    let [line] = page.set_cookies().try_into().unwrap();
    assert!(line.starts_with("__Host-csrf="), "{line}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(line.contains(attribute), "{attribute}: {line}");
    }
    assert!(!line.contains("Max-Age"), "ends with the browser: {line}");
    assert_eq!(page.header("cache-control"), Some("no-store"));

    // Once: the next forms of this visitor are made from the same key.
    let next = site.browser.page("token").await;
    assert!(next.set_cookies().is_empty());
    assert_eq!(next.header("cache-control"), Some("private"), "the token is nobody else's");
    assert!(site.browser.passes(&tokens(&page)[1]).await && site.browser.passes(&tokens(&next)[0]).await);
    assert!(site.spy.calls().is_empty(), "{:?}", site.spy.calls());
}

#[tokio::test]
async fn a_failed_page_sets_none() {
    let site = Site::new();
    assert!(site.browser.page("token, fail").await.set_cookies().is_empty());
}

#[tokio::test]
async fn an_open_form_survives_the_birth_of_the_record() {
    for birth in ["write", "flash hello", "write, commit, write", "token, write"] {
        let site = Site::new();
        let (open, other_tab) = (site.browser.form().await, site.browser.form().await);
        site.browser.send(&open, birth).await;
        assert!(site.browser.has(SESSION));
        assert!(site.browser.passes(&open).await && site.browser.passes(&other_tab).await, "{birth}");
        // Also where the record is born of a page that has to do with no form.
        let site = Site::new();
        let open = site.browser.form().await;
        site.browser.page(birth).await;
        assert!(site.browser.has(SESSION) && site.browser.passes(&open).await, "{birth}");
    }
    // The form and the record of one request.
    for acts in ["token, write", "write, token", "write, commit, token"] {
        let site = Site::new();
        let page = site.browser.page(acts).await;
        assert!(!site.browser.has(VISITOR), "the record has the key: {acts}");
        assert!(site.browser.passes(&tokens(&page)[0]).await, "{acts}");
    }
}

#[tokio::test]
async fn a_session_from_the_first_request_on_has_the_key_of_its_first_form() {
    let site = Site::with(|builder| builder.start(Start::OnFirstRequest), |guard| guard);
    let open = site.browser.form().await;
    assert!(site.browser.has(SESSION) && !site.browser.has(VISITOR));
    assert!(site.browser.passes(&open).await);
}

#[tokio::test]
async fn a_session_that_nobody_asked_for_takes_the_key_over_too() {
    let ring = KeyRing::ephemeral().unwrap();
    let before = Site::with(|builder| builder.keys(ring.clone()), |guard| guard);
    let open = before.browser.form().await;
    let cookie = before.browser.jar().cookie(VISITOR).unwrap();
    let eager = Site::with(|builder| builder.start(Start::OnFirstRequest).keys(ring), |guard| guard);
    eager.browser.put_cookie(&format!("{VISITOR}={}; Path=/; Secure", cookie.value())).unwrap();
    eager.browser.page("").await;
    assert!(eager.browser.has(SESSION) && eager.browser.passes(&open).await);
}

#[tokio::test]
async fn it_does_not_survive_a_login() {
    let site = Site::new();
    let (open, other_tab) = (site.browser.form().await, site.browser.form().await);
    let answer = site.browser.send(&open, "login 1").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(!site.browser.has(VISITOR), "the visitor's key went with the login");
    assert!(!site.browser.passes(&open).await && !site.browser.passes(&other_tab).await);
    // Nor does it come back with the logout.
    let form = site.browser.form().await;
    site.browser.send(&form, "logout").await;
    assert!(!site.browser.passes(&open).await);
}

#[tokio::test]
async fn the_key_goes_when_a_session_with_it_is_rotated_or_ended() {
    for renewal in ["regenerate", "login 1, commit, elevate", "login 1", "logout", "invalidate, write"] {
        let site = Site::new();
        let open = site.browser.form().await;
        site.browser.send(&open, "write").await;
        assert!(site.browser.has(VISITOR), "an ordinary write leaves it");
        site.browser.send(&open, renewal).await;
        assert!(!site.browser.has(VISITOR), "{renewal}");
        assert!(!site.browser.passes(&open).await, "{renewal}");
    }
}

#[tokio::test]
async fn a_form_on_the_page_that_empties_or_ends_the_session_holds() {
    for acts in [
        "forget, token",
        "token, forget",
        "logout, token",
        "logout, token, commit",
        "logout, commit, token",
        "token, forget, commit",
        "forget, commit, token",
    ] {
        let site = Site::new();
        site.browser.page("write").await;
        let page = site.browser.page(acts).await;
        assert!(!site.browser.has(SESSION) && site.browser.has(VISITOR), "{acts}");
        assert!(site.browser.passes(&tokens(&page)[0]).await, "{acts}");
    }
}

#[tokio::test]
async fn a_form_that_ends_with_its_session_does_not_come_back_as_a_visitors() {
    let site = Site::new();
    site.browser.page("login 1").await;
    let page = site.browser.page("token, logout").await;
    assert!(!site.browser.has(VISITOR), "{:?}", page.set_cookies());
    assert!(!site.browser.passes(&tokens(&page)[0]).await);
}

#[tokio::test]
async fn a_visitor_cookie_of_another_is_worth_nothing_without_its_token() {
    let site = Site::new();
    let (visitor, attacker) = (&site.browser, site.stranger());
    let (ours, theirs) = (visitor.form().await, attacker.form().await);
    let stolen = visitor.jar().cookie(VISITOR).unwrap().value().to_owned();
    // The attacker has our cookie's text, but no page that was written for it: it tells him no token.
    attacker.put_cookie(&format!("{VISITOR}={stolen}; Path=/; Secure")).unwrap();
    assert!(!attacker.passes(&theirs).await);
    assert!(!attacker.passes(&stolen[..43]).await && !attacker.passes(&stolen[stolen.len() - 43..]).await);
    assert!(visitor.passes(&ours).await);
}

#[tokio::test]
async fn a_planted_visitor_key_is_not_taken_over_by_a_login() {
    let site = Site::new();
    let attacker = site.stranger();
    let known = attacker.form().await;
    let planted = attacker.jar().cookie(VISITOR).unwrap().value().to_owned();
    site.browser.put_cookie(&format!("{VISITOR}={planted}; Path=/; Secure")).unwrap();
    for acts in ["login 1", "write, login 1", "token, login 1"] {
        let victim = site.stranger();
        victim.put_cookie(&format!("{VISITOR}={planted}; Path=/; Secure")).unwrap();
        victim.page(acts).await;
        assert!(victim.has(SESSION));
        assert!(!victim.passes(&known).await, "{acts}");
    }
}

#[tokio::test]
async fn cookies_that_are_no_visitors_are_passed_over_and_replaced() {
    let site = Site::new();
    let good = site.browser.form().await;
    let cookie = site.browser.jar().cookie(VISITOR).unwrap().value().to_owned();
    let other = if &cookie[60..61] == "A" { "B" } else { "A" };
    let flipped = format!("{}{other}{}", &cookie[..60], &cookie[61..]);
    for bad in ["", "x", flipped.as_str(), &cookie[..cookie.len() - 1]] {
        let stranger = site.stranger();
        stranger.put_cookie(&format!("{VISITOR}={bad}; Path=/; Secure")).unwrap();
        let answer = stranger.send(&good, "read").await;
        assert_eq!(fault(&answer), if bad.is_empty() { "Mismatch" } else { "Stale" }, "{bad}");
        let form = stranger.form().await;
        assert!(stranger.passes(&form).await, "a new key for {bad}");
    }
    // Among several, the one that opens counts.
    let line = format!("{VISITOR}=x; {VISITOR}={flipped}; {VISITOR}={cookie}");
    let answer =
        site.stranger().post_of("read").header("cookie", line).form(&[("_csrf", &good)]).send().await;
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn old_ring_keys_open() {
    let (old, new) = (SealKey::generate().unwrap(), SealKey::generate().unwrap());
    let ring = KeyRing::new(old.clone());
    let site = Site::with(|builder| builder.keys(ring.clone()), |guard| guard);
    let open = site.browser.form().await;

    // Another process with the same keys knows the visitor; one without does not.
    assert!(site.restarted(|builder| builder.keys(ring.clone())).passes(&open).await);
    let without = site.restarted(|builder| builder.keys(KeyRing::ephemeral().unwrap()));
    assert_eq!(fault(&without.send(&open, "read").await), "Stale");

    ring.replace(new.clone(), [old]);
    assert!(site.browser.passes(&open).await);
    ring.replace(new, []);
    assert_eq!(fault(&site.browser.send(&open, "read").await), "Stale");
    let fresh = site.browser.form().await;
    assert!(site.browser.passes(&fresh).await);
}

#[tokio::test]
async fn the_cookie_is_like_the_sessions_and_named_beside_it() {
    let plain = Site::with(|builder| builder.cookie(CookieConfig::insecure_development()), |guard| guard);
    let line = plain.browser.page("token").await.set_cookies()[0].to_owned();
    assert!(line.starts_with("id-dev-csrf=") && !line.contains("Secure"), "{line}");

    let config = CookieConfig {
        name: "__Secure-shop".into(),
        domain: Some("shop.example".into()),
        path: "/shop".into(),
        ..CookieConfig::default()
    };
    let wide = Site::with(|builder| builder.cookie(config), |guard| guard);
    let line = wide.browser.page("token").await.set_cookies()[0].to_owned();
    assert!(line.starts_with("__Secure-shop-csrf=") && line.contains("Domain=shop.example"), "{line}");
    assert!(line.contains("Path=/shop"), "{line}");
}

#[tokio::test]
async fn without_a_service_the_cookie_comes_with_finish() {
    use http::{HeaderMap, Response};
    use session_runtime::Untyped;

    let site = Site::new();
    let session = site.sessions.load::<Untyped>(&HeaderMap::new()).await.unwrap();
    let token = session.csrf_token().unwrap();
    let mut response = Response::new(());
    site.sessions.finish(&session, &mut response).await.unwrap();
    let line = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    // Finished twice, the response has it once.
    site.sessions.finish(&session, &mut response).await.unwrap();
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 1);

    let cookie: HeaderMap =
        [(http::header::COOKIE, line.split(';').next().unwrap().parse().unwrap())].into_iter().collect();
    let next = site.sessions.load::<Untyped>(&cookie).await.unwrap();
    assert!(next.accepts_csrf_token(&token) && !next.accepts_csrf_token("") && !next.is_stale());
    // After the head no new key can be handed out, but the known one still writes forms.
    assert!(session.csrf_token().is_ok());
    let late = site.sessions.load::<Untyped>(&HeaderMap::new()).await.unwrap();
    site.sessions.finish(&late, &mut Response::new(())).await.unwrap();
    assert!(matches!(late.csrf_token(), Err(session_runtime::SessionError::Committed)));
}
