//! The principal index on disk: what crashes leave in it, and generations across restarts.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use session_runtime::drivers::{Driver as _, Owner};
use session_runtime::record::Commit;
use session_runtime::{Clock as _, Selector};

use super::fixtures::{IDLE, Place, selector, user};
use super::stage::hex;

const DAY: Duration = Duration::from_secs(24 * 3_600);

#[tokio::test]
async fn a_generation_differs_after_a_revocation_and_only_then() {
    let place = Place::new();
    let mut past = BTreeSet::from([generation(&place).await]);
    for _ in 0..3 {
        place.driver.revoke_all(user(1).key(), None).await.unwrap();
        assert!(past.insert(generation(&place).await), "each revocation gives a new one, at one moment too");
    }
    let last = generation(&place).await;
    for _ in 0..29 {
        place.clock.advance(DAY);
        place.sweep().await;
        assert_eq!(generation(&place).await, last, "weeks, sweeps and restarts leave it alone");
    }
    place.clock.advance(DAY * 2);
    place.sweep().await;
    assert_eq!(place.entries().len(), 0, "nobody compares with it any more");
    past.insert(generation(&place).await);
    place.driver.revoke_all(user(1).key(), None).await.unwrap();
    assert!(past.insert(generation(&place).await), "one that was forgotten is not given again");
}

/// As a process sees it that has just been started.
async fn generation(place: &Place) -> u64 {
    let generation = place.other().members(user(1).key()).await.unwrap().generation;
    assert_eq!(place.driver.members(user(1).key()).await.unwrap().generation, generation);
    generation
}

#[tokio::test]
async fn an_entry_without_its_session_is_listed_never_and_cleaned_after_a_minute() {
    for by_reading in [true, false] {
        let place = Place::new();
        let crashed = selector(1, 1);
        place.file(crashed, Some(&user(1))).await;
        // What a process leaves that ends between the entry and the record.
        fs::remove_file(place.path(crashed)).unwrap();
        place.clock.advance(Duration::from_secs(59));
        assert!(place.driver.members(user(1).key()).await.unwrap().selectors.is_empty());
        place.sweep().await;
        let [entry] = &place.entries()[..] else { panic!("an entry younger than a minute was cleaned") };
        assert!(fs::read_to_string(entry).unwrap().contains(&hex(crashed.as_bytes())));
        if by_reading {
            place.clock.advance(Duration::from_secs(1));
            assert!(place.driver.members(user(1).key()).await.unwrap().selectors.is_empty());
        } else {
            place.clock.advance(DAY);
            place.sweep().await;
        }
        assert_eq!(place.entries().len(), 0, "by reading: {by_reading}");
    }
}

#[tokio::test]
async fn a_session_stays_in_the_index_while_stale_neighbours_are_cleaned() {
    let place = Place::new();
    let (live, crashed) = (selector(1, 1), selector(2, 2));
    place.file(live, Some(&user(1))).await;
    place.file(crashed, Some(&user(1))).await;
    fs::remove_file(place.path(crashed)).unwrap();
    for _ in 0..20 {
        place.clock.advance(IDLE / 2);
        let touch = Commit { idle_until: Some(place.clock.now().saturating_add(IDLE)), ..place.commit() };
        place.driver.apply(&live, &touch).await.unwrap();
        place.sweep().await;
        assert_eq!(place.driver.members(user(1).key()).await.unwrap().selectors, [live]);
    }
    let text = fs::read_to_string(&place.entries()[0]).unwrap();
    assert!(text.contains(&hex(live.as_bytes())) && !text.contains(&hex(crashed.as_bytes())), "{text}");
}

#[tokio::test]
async fn endings_of_every_kind_leave_no_entry_behind() {
    let place = Place::new();
    let [destroyed, expired, moved] = [selector(1, 1), selector(2, 2), selector(3, 3)];
    for selector in [destroyed, expired, moved] {
        place.file(selector, Some(&user(1))).await;
    }
    place.driver.destroy(&destroyed, Owner::Principal(user(1).key())).await.unwrap();
    place.driver.apply(&moved, &place.login(&user(2))).await.unwrap();
    let [first, second] = [user(1), user(2)];
    let [entry, other] = &place.entries()[..] else { panic!("an entry each") };
    let texts = [entry, other].map(|path| fs::read_to_string(path).unwrap());
    let with =
        |selector: Selector| texts.iter().filter(|text| text.contains(&hex(selector.as_bytes()))).count();
    assert_eq!([destroyed, expired, moved].map(with), [0, 1, 1], "who is in which entry");
    assert_eq!(place.driver.members(first.key()).await.unwrap().selectors, [expired]);
    assert_eq!(place.driver.members(second.key()).await.unwrap().selectors, [moved]);
    place.clock.advance(IDLE);
    assert_eq!(place.sweep().await, 2);
    assert_eq!(place.entries().len(), 0, "entries go with their sessions, not a day later");
}

#[tokio::test]
async fn a_login_that_was_refused_leaves_no_entry() {
    let place = Place::new();
    place.file(selector(1, 1), None).await;
    let superseded = Commit { epoch: 9, ..place.login(&user(1)) };
    place.driver.apply(&selector(1, 1), &superseded).await.unwrap();
    place.driver.apply(&selector(2, 2), &place.login(&user(1))).await.unwrap();
    place.driver.create(&selector(1, 1), &place.record(Some(&user(1)))).await.unwrap();
    assert_eq!(place.entries().len(), 0);
}
