//! Who a session can belong to: numbers, texts, UUIDs, and types of one's own around them.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use session_runtime::drivers::MemoryDriver;
use session_runtime::{PrincipalSlot, Session, SessionSchema, Sessions, Untyped};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
struct Customer(u64);

macro_rules! belongs_to {
    ($($name:ident: $type:ty = $id:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            #[derive(SessionSchema)]
            struct Owned {
                #[session(principal)]
                user: Option<$type>,
            }
            let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
            let session = sessions.create::<Owned>().await.unwrap();
            session.user().login($id).unwrap();
            session.commit().await.unwrap();
            is_whole(&sessions, &session, session.user(), &$id).await;
        }
    )*};
}

belongs_to! {
    a_small_number: u8 = 7_u8;
    a_number: u64 = u64::MAX;
    a_negative_number: i64 = i64::MIN;
    a_wide_number: u128 = u128::MAX;
    a_text: String = "Ada <Lovelace> & \"Co\" \u{1f980}".to_owned();
    an_empty_text: String = String::new();
    a_uuid: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
    a_type_of_ones_own: Customer = Customer(42);
    a_pair: (u32, String) = (1, "tenant".to_owned());
}

/// The session is the principal's by its type, on the list of nobody else, and ends with his others.
async fn is_whole<S: SessionSchema, T>(
    sessions: &Sessions,
    session: &Session<S>,
    slot: PrincipalSlot<'_, Option<T>>,
    id: &T,
) where
    T: Serialize + DeserializeOwned + PartialEq + Debug + Send + Sync + 'static,
{
    assert_eq!(slot.get().unwrap().as_ref(), Some(id));
    let his = sessions.of(id).unwrap();
    assert_eq!(his.list().await.unwrap().len(), 1);
    assert_eq!(sessions.of("somebody else").unwrap().count().await.unwrap(), 0);

    // The same id through an untyped session is the same principal.
    let untyped = sessions.create::<Untyped>().await.unwrap();
    untyped.login(id).unwrap();
    untyped.commit().await.unwrap();
    assert_eq!(his.count().await.unwrap(), 2);
    let token = sessions.token(session).unwrap();
    let again = sessions.open::<Untyped>(token).await.unwrap();
    assert_eq!(again.principal::<T>().unwrap().as_ref(), Some(id));
    assert_eq!(his.revoke_all().await.unwrap(), 2);
    assert_eq!(his.count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_number_and_its_text_are_two_principals() {
    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let session = sessions.create::<Untyped>().await.unwrap();
    session.login(42_u64).unwrap();
    session.commit().await.unwrap();
    assert_eq!(sessions.of(&42_u64).unwrap().count().await.unwrap(), 1);
    assert_eq!(sessions.of(&42_i8).unwrap().count().await.unwrap(), 1);
    assert_eq!(sessions.of(&Customer(42)).unwrap().count().await.unwrap(), 1);
    assert_eq!(sessions.of("42").unwrap().count().await.unwrap(), 0);
}
