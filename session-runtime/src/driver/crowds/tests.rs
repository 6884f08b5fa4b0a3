#![cfg(all(feature = "memory", feature = "testing"))]

use super::*;
use crate::driver::{DriverFate, MemoryDriver};
use crate::record::tests::arbitrary_record;
use crate::record::{Deadlines, Fields, Metadata, Principal, Record};
use crate::testing::ManualClock;
use crate::value::JsonText;

use proptest::strategy::{Strategy as _, ValueTree as _};

struct Place {
    clock: ManualClock,
    driver: MemoryDriver,
}

impl Place {
    fn new() -> Self {
        let clock = ManualClock::default();
        Self { driver: MemoryDriver::new().with_clock(clock.clone()), clock }
    }

    /// Files a session of the principal that was signed in at this time.
    async fn sign_in(&self, selector: u8, principal: &Principal, at: u64) -> Selector {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let any = arbitrary_record().new_tree(&mut runner).unwrap().current();
        let end = crate::Clock::now(&self.clock).saturating_add(std::time::Duration::from_secs(60));
        let metadata = Metadata {
            principal: Some(principal.clone()),
            authenticated_at: Some(Timestamp::from_unix_millis(at)),
            deadlines: Deadlines { idle: end, absolute: end },
            ..any.metadata().clone()
        };
        let selector = Selector::from_bytes([selector; 16]);
        self.driver.create(&selector, &Record::new(metadata, Fields::new(), Vec::new())).await.unwrap();
        selector
    }
}

fn user(id: &'static str) -> Principal {
    Principal::new(JsonText::trusted(id))
}

#[tokio::test]
async fn there_is_room_for_so_many_and_for_who_is_among_them() {
    let place = Place::new();
    let (user, other) = (user("1"), user("2"));
    let one = place.sign_in(1, &user, 5).await;
    place.sign_in(2, &user, 5).await;
    place.sign_in(3, &other, 5).await;
    let new = Selector::from_bytes([9; 16]);
    for (selector, most, expected) in
        [(&new, 3, true), (&new, 2, false), (&one, 2, true), (&one, 1, false), (&new, 0, false)]
    {
        let has_room = has_room(&place.driver, user.key(), selector, most).await.unwrap();
        assert_eq!(has_room, expected, "{selector:?} among {most}");
    }
}

#[tokio::test]
async fn the_dead_do_not_count() {
    let place = Place::new();
    let user = user("1");
    place.sign_in(1, &user, 5).await;
    place.clock.advance(std::time::Duration::from_secs(61));
    let new = Selector::from_bytes([9; 16]);
    place.driver.announce(user.key(), &new, Timestamp::MAX).await.unwrap();
    assert!(has_room(&place.driver, user.key(), &Selector::from_bytes([8; 16]), 1).await.unwrap());
    assert_eq!(over(&place.driver, user.key(), 0).await.unwrap().over, []);
}

#[tokio::test]
async fn a_crowd_names_the_oldest_logins_first() {
    let place = Place::new();
    let user = user("1");
    let mut filed = Vec::new();
    for (selector, at) in [(4, 7), (3, 7), (2, 9), (1, 8)] {
        filed.push(place.sign_in(selector, &user, at).await);
    }
    let [four, three, _, one] = filed[..] else { panic!("four sessions") };
    let before = place.driver.generation(user.key()).await.unwrap();
    for (most, expected) in
        [(4, vec![]), (3, vec![three]), (2, vec![three, four]), (1, vec![three, four, one])]
    {
        let crowd = over(&place.driver, user.key(), most).await.unwrap();
        assert_eq!(crowd, Crowd { generation: before, over: expected }, "beyond {most}");
    }
    place.driver.revoke_all(user.key(), None).await.unwrap();
    let crowd = over(&place.driver, user.key(), 1).await.unwrap();
    assert_ne!(crowd.generation, before, "the generation tells of the revocation");
}

#[tokio::test]
async fn the_fate_of_what_was_destroyed_is_told() {
    let place = Place::new();
    let selector = place.sign_in(1, &user("1"), 5).await;
    assert_eq!(place.driver.fate(&Selector::from_bytes([7; 16])).await.unwrap(), DriverFate::Unknown);
    assert!(place.driver.destroy(&selector, Owner::Anyone).await.unwrap());
    assert_eq!(place.driver.fate(&selector).await.unwrap(), DriverFate::Destroyed);
}
