//! A store that is full. Proves something only of a [`Subject`](super::Subject) that says how it is filled.

use crate::driver::{Driver, DriverError, Owner};
use crate::record::Commit;

use super::fixtures::{self, add, owned, principal, set};
use super::trial::Trial;

/// A full store refuses what needs room, keeps what it has to the byte, and lets it be read and ended.
pub async fn a_full_store_keeps_what_it_has<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let record = owned(&trial.record(&[("n", "1")]), &user);
    let selector = trial.file(&record).await;
    let Some(()) = trial.fill().await else { return };
    let (driver, unfiled) = (trial.driver(), fixtures::selector());
    let large = format!("\"{}\"", "x".repeat(64 << 10));
    let bulky = owned(&trial.record(&[("large", &large)]), &principal());
    full("create", &driver.create(&unfiled, &bulky).await);
    assert_eq!(trial.load(&unfiled).await, None, "a creation that found no room left something behind");
    let growth = Commit { fields: vec![add("n", 1_u64), set("large", &large)], ..trial.commit() };
    full("apply", &driver.apply(&selector, &growth).await);
    assert_eq!(trial.load(&selector).await, Some(record), "a commit that found no room changed the record");
    assert_eq!(trial.sessions_of(user.key()).await, [selector].into());
    assert!(trial.destroy(&selector, Owner::Principal(user.key())).await, "an ending needs no room");
    assert_eq!(trial.load(&selector).await, None);
}

fn full<T: std::fmt::Debug>(call: &str, answer: &Result<T, DriverError>) {
    assert!(matches!(answer, Err(DriverError::Full)), "`{call}` in a full store: {answer:?}");
}
