//! Tokens that open nothing never become sessions, and neither delete nor keep alive one.

use http::header::COOKIE;
use serde_json::json;
use session_runtime::Token;

use session_tests::stage::{Acts, Browser, Says, World};

/// The answer to a request that presents exactly this cookie value.
async fn presents(browser: &Browser, value: &str, script: &str) -> session_runtime::testing::TestResponse {
    let request = browser.post("/").header(COOKIE, format!("__Host-id={value}"));
    request.body(script.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn unknown_malformed_and_truncated_tokens_are_no_session() {
    let world = World::new();
    world.browser.run("increment").await;
    let token = world.browser.token();
    let stranger = world.stranger();
    let other_verifier = format!("{}{}", &token[..22], "A".repeat(21));
    let tampered = [
        "A".repeat(43),
        token[..42].to_owned(),
        format!("{token}A"),
        format!("{token}="),
        format!("\"{token}\""),
        token.to_lowercase(),
        other_verifier,
        String::new(),
        "../../etc/passwd".to_owned(),
        "%00".to_owned(),
    ];
    for value in tampered.iter().filter(|value| **value != token) {
        let answer = presents(&stranger, value, "load").await;
        assert_eq!((answer.fact("fresh"), answer.fact("views")), (json!(true), json!(0)), "{value:?}");
        assert!(answer.sent_no_cookie(), "an unknown token is not answered with a removal: {value:?}");
    }
    assert_eq!(world.browser.run("load").await.fact("views"), json!(1), "the real session is untouched");
}

#[tokio::test]
async fn a_client_chosen_token_never_becomes_a_session() {
    // CVE-2024-38513: an unknown id became a session under that id.
    let world = World::new();
    let chosen = "A".repeat(43);
    let answer = presents(&world.browser, &chosen, "increment").await;
    let minted = world.browser.token();
    assert_ne!(minted, chosen);
    assert_ne!(minted[..22], chosen[..22]);
    assert_eq!(answer.fact("fresh"), json!(true));
    assert_eq!(presents(&world.stranger(), &chosen, "load").await.fact("views"), json!(0));
}

#[tokio::test]
async fn who_knows_a_selector_can_neither_read_nor_end_nor_prolong_the_session() {
    let world = World::new();
    world.browser.run("increment; login 42").await;
    let selector = world.browser.token()[..21].to_owned();
    let forged = format!("{selector}{}", "A".repeat(22));
    for script in ["load", "logout", "invalidate", "clear", "increment"] {
        let answer = presents(&world.stranger(), &forged, script).await;
        assert_eq!(answer.fact("user"), json!(null), "{script}");
    }
    let answer = world.browser.run("load").await;
    assert_eq!((answer.fact("user"), answer.fact("views")), (json!(42), json!(1)));
}

#[tokio::test]
async fn an_expired_token_is_no_session_and_its_writes_go_into_a_new_one() {
    let world = World::new();
    world.browser.run("increment").await;
    let old = world.browser.token();
    world.later(2 * 3_600);
    let answer = world.browser.run("increment").await;
    assert_eq!((answer.fact("fresh"), answer.fact("views")), (json!(true), json!(1)));
    assert_ne!(world.browser.token()[..22], old[..22]);
}

#[tokio::test]
async fn a_token_of_another_application_is_no_session() {
    let (ours, theirs) = (World::new(), World::new());
    theirs.browser.run("increment; login 42").await;
    let foreign = theirs.browser.token();
    let answer = presents(&ours.browser, &foreign, "load").await;
    assert_eq!((answer.fact("user"), answer.fact("fresh")), (json!(null), json!(true)));
}

#[tokio::test]
async fn the_store_holds_nothing_that_opens_a_session() {
    use session_runtime::drivers::Driver as _;
    let world = World::new();
    world.browser.run("increment").await;
    let token = Token::parse(world.browser.token()).unwrap();
    let record = world.spy.driver().load(&token.selector()).await.unwrap().unwrap();
    // CVE-2019-16782: what is stored must not be what is presented.
    let stored = record.metadata().verifier;
    let secret = token.reveal();
    assert!(!format!("{record:?}").contains(&secret[22..]));
    let mut as_presented = [0_u8; 32];
    as_presented[..16].copy_from_slice(token.selector().as_bytes());
    assert_ne!(stored.as_bytes(), &as_presented);
}

#[tokio::test]
async fn of_two_valid_cookies_the_newest_authenticated_wins_whatever_their_order() {
    let world = World::new();
    let (older, newer, anonymous) = (world.stranger(), world.stranger(), world.stranger());
    older.run("increment; login 1").await;
    world.later(1);
    newer.run("increment; login 2").await;
    world.later(1);
    anonymous.run("increment").await;
    let tokens = [older.token(), newer.token(), anonymous.token()];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        let cookies: Vec<String> =
            order.iter().map(|index| format!("__Host-id={}", tokens[*index])).collect();
        let header = format!("{}; __Host-id=garbage", cookies.join("; "));
        let answer = world.stranger().post("/").header(COOKIE, header).body("load").send().await.unwrap();
        assert_eq!(answer.fact("user"), json!(2), "{order:?}");
    }
}

#[tokio::test]
async fn a_wrong_cookie_beside_the_right_one_does_no_harm() {
    let world = World::new();
    world.browser.run("increment").await;
    let token = world.browser.token();
    let header = format!("__Host-id={}; __Host-id={token}; __host-id=x", "B".repeat(42) + "A");
    let answer = world.stranger().post("/").header(COOKIE, header).body("load").send().await.unwrap();
    assert_eq!(answer.fact("views"), json!(1));
}

#[tokio::test]
async fn one_cookie_sent_many_times_is_read_once() {
    use session_runtime::testing::Call;
    let world = World::new();
    world.browser.run("increment").await;
    world.spy.forget();
    let header = format!("__Host-id={}", world.browser.token());
    let header = vec![header; 6].join("; ");
    let answer = world.stranger().post("/").header(COOKIE, header).body("load").send().await.unwrap();
    assert_eq!(answer.fact("views"), json!(1));
    assert_eq!(world.spy.calls(), [Call::Load]);
}

#[tokio::test]
async fn only_the_cookie_header_carries_a_token() {
    let world = World::new();
    world.browser.run("increment").await;
    let token = world.browser.token();
    let request = world.stranger().request(http::Method::POST, &format!("/?__Host-id={token}&id={token}"));
    let answer = request.header("x-session-id", token.as_str()).body("load").send().await.unwrap();
    assert_eq!(answer.fact("fresh"), json!(true));
}
