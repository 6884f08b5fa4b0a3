//! What a restart leaves, and two processes on one store. Proves something only of a
//! [`Subject`](super::Subject) that can be opened again.

use std::sync::Arc;

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit, Principal};

use super::concurrency::at_once;
use super::fixtures::{add, owned, principal, rotates, signs_in, text, with_flash};
use super::trial::{Trial, answered};

/// Records and endings are there after a restart, and so are the generations.
pub async fn what_was_stored_is_there_after_a_restart<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let record = with_flash(&owned(&trial.record(&[("a", "{ }")]), &user), &["notice"]);
    trial.revoke_all(user.key(), None).await;
    let selector = trial.file(&record).await;
    let commit = Commit { fields: vec![add("n", 1_u64)], session: rotates(), ..trial.commit() };
    trial.store(&selector, &commit).await;
    let destroyed = trial.filed(&[("a", "1")]).await;
    trial.destroy(&destroyed, Owner::Anyone).await;
    let generation = trial.members(user.key()).await.generation;
    let Some(after) = trial.opened_again().await else { return };
    assert_eq!(after.load(&selector).await, trial.load(&selector).await, "a record after a restart");
    assert_eq!(after.load(&destroyed).await, None, "a destroyed record came back with a restart");
    assert_eq!(after.apply(&destroyed, &trial.commit()).await, Applied::Gone);
    if !trial.habits().one_process {
        let same = after.members(user.key()).await.generation;
        assert_eq!(same, generation, "a generation after a restart");
    }
    let next = Commit { fields: vec![add("n", 1_u64)], epoch: 1, ..trial.commit() };
    after.store(&selector, &next).await;
    assert_eq!(text(&after.stored(&selector).await, "n"), Some("2"), "a commit after a restart");
}

/// Sessions are listed after a restart, however they came by their principal, and can be revoked.
pub async fn the_index_is_there_after_a_restart<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let filed = trial.file(&owned(&trial.record(&[("a", "1")]), &user)).await;
    let [signed_in, left, others] = [
        trial.filed(&[("a", "1")]).await,
        trial.filed(&[("a", "1")]).await,
        trial.filed(&[("a", "1")]).await,
    ];
    let login = |user: &Principal| Commit { session: signs_in(user), ..trial.commit() };
    for selector in [&signed_in, &left] {
        trial.store(selector, &login(&user)).await;
    }
    let stranger = principal();
    trial.store(&others, &login(&stranger)).await;
    trial.destroy(&left, Owner::Principal(user.key())).await;
    let Some(after) = trial.opened_again().await else { return };
    if trial.habits().forgets_index {
        return;
    }
    assert_eq!(after.sessions_of(user.key()).await, [filed, signed_in].into(), "the index after a restart");
    assert_eq!(after.revoke_all(user.key(), None).await, 2, "sessions revoked after a restart");
    assert_eq!(after.sessions_of(stranger.key()).await, [others].into(), "another's index after a restart");
}

/// Two drivers on one store see each other's changes, endings and revocations.
pub async fn two_processes_see_each_other<D: Driver>(trial: &Trial<D>) {
    let Some(other) = another_process(trial).await else { return };
    let user = principal();
    let selector = trial.filed(&[("n", "1")]).await;
    trial.stored(&selector).await;
    let login = Commit { session: signs_in(&user), ..trial.commit() };
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
    let Some(other) = another_process(trial).await else { return };
    let selector = trial.filed(&[]).await;
    let (commit, other) = (Commit { fields: vec![add("n", 1_u64)], ..trial.commit() }, other.driver());
    let answers = at_once(trial, move |driver, number| {
        let (commit, driver) = (commit.clone(), if number % 2 == 0 { driver } else { Arc::clone(&other) });
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    answers.await;
    assert_eq!(text(&trial.stored(&selector).await, "n"), Some("64"), "64 additions through two drivers");
}

async fn another_process<D: Driver>(trial: &Trial<D>) -> Option<Trial<D>> {
    if trial.habits().one_process {
        return None;
    }
    trial.opened_again().await
}
