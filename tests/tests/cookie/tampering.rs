//! Whatever is done to a sealed cookie: no session, no panic, one event.

use serde_json::json;
use session_tests::stage::{Acts, Says};

use super::events::Events;
use super::server::Server;

type Cookies = Vec<(String, String)>;

fn one(value: impl Into<String>) -> Cookies {
    vec![("__Host-id".to_owned(), value.into())]
}

/// Presented by somebody, these cookies are no session, and one event tells so.
async fn are_no_session(server: &Server, cookies: &Cookies, what: &str) {
    let events = Events::listen();
    let answer = server.with_cookies(cookies).run("load").await;
    let told = events.told();
    assert_eq!(answer.status(), 200, "{what}");
    assert_eq!((answer.fact("views"), answer.fact("all")), (json!(0), json!({})), "{what}");
    assert!(answer.sent_no_cookie(), "{what}: nobody's cookie is taken away");
    assert_eq!(told.len(), 1, "{what}: {told:?}");
    assert!(told[0].contains("do not open"), "{what}: {told:?}");
}

#[tokio::test]
async fn no_flipped_bit_opens_a_session() {
    let server = Server::checked();
    server.browser.run("increment").await;
    let [(_, value)] = server.cookies().try_into().unwrap();
    let mut tried = 0;
    for place in 0..value.len() {
        for bit in 0..8 {
            let mut flipped = value.clone().into_bytes();
            flipped[place] ^= 1 << bit;
            // What cannot stand in a cookie does not reach a server in one.
            let Some(flipped) = String::from_utf8(flipped).ok().filter(|text| is_cookie_value(text)) else {
                continue;
            };
            are_no_session(&server, &one(flipped), &format!("bit {bit} of character {place}")).await;
            tried += 1;
        }
    }
    assert!(tried > value.len() * 4, "{tried} of {} bits", value.len() * 8);
    assert!(server.opens(&server.browser).await);
}

#[tokio::test]
async fn nothing_cut_or_longer_opens_a_session() {
    let server = Server::checked();
    server.browser.run("increment").await;
    let [(_, value)] = server.cookies().try_into().unwrap();
    for end in 0..value.len() {
        are_no_session(&server, &one(&value[..end]), &format!("cut after {end}")).await;
        are_no_session(&server, &one(&value[end + 1..]), &format!("begun after {end}")).await;
    }
    for longer in [format!("{value}A"), format!("A{value}"), format!("{value}{value}"), format!("{value}=")] {
        are_no_session(&server, &one(longer), "longer").await;
    }
}

#[tokio::test]
async fn no_chunk_can_be_swapped_dropped_doubled_or_taken_from_elsewhere() {
    let server = Server::checked();
    server.browser.run("put-large 9000").await;
    let ours = server.cookies();
    assert_eq!(ours.len(), 4, "{}", ours.len());
    assert!(server.opens(&server.with_cookies(&ours)).await);
    let other = server.beside(0);
    other.browser.run("put-large 9000").await;
    let theirs = other.cookies();
    for index in 0..ours.len() {
        let mut dropped = ours.clone();
        dropped.remove(index);
        if index > 0 {
            are_no_session(&server, &dropped, &format!("without chunk {index}")).await;
        } else {
            // What is left are chunks of nothing: no cookie of the session's name, and so nothing that could be refused.
            assert!(!server.opens(&server.with_cookies(&dropped)).await, "without the first chunk");
        }
        let mut foreign = ours.clone();
        foreign[index].1.clone_from(&theirs[index].1);
        are_no_session(&server, &foreign, &format!("chunk {index} of another session")).await;
        for second in index + 1..ours.len() {
            let mut swapped = ours.clone();
            (swapped[index].1, swapped[second].1) = (ours[second].1.clone(), ours[index].1.clone());
            are_no_session(&server, &swapped, &format!("chunks {index} and {second} swapped")).await;
            let mut doubled = ours.clone();
            doubled[second].1.clone_from(&ours[index].1);
            are_no_session(&server, &doubled, &format!("chunk {index} also as {second}")).await;
        }
    }
    let mut counts = ours.clone();
    for count in [1, 2, 3, 5, 63] {
        counts[0].1 = ours[0].1.replacen("4.", &format!("{count}."), 1);
        are_no_session(&server, &counts, &format!("{count} chunks")).await;
    }
}

#[tokio::test]
async fn a_value_of_another_cookie_opens_nothing() {
    let server = Server::checked();
    server.browser.run("increment").await;
    let [(_, value)] = server.cookies().try_into().unwrap();
    let cookie = session_runtime::CookieConfig { name: "__Host-other".to_owned(), ..Default::default() };
    let driver = session_runtime::drivers::CookieDriver::new(
        server.keys.clone(),
        session_runtime::drivers::Revocation::AcceptReplay,
    );
    let sessions = session_runtime::Sessions::builder(driver).clock(server.clock.clone()).cookie(cookie);
    let (_, browser) = session_tests::stage::open(&sessions.build().unwrap(), &server.clock);
    browser.put_cookie(&format!("__Host-other={value}; Path=/; Secure")).unwrap();
    let events = Events::listen();
    assert_eq!(browser.run("load").await.fact("views"), json!(0));
    assert_eq!(events.told().len(), 1);
}

#[tokio::test]
async fn rubbish_opens_nothing() {
    let server = Server::checked();
    let long = "A".repeat(4_000);
    let zeros = "0.".repeat(100);
    for value in
        ["x", "....", "2.", "-", "AAAA", &"A".repeat(43), &long, &zeros, "2.AAAA", "%00", "9999999999.x"]
    {
        are_no_session(&server, &one(value), value).await;
    }
}

fn is_cookie_value(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_graphic() && !"\",;\\".contains(char))
}
