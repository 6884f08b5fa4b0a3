//! Bags of forms, and the key of their tokens, from request to request.

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::*;
use crate::drivers::MemoryDriver;
use crate::session::{Session, Untyped};
use crate::sessions::Sessions;
use crate::testing::ManualClock;

const AGE: Duration = Duration::from_secs(300);
const BAG: &str = "_old:contact";

/// A browser with one session.
struct Visitor {
    sessions: Sessions,
    clock: ManualClock,
    cookie: HeaderMap,
}

impl Visitor {
    fn new() -> Self {
        let clock = ManualClock::default();
        let driver = MemoryDriver::new().with_clock(clock.clone());
        let sessions = Sessions::builder(driver).clock(clock.clone()).build().unwrap();
        Self { sessions, clock, cookie: HeaderMap::new() }
    }

    async fn load(&self) -> Session<Untyped> {
        self.sessions.load(&self.cookie).await.unwrap()
    }

    async fn finish(&mut self, session: &Session<Untyped>, status: StatusCode) {
        let mut response = Response::new(());
        *response.status_mut() = status;
        self.sessions.finish(session, &mut response).await.unwrap();
        if let Some(line) = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .find(|line| line.as_bytes().starts_with(b"__Host-id="))
        {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            self.cookie = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(pair).unwrap())]);
        }
    }

    /// One request, answered with 200.
    async fn visit<R>(&mut self, visit: impl FnOnce(&Session<Untyped>) -> R) -> R {
        let session = self.load().await;
        let result = visit(&session);
        self.finish(&session, StatusCode::OK).await;
        result
    }

    async fn put(&mut self, key: &str, text: &str) {
        self.visit(|session| session.put_bag(key, json(text), AGE).unwrap()).await;
    }
}

fn json(text: &str) -> JsonText {
    JsonText::trusted(text)
}

fn peek(session: &Session<Untyped>, key: &str) -> Option<String> {
    session.peek_bag(key).map(|bag| bag.as_str().to_owned())
}

fn read(session: &Session<Untyped>, key: &str) -> Option<String> {
    session.read_bag(key).map(|bag| bag.as_str().to_owned())
}

#[tokio::test]
async fn a_bag_waits_for_its_own_page_and_is_gone_after_it() {
    let mut visitor = Visitor::new();
    visitor.put(BAG, "1").await;
    visitor.put("_errors:contact", "2").await;
    for _ in 0..2 {
        assert_eq!(visitor.visit(|session| peek(session, BAG)).await.as_deref(), Some("1"));
    }
    assert_eq!(visitor.visit(|session| read(session, BAG)).await.as_deref(), Some("1"));
    assert_eq!(visitor.visit(|session| peek(session, BAG)).await, None);
    assert_eq!(visitor.visit(|session| peek(session, "_errors:contact")).await.as_deref(), Some("2"));
}

#[tokio::test]
async fn a_bag_is_there_up_to_its_age_and_not_a_millisecond_longer() {
    let mut visitor = Visitor::new();
    visitor.put(BAG, "1").await;
    visitor.clock.advance(AGE.checked_sub(Duration::from_millis(1)).unwrap());
    assert_eq!(visitor.visit(|session| peek(session, BAG)).await.as_deref(), Some("1"));
    visitor.clock.advance(Duration::from_millis(1));
    assert_eq!(visitor.visit(|session| read(session, BAG)).await, None);
}

#[tokio::test]
async fn a_later_bag_takes_the_place_of_what_was_pending_and_of_what_arrived() {
    let mut visitor = Visitor::new();
    visitor.put(BAG, "1").await;
    let pending = visitor.visit(|session| {
        session.put_bag(BAG, json("2"), AGE).unwrap();
        session.put_bag(BAG, json("3"), AGE).unwrap();
        (peek(session, BAG), session.pending_bag(BAG))
    });
    assert_eq!(pending.await, (Some("1".to_owned()), Some(json("3"))));
    let session = visitor.load().await;
    let entries =
        session.look(|state| state.arrived.iter().map(|entry| entry.json.clone()).collect::<Vec<_>>());
    assert_eq!(entries, [json("3")]);
}

#[tokio::test]
async fn a_bag_that_is_kept_is_read_once_more_and_one_that_is_forgotten_is_not() {
    let mut visitor = Visitor::new();
    visitor.put(BAG, "1").await;
    let kept = visitor.visit(|session| {
        let bag = read(session, BAG);
        session.keep_bag(BAG).unwrap();
        bag
    });
    assert_eq!(kept.await.as_deref(), Some("1"));
    let forgotten = visitor.visit(|session| {
        session.put_bag(BAG, json("2"), AGE).unwrap();
        session.forget_bag(BAG).unwrap();
        (peek(session, BAG), session.pending_bag(BAG))
    });
    assert_eq!(forgotten.await, (None, None));
    assert_eq!(visitor.visit(|session| peek(session, BAG)).await, None);
}

