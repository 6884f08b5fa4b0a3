//! What a restart leaves, and two processes on one store. Proves something only of a
//! [`Subject`](super::Subject) that can be opened again.

use std::sync::Arc;

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit};

use super::concurrency::at_once;
use super::fixtures::{add, owned, principal, rotation, text, with_flash};
use super::trial::{Trial, answered};

/// Records, the index and the generations are there after a restart.
pub async fn what_was_stored_is_there_after_a_restart<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let record = with_flash(&owned(&trial.record(&[("a", "{ }")]), &user), &["notice"]);
    trial.revoke_all(user.key(), None).await;
    let selector = trial.file(&record).await;
    let commit = Commit { fields: vec![add("n", 1_u64)], rotation: Some(rotation()), ..trial.commit() };
    trial.store(&selector, &commit).await;
    let destroyed = trial.filed(&[("a", "1")]).await;
    trial.destroy(&destroyed, Owner::Anyone).await;
    let Some(after) = trial.opened_again().await else { return };
    assert_eq!(after.load(&selector).await, trial.load(&selector).await, "a record after a restart");
    assert_eq!(after.load(&destroyed).await, None, "a destroyed record came back with a restart");
    assert_eq!(after.sessions_of(user.key()).await, [selector].into(), "the index after a restart");
    let generations =
        (after.members(user.key()).await.generation, trial.members(user.key()).await.generation);
    assert_eq!(generations.0, generations.1, "a generation after a restart");
    assert_eq!(after.revoke_all(user.key(), None).await, 1);
}

/// Two drivers on one store see each other's changes, endings and revocations.
pub async fn two_processes_see_each_other<D: Driver>(trial: &Trial<D>) {
    let Some(other) = trial.opened_again().await else { return };
    let user = principal();
    let selector = trial.filed(&[("n", "1")]).await;
    trial.stored(&selector).await;
    let login = Commit { login: Some(user.clone()), rotation: Some(rotation()), ..trial.commit() };
    other.store(&selector, &login).await;
    assert_eq!(trial.apply(&selector, &trial.commit()).await, Applied::Superseded);
    let generation = trial.members(user.key()).await.generation;
    assert_eq!(other.revoke_all(user.key(), None).await, 1);
    assert_ne!(trial.members(user.key()).await.generation, generation, "a revocation by another process");
    assert_eq!(trial.apply(&selector, &Commit { epoch: 1, ..trial.commit() }).await, Applied::Gone);
    assert_eq!(trial.load(&selector).await, None, "a session that another process destroyed");
}

/// Additions through two drivers add up.
pub async fn additions_of_two_processes_add_up<D: Driver>(trial: &Trial<D>) {
    let Some(other) = trial.opened_again().await else { return };
    let selector = trial.filed(&[]).await;
    let (commit, other) = (Commit { fields: vec![add("n", 1_u64)], ..trial.commit() }, other.driver());
    let answers = at_once(trial, move |driver, number| {
        let (commit, driver) = (commit.clone(), if number % 2 == 0 { driver } else { Arc::clone(&other) });
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    answers.await;
    assert_eq!(text(&trial.stored(&selector).await, "n"), Some("64"), "64 additions through two drivers");
}
