//! Typed fields against what older and newer builds stored.

use session_runtime::{Session, SessionError, SessionSchema, Untyped};

use session_tests::stage::World;

mod old {
    #[derive(session_runtime::SessionSchema)]
    pub(super) struct Account {
        pub(super) hits: u64,
        pub(super) nick: String,
        pub(super) retired: u8,
    }
}

#[derive(SessionSchema)]
struct Account {
    #[session(alias = "hits", default = 10_u64)]
    visits: u64,
    #[session(rename = "nickname", alias = "nick")]
    name: Option<String>,
    #[session(on_mismatch = "default")]
    lenient: u32,
    strict: u32,
    #[session(default = "en")]
    language: Option<String>,
    #[session(secret)]
    code: Option<String>,
    ratio: f64,
}

async fn stored_by(store: impl FnOnce(&Session) -> Result<(), SessionError>) -> (World, Session<Account>) {
    let world = World::new();
    let session = world.sessions.create::<Untyped>().await.unwrap();
    store(&session).unwrap();
    session.commit().await.unwrap();
    let token = world.sessions.token(&session).unwrap();
    let session = world.sessions.open(token).await.unwrap();
    (world, session)
}

#[tokio::test]
async fn a_renamed_field_is_read_under_its_older_name_and_moves_with_the_next_write() {
    let store = |session: &Session| session.fill(old::Account { hits: 5, nick: "ada".into(), retired: 1 });
    let (_world, session) = stored_by(store).await;
    assert_eq!(session.visits().get().unwrap(), 5);
    assert_eq!(session.name().get().unwrap().as_deref(), Some("ada"));
    assert_eq!(session.visits().increment().unwrap(), 6);
    session.name().set("lovelace").unwrap();
    session.commit().await.unwrap();
    session.reload().await.unwrap();
    let all = session.all();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["nickname", "retired", "visits"], "unknown fields stay");
    assert_eq!((session.visits().get().unwrap(), &all["nickname"]), (6, &"lovelace".into()));
}

#[tokio::test]
async fn a_renamed_counter_loses_no_addition_made_under_the_older_name() {
    let (world, session) = stored_by(|session| session.put("hits", 5)).await;
    session.visits().increment().unwrap();
    let other = world.sessions.open::<Untyped>(world.sessions.token(&session).unwrap()).await.unwrap();
    other.increment("hits").unwrap();
    other.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.visits().get().unwrap(), 7);
    assert!(session.missing("hits"));
}

#[tokio::test]
async fn a_value_taken_away_does_not_come_back_under_its_older_name() {
    let (_world, session) = stored_by(|session| {
        session.put("nickname", "new")?;
        session.put("nick", "old")
    })
    .await;
    session.name().update(|name| *name = None).unwrap();
    assert_eq!(session.name().get().unwrap(), None);
    session.commit().await.unwrap();
    session.reload().await.unwrap();
    assert_eq!(session.name().get().unwrap(), None);
}

#[tokio::test]
async fn an_absent_field_reads_as_its_default_and_counts_from_it() {
    let (_world, session) = stored_by(|session| session.put("other", 1)).await;
    assert_eq!(session.visits().get().unwrap(), 10);
    assert!(!session.visits().is_set());
    assert_eq!(session.visits().decrement_by(3).unwrap(), 7);
    assert_eq!(session.language().get().unwrap().as_deref(), Some("en"));
}

#[tokio::test]
async fn none_is_stored_as_null_where_the_default_is_something_else() {
    let (world, session) = stored_by(|session| session.put("nickname", "ada")).await;
    session.language().set(None).unwrap();
    session.name().set(None).unwrap();
    session.commit().await.unwrap();
    let session = world.sessions.open::<Account>(world.sessions.token(&session).unwrap()).await.unwrap();
    assert_eq!(session.language().get().unwrap(), None);
    assert!(session.language().is_set() && session.exists("language") && !session.has("language"));
    assert!(!session.name().is_set() && session.missing("nickname"));
}

#[tokio::test]
async fn a_value_of_another_type_is_a_typed_error_or_the_default_by_the_fields_choice() {
    let (_world, session) = stored_by(|session| {
        session.put("strict", "not a number")?;
        session.put("lenient", "not a number")
    })
    .await;
    let error = session.strict().get().unwrap_err();
    assert!(
        matches!(&error, SessionError::Mismatch { key, expected: "u32", .. } if key.as_str() == "strict")
    );
    let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
    assert!(!shown.contains("not a number"), "errors never repeat stored values: {shown}");
    assert!(matches!(session.strict().increment().unwrap_err(), SessionError::NotANumber { .. }));
    assert!(session.strict().update(|value| *value += 1).is_err());
    assert_eq!(session.get::<String>("strict").unwrap().as_deref(), Some("not a number"), "and stays");

    assert_eq!(session.lenient().get().unwrap(), 0);
    assert_eq!(session.lenient().increment().unwrap(), 1);
    session.commit().await.unwrap();
    assert_eq!(session.lenient().get().unwrap(), 1);
}

#[tokio::test]
async fn a_stored_null_reads_as_the_default() {
    let (_world, session) = stored_by(|session| {
        session.put("visits", None::<u8>)?;
        session.put("strict", None::<u8>)
    })
    .await;
    assert_eq!((session.visits().get().unwrap(), session.strict().get().unwrap()), (10, 0));
    assert_eq!(session.visits().increment().unwrap(), 11);
}

#[tokio::test]
async fn floats_that_are_no_numbers_are_refused() {
    let (_world, session) = stored_by(|session| session.put("ratio", 1.5)).await;
    assert!(matches!(session.ratio().set(f64::NAN).unwrap_err(), SessionError::Unstorable { .. }));
    assert!(matches!(
        session.ratio().update(|ratio| *ratio /= 0.0).unwrap_err(),
        SessionError::Unstorable { .. }
    ));
    assert!(matches!(
        session.ratio().increment_by(f64::INFINITY).unwrap_err(),
        SessionError::Overflow { .. }
    ));
    assert_eq!(session.ratio().increment_by(0.25).unwrap().to_string(), "1.75");
}

#[tokio::test]
async fn a_secret_field_stays_out_of_dumps_and_debug() {
    let (_world, session) = stored_by(|session| session.put("code", "hunter2")).await;
    assert_eq!(session.code().get().unwrap().as_deref(), Some("hunter2"));
    assert!(session.all().is_empty() && session.only(&["code"]).is_empty());
    let shown = format!("{session:?} {:?}", session.code());
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn snapshot_and_fill_carry_a_whole_schema() {
    let (_world, session) = stored_by(|session| session.put("hits", 5)).await;
    let account: Account = session.snapshot().unwrap();
    assert_eq!((account.visits, account.ratio), (5, 0.0));
    session.fill(Account { name: Some("ada".into()), visits: 6, code: None, ..account }).unwrap();
    assert_eq!(session.visits().get().unwrap(), 6);
    assert_eq!(session.name().get().unwrap().as_deref(), Some("ada"));
}

#[test]
fn the_fields_of_a_schema_are_listed() {
    use session_runtime::{FieldKind, OnMismatch};
    let [visits, name, lenient, ..] = Account::FIELDS else { panic!("fields are missing") };
    assert_eq!((visits.key, visits.type_text, visits.has_default), ("visits", "u64", true));
    assert_eq!((name.name, name.key, name.aliases), ("name", "nickname", &["nick"][..]));
    assert_eq!((lenient.on_mismatch, lenient.kind), (OnMismatch::Default, FieldKind::Value));
}
