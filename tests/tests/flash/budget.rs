//! Flash for which there is no room: told at the call, by name, and the page still works.

use http::StatusCode;
use serde_json::{Value, json};
use session_runtime::drivers::{CookieDriver, KeyRing, Revocation};
use session_runtime::testing::ManualClock;
use session_runtime::{SessionError, Sessions};

use super::stage::{Shop, Visitor};

#[track_caller]
fn names(error: &SessionError, key: &str) -> (usize, usize) {
    match error {
        SessionError::FlashTooLarge { key: named, bytes, limit } if named.as_str() == key => (*bytes, *limit),
        other => panic!("{other:?} does not name `{key}`"),
    }
}

#[tokio::test]
async fn row_21_a_slot_over_max_bytes_is_named() {
    let visitor = Visitor::new();
    let refused = visitor.visit(|session| {
        // Quotes count: it is the JSON text that is stored.
        session.hint().flash("x".repeat(38)).unwrap();
        session.hint().flash("y".repeat(39)).unwrap_err()
    });
    let refused = refused.await;
    assert_eq!(names(&refused, "hint"), (41, 40));
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused.to_string(), "the flash under `hint` does not fit: 41 bytes, over a limit of 40");
    let hint = visitor.visit(|session| session.hint().get().unwrap());
    assert_eq!(hint.await, Some("x".repeat(38)), "a refused flash replaces nothing");
}

#[tokio::test]
async fn flash_over_the_record_limit_is_told_at_the_call() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(2_000));
    visitor.visit(|session| session.cart().set(vec!["tea".repeat(100)]).unwrap()).await;
    let refused = visitor.visit(|session| {
        session.flash("small", 1).unwrap();
        let refused = session.notice().flash("x".repeat(1_500)).unwrap_err();
        session.notice().flash("too long to be shown").unwrap();
        refused
    });
    let (bytes, limit) = names(&refused.await, "notice");
    assert!(bytes > 2_000 && bytes < 2_400 && limit == 2_000, "{bytes} of {limit}");
    let all = visitor.visit(|session| Value::from(session.flash_messages().all()));
    assert_eq!(all.await, json!({ "small": 1, "notice": "too long to be shown" }));
}

#[tokio::test]
async fn a_refused_flash_records_nothing() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(1_000));
    let modified = visitor.visit(|session| {
        let big = "x".repeat(900);
        names(&session.flash("a", &big).unwrap_err(), "a");
        names(&session.flash_map([("b", "1"), ("c", &big)]).unwrap_err(), "c");
        let age = std::time::Duration::from_secs(1);
        names(&session.flash_until_read("d", &big, age).unwrap_err(), "d");
        session.is_modified()
    });
    assert!(!modified.await);
    assert_eq!(visitor.world.records(), 0);
}

#[tokio::test]
async fn what_goes_makes_room() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(1_000));
    let big = || "x".repeat(500);
    visitor.visit(move |session| session.notice().flash(big()).unwrap()).await;
    for round in 0..3 {
        visitor.visit(move |session| session.notice().flash(big()).unwrap()).await;
        visitor.visit(move |session| session.flash("other", big()).unwrap()).await;
        visitor
            .visit(move |session| {
                session.cart().set(vec![big()]).unwrap();
                names(&session.flash("third", big()).unwrap_err(), "third");
                session.cart().forget().unwrap();
                session.flash("third", big()).unwrap();
                session.flash("third", big()).unwrap();
                assert!(round < 3);
            })
            .await;
    }
}

#[tokio::test]
async fn what_waits_and_is_replaced_makes_room() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(1_000));
    for _ in 0..3 {
        visitor.visit(|session| session.export().flash("x".repeat(500)).unwrap()).await;
    }
    let refused = visitor.visit(|session| session.notice().flash("x".repeat(500)).unwrap_err());
    names(&refused.await, "notice");
}

fn sealing() -> (Sessions, ManualClock) {
    let clock = ManualClock::default();
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay).max_bytes(4_000);
    (Sessions::builder(driver).clock(clock.clone()).build().unwrap(), clock)
}

#[tokio::test]
async fn row_20_flash_over_a_cookie_names_its_slot_and_the_page_works() {
    let (sessions, _clock) = sealing();
    let session = sessions.create::<Shop>().await.unwrap();
    session.cart().set(vec!["tea".to_owned()]).unwrap();
    let mut noise = Noise(7);
    let refused = session.notice().flash(noise.text(4_000)).unwrap_err();
    let (bytes, limit) = names(&refused, "notice");
    assert!(bytes > limit, "{bytes} of {limit}");
    session.notice().flash("the form was too long").unwrap();
    session.commit().await.unwrap();
    assert!(!sessions.set_cookies(&session).unwrap().is_empty());
}

/// Up to the last byte that the call accepts, the commit seals what was flashed.
#[tokio::test]
async fn what_the_call_accepts_the_commit_seals() {
    let (sessions, _clock) = sealing();
    let mut noise = Noise(11);
    let mut accepted = 0;
    for length in (2_000..4_200).step_by(7) {
        let session = sessions.create::<Shop>().await.unwrap();
        session.theme().set("dark").unwrap();
        session.user().login(length).unwrap();
        match session.export().flash(noise.text(length)) {
            Ok(()) => {
                session.commit().await.unwrap();
                accepted = length;
            }
            Err(refused) => drop(names(&refused, "export")),
        }
    }
    assert!((2_500..4_000).contains(&accepted), "the longest that fits has {accepted} characters");
}

/// Text that is like no other.
struct Noise(u64);

impl Noise {
    fn text(&mut self, length: u64) -> String {
        let letter = |_| {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + u8::try_from(self.0 >> 33 & 15).unwrap())
        };
        (0..length).map(letter).collect()
    }
}
