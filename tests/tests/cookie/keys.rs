//! Keys that are replaced while the server runs.

use serde_json::json;
use session_runtime::drivers::SealKey;
use session_tests::stage::{Acts, Says};

use super::events::Events;
use super::server::Server;

#[tokio::test]
async fn a_new_key_signs_nobody_out_and_an_event_tells_who_still_needs_the_old_one() {
    let server = Server::checked();
    let [old, new] = [SealKey::generate().unwrap(), SealKey::generate().unwrap()];
    server.keys.replace(old.clone(), []);
    server.browser.run("increment").await;
    let before = server.cookies();

    server.keys.replace(new.clone(), [old]);
    let events = Events::listen();
    assert_eq!(server.browser.run("load").await.fact("views"), json!(1));
    let told = events.told();
    assert!(told.len() == 1 && told[0].contains("old key"), "{told:?}");

    // The next write seals with the new key, and the old one can go.
    server.browser.run("increment").await;
    events.told();
    server.keys.replace(new, []);
    assert_eq!(server.browser.run("load").await.fact("views"), json!(2));
    assert!(events.told().is_empty());
    assert!(!server.opens(&server.with_cookies(&before)).await, "sealed with a key that was taken out");
}

#[tokio::test]
async fn a_key_that_was_taken_out_opens_nothing() {
    let server = Server::checked();
    server.browser.run("increment").await;
    server.keys.replace(SealKey::generate().unwrap(), []);
    let events = Events::listen();
    assert_eq!(server.browser.run("load").await.fact("views"), json!(0));
    assert_eq!(events.told().len(), 1);
    // The visitor starts anew.
    server.browser.run("increment").await;
    assert_eq!(server.browser.run("load").await.fact("views"), json!(1));
}