#[tokio::test]
async fn a_failed_page_has_read_nothing() {
    let mut visitor = Visitor::new();
    visitor.put(BAG, "1").await;
    let session = visitor.load().await;
    assert_eq!(read(&session, BAG).as_deref(), Some("1"));
    visitor.finish(&session, StatusCode::BAD_GATEWAY).await;
    assert_eq!(visitor.visit(|session| peek(session, BAG)).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn bags_do_not_show_among_the_messages_and_their_keys_are_refused() {
    let mut visitor = Visitor::new();
    for key in [BAG, "_errors:contact", "_intended"] {
        visitor.put(key, "1").await;
    }
    let session = visitor.load().await;
    let flash = session.flash_messages();
    assert!(flash.is_empty() && flash.all().is_empty() && flash.keys().next().is_none());
    for key in [BAG, "_old:", "_errors:x#1", "_intended"] {
        assert!(!flash.has(key) && flash.get::<u8>(key).unwrap().is_none(), "{key}");
        let refused = [
            session.flash(key, 1),
            session.flash_until_read(key, 1, AGE),
            session.flash_map([("a", 1), (key, 1)]),
            session.now(key, 1),
        ];
        for refused in refused {
            assert!(
                matches!(refused, Err(SessionError::ReservedFlash { key: named }) if named.as_str() == key)
            );
        }
    }
    assert!(!session.is_modified(), "of several values none is left");
    for key in ["_older", "old:contact", "_error"] {
        session.flash(key, 1).unwrap();
    }
}

#[tokio::test]
async fn the_names_of_bags_are_told_as_people_know_them() {
    let too_large =
        |key: &str| SessionError::FlashTooLarge { key: key.into(), bytes: 5, limit: 4 }.to_string();
    assert_eq!(
        too_large(BAG),
        "the old input of the form `contact` does not fit: 5 bytes, over a limit of 4"
    );
    assert!(too_large("_errors:contact#ab1").starts_with("the errors of the form `contact#ab1` does not"));
    assert!(too_large("notice").starts_with("the flash under `notice` does not"));
}

#[tokio::test]
async fn a_form_that_was_written_before_its_session_has_the_key_that_is_stored() {
    let mut visitor = Visitor::new();
    let session = visitor.load().await;
    let drawn = session.exchange().key_to_render().unwrap();
    assert!(!session.is_modified(), "a key is drawn, and nothing recorded");
    session.put("a", 1).unwrap();
    assert_eq!(session.exchange().key_to_render().unwrap(), drawn, "drawn once");
    visitor.finish(&session, StatusCode::OK).await;
    assert_eq!(visitor.visit(|session| session.exchange().key_to_render().unwrap()).await, drawn);
    assert_eq!(visitor.visit(|session| session.exchange().key_to_render().unwrap()).await, drawn, "and kept");
}

#[tokio::test]
async fn a_change_of_privilege_renews_the_key_and_forms_written_after_it_hold() {
    type Act = fn(&Session<Untyped>);
    let acts: [(&str, Act); 5] = [
        ("regenerate", |session| session.regenerate().unwrap()),
        ("login", |session| session.login(1).unwrap()),
        ("elevate", |session| session.elevate().unwrap()),
        ("login as another", |session| session.login(2).unwrap()),
        ("logout", |session| {
            session.logout().unwrap();
            session.put("b", 1).unwrap();
        }),
    ];
    let mut visitor = Visitor::new();
    let mut before = visitor
        .visit(|session| {
            session.put("a", 1).unwrap();
            session.exchange().key_to_render().unwrap()
        })
        .await;
    for (name, act) in acts {
        let session = visitor.load().await;
        assert_eq!(session.exchange().key_to_render().unwrap(), before, "before {name}");
        act(&session);
        let next = session.exchange().key_to_render().unwrap();
        assert_ne!(next, before, "after {name}");
        act(&session);
        if name != "logout" {
            assert_eq!(session.exchange().key_to_render().unwrap(), next, "{name}, said twice");
        }
        let next = session.exchange().key_to_render().unwrap();
        visitor.finish(&session, StatusCode::OK).await;
        before = visitor.visit(|session| session.exchange().key_to_render().unwrap()).await;
        assert_eq!(before, next, "{name}, stored");
    }
    let unasked = visitor.visit(|session| session.regenerate().unwrap());
    unasked.await;
    assert_ne!(
        visitor.visit(|session| session.exchange().key_to_render().unwrap()).await,
        before,
        "whether asked or not"
    );
}

#[tokio::test]
async fn an_explicit_commit_keeps_the_key_that_forms_were_written_with() {
    let mut visitor = Visitor::new();
    let session = visitor.load().await;
    let drawn = session.exchange().key_to_render().unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.exchange().key_to_render().unwrap(), drawn);
    session.login(1).unwrap();
    let commit = session.commit();
    let next = session.exchange().key_to_render().unwrap();
    assert_ne!(next, drawn, "during the commit it is the new one's");
    commit.await.unwrap();
    assert_eq!(session.exchange().key_to_render().unwrap(), next);
    visitor.finish(&session, StatusCode::OK).await;
    assert_eq!(visitor.visit(|session| session.exchange().key_to_render().unwrap()).await, next);
}

#[tokio::test]
async fn nothing_is_drawn_after_the_head() {
    let mut visitor = Visitor::new();
    let session = visitor.load().await;
    visitor.finish(&session, StatusCode::OK).await;
    assert!(matches!(session.exchange().key_to_render(), Err(SessionError::Committed)));
}
