//! The untyped session: keys, dot paths, defaults, and the decisions where the predecessors disagree.

use serde_json::{Value, json};
use session_runtime::{Outcome, PathFault, Session, SessionError, Untyped};

use session_tests::stage::World;

async fn begin(fields: Value) -> (World, Session) {
    let world = World::new();
    let session = world.sessions.create::<Untyped>().await.unwrap();
    for (key, value) in fields.as_object().unwrap() {
        session.put(key, value).unwrap();
    }
    session.commit().await.unwrap();
    (world, session)
}

#[tokio::test]
async fn c_01_a_literal_dotted_key_wins_over_the_path() {
    use session_runtime::JsonText;
    use session_runtime::drivers::Driver as _;
    use session_runtime::record::{Commit, FieldChange, FieldOp};

    let (world, session) = begin(json!({ "user": { "email": "nested" } })).await;
    assert_eq!(session.get::<String>("user.email").unwrap().as_deref(), Some("nested"));
    // A key with a dot comes into being where an import wrote it whole.
    let selector = session.selector().unwrap();
    let literal = FieldOp::Set(JsonText::parse("\"literal\"").unwrap());
    let commit = Commit {
        fields: vec![FieldChange { key: "user.email".into(), survives_logout: None, op: literal }],
        ..Commit::unchanged(0, session.created_at().unwrap())
    };
    world.spy.driver().apply(&selector, &commit).await.unwrap();
    session.reload().await.unwrap();
    assert_eq!(session.get::<String>("user.email").unwrap().as_deref(), Some("literal"));
    session.put("user.email", "new").unwrap();
    assert_eq!(session.get::<Value>("user").unwrap().unwrap(), json!({ "email": "nested" }));
}

