//! One session, carried by the browser through everything that a server-side one goes through.

use serde_json::json;
use session_runtime::Untyped;
use session_tests::stage::{Acts, Says};

use super::server::Server;

#[tokio::test]
async fn a_session_lives_in_its_cookie() {
    for server in [Server::checked(), Server::accepting_replay(|driver| driver)] {
        let browser = &server.browser;
        let first = browser.run("increment; push tea; theme dark; flash hello").await;
        assert_eq!(first.set_cookies().len(), 1);
        let next = browser.run("increment; push rice").await;
        assert_eq!(next.said(), [json!(2), json!(2)]);
        assert_eq!(next.fact("notice"), json!("hello"));
        let last = browser.run("load").await;
        assert_eq!((last.fact("views"), last.fact("theme")), (json!(2), json!("dark")));
        assert_eq!(last.fact("cart"), json!(["tea", "rice"]));
        assert_eq!(last.fact("notice"), json!(null), "flash is there once");
        assert!(server.store.driver().is_empty(), "nothing is kept on the server");
    }
}

#[tokio::test]
async fn a_request_that_only_reads_sends_no_cookie() {
    let server = Server::checked();
    assert!(server.browser.run("load").await.sent_no_cookie(), "no session, no cookie");
    server.browser.run("increment").await;
    assert!(server.browser.run("load").await.sent_no_cookie());
    assert!(server.browser.run("load-readonly; read views").await.sent_no_cookie());
}

#[tokio::test]
async fn login_and_logout_are_those_of_every_driver() {
    for server in [Server::checked(), Server::accepting_replay(|driver| driver)] {
        let browser = &server.browser;
        browser.run("increment; push tea; theme dark").await;
        let answer = browser.run("login 42").await;
        assert_eq!((answer.fact("user"), answer.fact("cart")), (json!(42), json!(["tea"])));
        let selector = browser.run("load").await.fact("selector");
        browser.run("logout").await;
        let after = browser.run("load").await;
        assert_eq!((after.fact("user"), after.fact("cart")), (json!(null), json!([])));
        assert_eq!(after.fact("theme"), json!("dark"), "what survives a logout");
        assert_ne!(after.fact("selector"), selector);
        browser.run("invalidate").await;
        assert!(browser.held().is_none());
    }
}

#[tokio::test]
async fn a_session_whose_last_field_is_forgotten_is_gone() {
    let server = Server::checked();
    server.browser.run("put a").await;
    let copy = server.copy();
    server.browser.run("forget a").await;
    assert!(server.browser.held().is_none());
    assert!(!server.opens(&copy).await, "its cookie is worth nothing");
}

#[tokio::test]
async fn an_explicit_commit_is_final_and_one_cookie_goes_out() {
    let server = Server::checked();
    let answer = server.browser.run("increment; commit; login 42; commit; increment; status 500").await;
    assert_eq!(answer.said(), [json!(1), json!("created"), json!("committed"), json!(2)]);
    assert_eq!(answer.set_cookies().len(), 1);
    let next = server.browser.run("load").await;
    assert_eq!((next.fact("user"), next.fact("views")), (json!(42), json!(1)));
}

#[tokio::test]
async fn a_failed_request_keeps_what_was() {
    let server = Server::checked();
    server.browser.run("increment; flash hello").await;
    assert!(server.browser.run("increment; login 42; status 500").await.sent_no_cookie());
    let next = server.browser.run("load").await;
    assert_eq!((next.fact("views"), next.fact("notice")), (json!(1), json!("hello")));
}

#[tokio::test]
async fn a_session_is_handed_over_without_a_service() {
    let server = Server::checked();
    let session = server.sessions.create::<Untyped>().await.unwrap();
    session.put("views", 7).unwrap();
    assert!(server.sessions.set_cookies(&session).unwrap().is_empty(), "nothing is stored yet");
    session.commit().await.unwrap();
    let lines = server.sessions.set_cookies(&session).unwrap();
    server.browser.put_cookie(lines[0].to_str().unwrap()).unwrap();
    assert_eq!(server.browser.run("load").await.fact("views"), json!(7));

    // No token names it.
    assert!(server.sessions.token(&session).is_none());
    let token = session_runtime::Token::parse("A".repeat(43)).unwrap();
    let refused = server.sessions.open::<Untyped>(token).await.unwrap_err();
    assert!(matches!(refused, session_runtime::SessionError::NotKept), "{refused}");
}

#[tokio::test]
async fn the_cookie_shows_nothing_of_what_it_carries() {
    let server = Server::checked();
    server.browser.run("put a-secret-word; push tea; login 424242").await;
    let [(_, value)] = server.cookies().try_into().unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &value).unwrap();
    for secret in ["a-secret-word", "tea", "424242", "cart"] {
        assert!(!value.contains(secret));
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn a_session_of_which_nothing_is_left_takes_its_cookie_along() {
    for server in [Server::checked(), Server::accepting_replay(|driver| driver)] {
        server.browser.run("put a").await;
        assert_eq!(server.cookies().len(), 1);
        server.browser.run("forget a").await;
        assert!(server.cookies().is_empty());
    }
}
