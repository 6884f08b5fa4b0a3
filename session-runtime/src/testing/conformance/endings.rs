//! Endings: each counts once however many ask for it, and all kinds are remembered alike.

use std::time::Duration;

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit};

use super::concurrency::at_once;
use super::fixtures::{owned, principal, remove};
use super::trial::{Trial, answered};

/// Destroyed, emptied or revoked: a session that was ended is remembered for a while, or none is. What is spared,
/// has expired or was never there is not remembered.
pub async fn endings_are_remembered_alike<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let [destroyed, emptied] = [trial.filed(&[("a", "1")]).await, trial.filed(&[("a", "1")]).await];
    let [revoked, kept] = [
        trial.file(&owned(&trial.record(&[]), &user)).await,
        trial.file(&owned(&trial.record(&[]), &user)).await,
    ];
    assert!(trial.destroy(&destroyed, Owner::Nobody).await);
    let removal = Commit { fields: vec![remove("a")], ..trial.commit() };
    assert_eq!(trial.apply(&emptied, &removal).await, Applied::Emptied);
    assert_eq!(trial.revoke_all(user.key(), Some(&kept)).await, 1);
    let mut remembered = Vec::new();
    for ended in [&destroyed, &emptied, &revoked] {
        remembered.push(trial.destroyed_recently(ended).await);
    }
    let told = "remembered of a destroyed, an emptied and a revoked session";
    let same = remembered.iter().all(|one| remembered.first() == Some(one));
    assert!(same, "{remembered:?} is {told}: all or none must be");
    let claimed = trial.habits().remembers_the_destroyed;
    assert!(!claimed || remembered == [true; 3], "{remembered:?} is {told}, and `Subject` says that it is");
    assert!(!trial.destroyed_recently(&kept).await, "the session that was spared counts as destroyed");
    if let Some(clock) = trial.clock() {
        clock.advance(Duration::from_secs(3_600));
        for ended in [&destroyed, &emptied, &revoked] {
            assert!(!trial.destroyed_recently(ended).await, "an ending is remembered for more than an hour");
        }
    }
}

/// Of 64 destructions of one session one counts.
pub async fn one_of_many_destructions_counts<D: Driver>(trial: &Trial<D>) {
    for _ in 0..4 {
        let selector = trial.filed(&[("a", "1")]).await;
        let answers = at_once(trial, move |driver, number| async move {
            let owner = if number % 2 == 0 { Owner::Anyone } else { Owner::Nobody };
            answered("destroy", driver.destroy(&selector, owner).await)
        });
        let counted = answers.await.into_iter().filter(|destroyed| *destroyed).count();
        assert_eq!(counted, 1, "destructions of one session that were told to be one");
        assert_eq!(trial.load(&selector).await, None);
    }
}

/// Of 64 removals of the last field one empties the session, and the others find it gone.
pub async fn one_of_many_emptyings_counts<D: Driver>(trial: &Trial<D>) {
    for _ in 0..4 {
        let selector = trial.filed(&[("a", "1")]).await;
        let commit = Commit { fields: vec![remove("a")], ..trial.commit() };
        let answers = at_once(trial, move |driver, _| {
            let commit = commit.clone();
            async move { answered("apply", driver.apply(&selector, &commit).await) }
        });
        let answers = answers.await;
        let emptied = answers.iter().filter(|applied| **applied == Applied::Emptied).count();
        let gone = answers.iter().filter(|applied| **applied == Applied::Gone).count();
        assert_eq!((emptied, gone), (1, 63), "emptied, and gone, of 64 removals of the last field");
        assert_eq!(trial.load(&selector).await, None);
    }
}

/// Of 64 revocations at once each session counts for one, and each raises the generation for whoever began before.
pub async fn revocations_at_once_count_each_session_once<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    let others = trial.file(&owned(&trial.record(&[]), &other)).await;
    let key = *user.key();
    for _ in 0..4 {
        let before = trial.members(&key).await.generation;
        for _ in 0..8 {
            trial.file(&owned(&trial.record(&[("a", "1")]), &user)).await;
        }
        let counts = at_once(trial, move |driver, _| async move {
            answered("revoke_all", driver.revoke_all(&key, None).await)
        });
        let ended: usize = counts.await.into_iter().sum();
        assert_eq!(ended, 8, "sessions that 64 revocations say to have ended");
        assert!(trial.sessions_of(&key).await.is_empty());
        assert_ne!(trial.members(&key).await.generation, before, "the generation after 64 revocations");
    }
    trial.stored(&others).await;
}