#[tokio::test]
async fn c_01_paths_reach_into_objects_and_existing_places_of_arrays() {
    let (_world, session) = begin(json!({ "a": { "list": [1, { "x": 2 }] } })).await;
    assert_eq!(session.get::<u8>("a.list.1.x").unwrap(), Some(2));
    session.put("a.list.1.x", 3).unwrap();
    session.put("a.list.2", 4).unwrap();
    session.put("b.c.0", 5).unwrap();
    assert_eq!(session.get::<Value>("a").unwrap().unwrap(), json!({ "list": [1, { "x": 3 }, 4] }));
    assert_eq!(session.get::<Value>("b").unwrap().unwrap(), json!({ "c": { "0": 5 } }));
    let fault = |error| match error {
        SessionError::Path { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(session.put("a.list.9", 1).unwrap_err()), PathFault::Index);
    assert_eq!(fault(session.put("a.list.0.y", 1).unwrap_err()), PathFault::Scalar);
    assert_eq!(fault(session.put("a..b", 1).unwrap_err()), PathFault::EmptySegment);
    assert_eq!(session.get::<Value>("a.list.0.y").unwrap(), None);
    session.forget("a.list.0").unwrap();
    assert_eq!(session.get::<Value>("a.list").unwrap().unwrap(), json!([{ "x": 3 }, 4]), "no hole");
    session.forget("b.c").unwrap();
    assert_eq!(session.get::<Value>("b").unwrap().unwrap(), json!({}), "the parent stays");
}

#[tokio::test]
async fn c_02_has_exists_and_missing_on_null_and_empty_values() {
    let values = json!({ "null": null, "zero": 0, "false": false, "text": "", "list": [], "object": {} });
    let (_world, session) = begin(values.clone()).await;
    for key in values.as_object().unwrap().keys() {
        assert_eq!(session.has(key), key != "null", "{key}");
        assert!(session.exists(key) && !session.missing(key), "{key}");
    }
    assert!(!session.has("other") && !session.exists("other") && session.missing("other"));
    assert!(session.missing("object.member") && session.missing("list.0"));
}

#[tokio::test]
async fn c_03_a_default_replaces_what_is_absent_and_a_stored_null() {
    let (_world, session) = begin(json!({ "null": null, "zero": 0 })).await;
    assert_eq!(session.get_or("absent", 7).unwrap(), 7);
    assert_eq!(session.get_or("null", 7).unwrap(), 7);
    assert_eq!(session.get_or("zero", 7).unwrap(), 0);
    assert_eq!(session.get::<u8>("absent").unwrap(), None);
    assert_eq!(session.get::<u8>("null").unwrap(), None);
}

#[tokio::test]
async fn c_05_counting_starts_from_zero_on_absence_and_null_and_refuses_the_rest() {
    let (_world, session) =
        begin(json!({ "null": null, "text": "5", "list": [], "true": true, "half": 0.5 })).await;
    assert_eq!(session.increment("absent").unwrap(), 1);
    assert_eq!(session.decrement("null").unwrap(), -1);
    assert_eq!(session.increment("deep.er.count").unwrap(), 1);
    assert_eq!(session.increment_by("deep.er.count", 4_u8).unwrap(), 5);
    for key in ["text", "list", "true", "half"] {
        let before = session.get::<Value>(key).unwrap();
        assert!(matches!(session.increment(key).unwrap_err(), SessionError::NotANumber { .. }), "{key}");
        assert_eq!(session.get::<Value>(key).unwrap(), before);
    }
    assert_eq!(session.increment_by("half", 0.25).unwrap().to_string(), "0.75");
    assert_eq!(session.increment_by("max", u64::MAX).unwrap(), u64::MAX);
    assert!(matches!(session.increment("max").unwrap_err(), SessionError::Overflow { .. }));
}

#[tokio::test]
async fn c_06_all_is_a_detached_copy_without_bookkeeping_and_flash() {
    let (_world, session) = begin(json!({ "a": { "b": 1 } })).await;
    session.flash("notice", "x").unwrap();
    session.login(42).unwrap();
    let mut all = session.all();
    assert_eq!(all, *json!({ "a": { "b": 1 } }).as_object().unwrap());
    all["a"]["b"] = json!(2);
    assert_eq!(session.get::<u8>("a.b").unwrap(), Some(1));
    assert_eq!(session.only(&["a", "other"]).len(), 1);
    assert!(session.except(&["a"]).is_empty());
}

#[tokio::test]
async fn c_07_every_value_that_json_can_say_is_kept() {
    let values =
        json!({ "0": 0, "f": false, "s": "", "l": [], "o": {}, "n": null, "u": "\u{0}\u{10ffff}\"\\" });
    let (world, session) = begin(values.clone()).await;
    let again = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    assert_eq!(Value::Object(again.all()), values);
}

#[tokio::test]
async fn t_01_a_later_put_of_the_same_value_hides_no_earlier_change() {
    let (world, session) = begin(json!({ "a": 1, "b": 1 })).await;
    session.put("a", 2).unwrap();
    session.put("b", 1).unwrap();
    session.commit().await.unwrap();
    let again = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    assert_eq!(again.get::<u8>("a").unwrap(), Some(2));
}

#[tokio::test]
async fn pull_reads_and_takes_away_and_leaves_what_it_cannot_read() {
    let (_world, session) = begin(json!({ "a": 1, "b": "text" })).await;
    assert_eq!(session.pull::<u8>("a").unwrap(), Some(1));
    assert_eq!(session.pull::<u8>("a").unwrap(), None);
    assert!(session.pull::<u8>("b").is_err());
    assert!(session.exists("b"));
}

#[tokio::test]
async fn a_field_is_forgotten_even_if_it_was_stored_after_this_request_looked() {
    let (world, session) = begin(json!({ "a": 1 })).await;
    let other = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    session.forget("b").unwrap();
    other.put("b", 1).unwrap();
    other.commit().await.unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Committed);
    session.reload().await.unwrap();
    assert!(session.missing("b"), "of two writes of a whole field the later commit wins");
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_forgotten_without_a_change() {
    let (_world, session) = begin(json!({ "a": 1 })).await;
    session.forget("a.b.c").unwrap();
    assert!(!session.is_modified());
    assert_eq!(session.commit().await.unwrap(), Outcome::Unchanged);
}

#[tokio::test]
async fn what_is_nested_too_deeply_to_be_read_back_is_refused() {
    let (_world, session) = begin(json!({ "a": 1 })).await;
    let nested = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(session.put("deep", nested(120)).is_ok());
    assert!(session.get::<Value>("deep").unwrap().is_some());
    assert!(matches!(session.put("deep", nested(200)).unwrap_err(), SessionError::Unstorable { .. }));
    assert!(matches!(session.flash("deep", nested(200)).unwrap_err(), SessionError::Unstorable { .. }));
    session.put("object.member", 1).unwrap();
    assert!(matches!(
        session.put("object.member", nested(127)).unwrap_err(),
        SessionError::Unstorable { .. }
    ));
}

#[tokio::test]
async fn updates_and_nested_writes_of_others_are_both_kept() {
    let (world, session) = begin(json!({ "user": { "name": "ada" } })).await;
    let other = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    session.put("user.email", "ada@example.org").unwrap();
    session
        .update("tags", |tags: &mut Option<Vec<String>>| tags.get_or_insert_default().push("new".into()))
        .unwrap();
    other.put("user.age", 36).unwrap();
    other.put("tags", ["old"]).unwrap();
    other.commit().await.unwrap();
    session.commit().await.unwrap();
    session.reload().await.unwrap();
    let expected =
        json!({ "user": { "age": 36, "email": "ada@example.org", "name": "ada" }, "tags": ["old", "new"] });
    assert_eq!(Value::Object(session.all()), expected);
}

#[tokio::test]
async fn clear_empties_what_is_there_when_it_is_applied() {
    let (world, session) = begin(json!({ "a": 1, "b": 2 })).await;
    let other = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    session.clear().unwrap();
    session.put("mine", 1).unwrap();
    session.increment("a").unwrap();
    other.put("theirs", 1).unwrap();
    other.commit().await.unwrap();
    session.commit().await.unwrap();
    session.reload().await.unwrap();
    assert_eq!(Value::Object(session.all()), json!({ "a": 1, "mine": 1 }));
}

#[tokio::test]
async fn flash_by_name() {
    let (world, session) = begin(json!({ "a": 1 })).await;
    session.flash("status", json!({ "level": "ok", "count": 0 })).unwrap();
    session.flash_map([("one", 1), ("two", 2)]).unwrap();
    assert!(session.flash_messages().is_empty());
    session.now("hint", false).unwrap();
    session.commit().await.unwrap();
    let token = world.sessions.token(&session).unwrap();
    let next = world.sessions.open::<Untyped>(token).await.unwrap();
    let flash = next.flash_messages();
    assert_eq!(flash.get::<u8>("status.count").unwrap(), Some(0), "a falsy value is kept");
    assert_eq!(flash.get_or("missing", 9).unwrap(), 9);
    assert!(flash.has("one") && !flash.has("hint") && !flash.has("a"));
    assert_eq!(flash.all().len(), 3);
    assert!(flash.get::<u8>("status").is_err());
}

#[tokio::test]
async fn a_message_shows_the_beginning_of_an_endless_key() {
    let (_world, session) = begin(json!({ "a": 1 })).await;
    let key = "\u{e9}".repeat(1_000_000);
    session.put(&key, "text").unwrap();
    let shown = session.increment(&key).unwrap_err().to_string();
    assert!(shown.len() < 300 && shown.contains('\u{2026}'), "{shown}");
}

#[tokio::test]
async fn what_is_no_json_is_refused_when_it_is_written() {
    let (_world, session) = begin(json!({ "a": 1 })).await;
    let map = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(session.put("map", &map).unwrap_err(), SessionError::Unstorable { .. }));
    assert!(matches!(session.flash("map", &map).unwrap_err(), SessionError::Unstorable { .. }));
    assert!(!session.is_modified());
}
