//! CVE-2019-16782 and its incomplete fixes: whoever reads the store, or guesses what lies in it, opens no session.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde_json::Value;
use session_runtime::drivers::Driver as _;
use session_runtime::record::Record;
use session_runtime::{Selector, TheftResponse};
use session_tests::stage::{Acts, Says, World};

use super::stage::{Attacks as _, STORES, halves, selector_of, token_of, world};

#[tokio::test]
async fn cve_2019_16782_no_lookup_by_the_cookie_value() {
    for driver in STORES {
        let world = world(driver);
        world.browser.run("push tea; flash hello").await;
        // The secret from before the login is stored too, hashed as the present one is.
        world.browser.run("login 42; increment").await;
        let selector = selector_of(&world.browser).await;
        let record = world.spy.driver().load(&selector).await.unwrap().unwrap();
        let token = world.browser.token();
        assert!(world.opens(&token).await, "{driver}: the owner does");
        for value in presentable(&selector, &record) {
            assert_ne!(value, token);
            assert!(!world.opens(&value).await, "{driver}: {value}");
            // Nor does it become one, or end one.
            world.presents(&value, "increment; login 43").await;
            world.presents(&value, "invalidate").await;
        }
        assert_eq!(world.browser.run("load").await.fact("user"), 42, "{driver}");
        assert_eq!(record_of(&world, &selector).await, record, "{driver}: nobody has changed it");
    }
}

/// The hashes of secrets that were renewed lie there as well: they open nothing, and are not taken for the secrets, which
/// would end the session.
#[tokio::test]
async fn cve_2019_16782_no_hash_of_a_renewed_secret_opens_or_ends() {
    for driver in STORES {
        let hour = Duration::from_secs(3_600);
        let world = World::on(driver, |builder| {
            builder.idle_timeout(hour * 100).renew_every(hour).on_replay(TheftResponse::End)
        });
        world.browser.run("login 42").await;
        for _ in 0..3 {
            world.browser.run("load").await;
            world.later(3_600);
            world.browser.run("load").await;
        }
        let selector = selector_of(&world.browser).await;
        let record = record_of(&world, &selector).await;
        let renewal = record.metadata().renewal().unwrap();
        assert!(!renewal.retired.is_empty(), "{driver}");
        let stored =
            [renewal.previous, renewal.retired[0]].map(|hash| URL_SAFE_NO_PAD.encode(hash.as_bytes()));
        let values = presentable(&selector, &record);
        assert!(
            stored.iter().all(|hash| values.contains(hash)),
            "{driver}: they are among what is presented"
        );
        for value in values {
            assert!(!world.opens(&value).await, "{driver}: {value}");
            world.presents(&value, "increment; logout").await;
        }
        assert_eq!(world.browser.run("load").await.fact("user"), 42, "{driver}");
    }
}

/// A fallback to a lookup by what was presented was part of the first fix: a record is never found by all of a token,
/// by its verifier, or by a hash of either.
#[tokio::test]
async fn cve_2019_16782_a_record_filed_under_a_token_is_not_found_by_it() {
    for driver in STORES {
        let world = world(driver);
        world.browser.run("push tea; login 42").await;
        let record = record_of(&world, &selector_of(&world.browser).await).await;
        let (selector, verifier) = ([7; 16], [9; 16]);
        let token = token_of(&selector, &verifier);
        let digests = [token.as_bytes(), &[selector, verifier].concat(), &verifier, &selector]
            .map(|text| sha256(text)[..16].try_into().unwrap());
        let characters: [u8; 16] = token.as_bytes()[..16].try_into().unwrap();
        for place in digests.into_iter().chain([verifier, characters]) {
            world.spy.driver().create(&Selector::from_bytes(place), &record).await.unwrap();
        }
        assert!(!world.opens(&token).await, "{driver}");
    }
}

async fn record_of(world: &World, selector: &Selector) -> Record {
    world.spy.driver().load(selector).await.unwrap().unwrap()
}

/// Everything that lies in a record, in the forms in which a token could be made of it.
fn presentable(selector: &Selector, record: &Record) -> Vec<String> {
    let name = *selector.as_bytes();
    let document = record.to_document();
    let mut found: Vec<Vec<u8>> = vec![vec![0; 32], name.to_vec()];
    strings(&serde_json::from_str(&document).unwrap(), &mut |text| {
        found.push(text.as_bytes().to_vec());
        found.extend(URL_SAFE_NO_PAD.decode(text));
    });
    found.push(record.metadata().verifier.as_bytes().to_vec());
    let hashes = found.iter().filter(|bytes| bytes.len() == 32).count();
    assert!(hashes >= 4, "the verifier's, the one before it, and how this test was told of them: {document}");
    let mut values = vec![selector.to_string(), document];
    for bytes in &found {
        values.extend([URL_SAFE_NO_PAD.encode(bytes), STANDARD_NO_PAD.encode(bytes)]);
        values.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat());
        for half in bytes.windows(16).step_by(16).map(|half| half.try_into().unwrap()) {
            values.extend([token_of(&name, &half), token_of(&half, &name), token_of(&half, &half)]);
        }
    }
    values.retain(|value| value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
    values
}

fn strings(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, see)),
        Value::Object(entries) => entries.values().for_each(|entry| strings(entry, see)),
        _ => {}
    }
}

#[tokio::test]
async fn cve_2019_16782_a_token_and_its_record_share_only_the_selector() {
    for driver in STORES {
        let world = world(driver);
        world.browser.run("login 42").await;
        let (selector, verifier) = halves(&world.browser.token());
        assert_eq!(&selector, selector_of(&world.browser).await.as_bytes());
        let record = record_of(&world, &Selector::from_bytes(selector)).await;
        let stored = record.metadata().verifier;
        assert!(stored.as_bytes().windows(16).all(|half| half != verifier), "{driver}");
        assert_ne!(
            stored.as_bytes()[..],
            sha256(&verifier),
            "{driver}: and no plain hash, which others may have"
        );
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().unwrap()
}
