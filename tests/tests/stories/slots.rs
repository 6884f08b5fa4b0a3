//! Operations on one field compose in call order; what is read sees what was written.

use session_runtime::{Numeric, Session, SessionError, SessionSchema, Token};

use session_tests::stage::World;

#[derive(serde::Serialize, serde::Deserialize, Debug, Default, PartialEq)]
#[serde(transparent)]
struct Points(u32);

impl Numeric for Points {
    type Amount = u32;
}

#[derive(SessionSchema)]
struct Numbers {
    tiny: u8,
    signed: i8,
    wide: u64,
    widest: u128,
    lowest: i128,
    single: f32,
    points: Points,
    name: String,
    list: Vec<u8>,
    nick: Option<String>,
    maybe: Option<u64>,
}

async fn begin() -> (World, Session<Numbers>, Token) {
    let world = World::new();
    let session = world.sessions.create::<Numbers>().await.unwrap();
    session.put("anchor", 1).unwrap();
    session.commit().await.unwrap();
    let token = world.sessions.token(&session).unwrap();
    (world, session, token)
}

#[tokio::test]
async fn setters_take_values_references_and_bare_values() {
    let (_world, session, _) = begin().await;
    session.wide().set(5).unwrap();
    let (list, name) = (vec![6_u8], String::from("ada"));
    session.list().set(&list).unwrap();
    session.name().set("ada").unwrap();
    session.name().set(String::from("ada")).unwrap();
    session.name().set(&name).unwrap();
    assert_eq!((list, name.as_str()), (vec![6], "ada"), "still ours");
    session.nick().set("ada").unwrap();
    session.nick().set(Some(String::from("ada"))).unwrap();
    session.nick().set(None).unwrap();
    session.maybe().set(5).unwrap();
    session.maybe().set(Some(6)).unwrap();
    assert_eq!((session.wide().get().unwrap(), session.maybe().get().unwrap()), (5, Some(6)));
}

#[tokio::test]
async fn operations_on_one_field_compose_in_call_order() {
    let (world, session, token) = begin().await;
    session.wide().increment().unwrap();
    session.wide().update(|wide| *wide *= 10).unwrap();
    session.wide().increment_by(5).unwrap();
    assert_eq!(session.wide().get().unwrap(), 15);

    // Someone else adds one first: ((1 + 1) * 10) + 5.
    let other = world.sessions.open::<Numbers>(token).await.unwrap();
    other.wide().increment().unwrap();
    other.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.wide().get().unwrap(), 25);

    session.wide().increment().unwrap();
    session.wide().set(3).unwrap();
    session.wide().increment().unwrap();
    session.wide().update(|wide| *wide *= 2).unwrap();
    other.wide().set(1_000).unwrap();
    other.commit().await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(session.wide().get().unwrap(), 8, "after a set, everything is known");

    session.wide().increment().unwrap();
    session.wide().forget().unwrap();
    session.wide().increment().unwrap();
    session.commit().await.unwrap();
    session.reload().await.unwrap();
    assert_eq!(session.wide().get().unwrap(), 1);
}

#[tokio::test]
async fn every_width_counts_exactly_to_its_bounds() {
    let (world, session, token) = begin().await;
    session.tiny().set(254).unwrap();
    assert_eq!(session.tiny().increment().unwrap(), 255);
    assert!(matches!(session.tiny().increment().unwrap_err(), SessionError::Overflow { .. }));
    session.signed().decrement_by(100).unwrap();
    session.signed().decrement_by(28).unwrap();
    assert!(matches!(session.signed().decrement().unwrap_err(), SessionError::Overflow { .. }));
    session.wide().set(u64::MAX - 1).unwrap();
    assert_eq!(session.wide().increment().unwrap(), u64::MAX);
    session.widest().increment_by(u128::MAX).unwrap();
    session.lowest().decrement_by(i128::MAX).unwrap();
    session.lowest().decrement().unwrap();
    session.single().increment_by(0.1).unwrap();
    session.points().increment_by(9).unwrap();
    session.commit().await.unwrap();
    let session = world.sessions.open::<Numbers>(token).await.unwrap();
    let all = session.snapshot::<Numbers>().unwrap();
    assert_eq!((all.tiny, all.signed, all.wide), (255, -128, u64::MAX));
    assert_eq!((all.widest, all.lowest), (u128::MAX, i128::MIN));
    assert_eq!((all.single, all.points), (0.1, Points(9)));
    assert!(matches!(session.wide().increment().unwrap_err(), SessionError::Overflow { .. }));
    assert!(matches!(session.tiny().decrement_by(0), Ok(255)));
}

#[tokio::test]
async fn update_returns_what_the_closure_returned_and_may_use_the_session() {
    let (_world, session, _) = begin().await;
    let inner = session.clone();
    let length = session.list().update(move |list| {
        list.push(7);
        // No lock is held: the closure may read, and even write, the same session.
        inner.name().get().map(|name| name.len() + list.len())
    });
    assert_eq!(length.unwrap().unwrap(), 1);
    assert_eq!(session.list().take().unwrap(), [7]);
    assert!(!session.list().is_set());
}

#[tokio::test]
async fn an_update_whose_ground_moves_runs_again() {
    let (_world, session, _) = begin().await;
    let other = session.clone();
    let mut first = true;
    let runs = session.wide().update(move |wide| {
        if std::mem::take(&mut first) {
            other.wide().set(100).unwrap();
        }
        *wide += 1;
        *wide
    });
    assert_eq!(runs.unwrap(), 101);
    assert_eq!(session.wide().get().unwrap(), 101);
}

#[tokio::test]
async fn an_update_that_writes_its_own_field_ends_in_an_error() {
    let (_world, session, _) = begin().await;
    let inner = session.clone();
    let endless = session.wide().update(move |wide| {
        inner.wide().increment().unwrap();
        *wide += 1;
    });
    assert!(matches!(endless.unwrap_err(), SessionError::Conflict { .. }));
    let inner = session.clone();
    session
        .name()
        .update(move |name| {
            inner.tiny().set(7).unwrap();
            name.push('x');
        })
        .unwrap();
    assert_eq!((session.tiny().get().unwrap(), session.name().get().unwrap().as_str()), (7, "x"));
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    use session_runtime::Outcome;
    let (_world, session, _) = begin().await;
    session.list().set(vec![1]).unwrap();
    session.commit().await.unwrap();
    session.list().update(|list| list.len()).unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Unchanged);
}
