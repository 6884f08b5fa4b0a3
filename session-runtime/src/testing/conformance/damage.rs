//! Records that cannot be read: an error that says so, left in place, and in nobody's way. Proves something only of a
//! [`Subject`](super::Subject) that says how a record is damaged.

use crate::driver::{Created, Driver, DriverError, Owner};
use crate::record::Commit;

use super::fixtures::{IDLE, add, owned, principal, set};
use super::trial::Trial;

/// Every call that has to read a damaged record says that it is corrupt; none treats it as absent, none replaces it.
pub async fn a_damaged_record_is_corrupt_and_stays<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("secret", "\"hunter2\""), ("n", "1")]).await;
    let Some(()) = trial.damage(&selector).await else { return };
    let driver = trial.driver();
    let commits = [
        trial.commit(),
        Commit { idle_until: Some(trial.later(IDLE * 2)), ..trial.commit() },
        Commit { fields: vec![set("a", "2")], ..trial.commit() },
        Commit { fields: vec![add("n", 1_u64)], ..trial.commit() },
        Commit { clear: true, ..trial.commit() },
    ];
    corrupt("load", driver.load(&selector).await);
    for commit in commits {
        corrupt("apply", driver.apply(&selector, &commit).await);
        corrupt("load", driver.load(&selector).await);
    }
    match driver.create(&selector, &trial.record(&[("a", "1")])).await {
        Ok(Created::Taken) => {}
        answer => corrupt("create", answer),
    }
    corrupt("load", driver.load(&selector).await);
}

fn corrupt<T: std::fmt::Debug>(call: &str, answer: Result<T, DriverError>) {
    match answer {
        Err(error @ DriverError::Corrupt { .. }) => {
            let told = format!("{error:?}");
            assert!(!told.contains("hunter2"), "`{call}` of a damaged record repeats what is stored");
        }
        other => panic!("`{call}` of a damaged record must say that it is corrupt, not {other:?}"),
    }
}

/// A sweep goes past a damaged record, leaves it where it is, and removes the others.
pub async fn a_sweep_leaves_what_is_damaged<D: Driver>(trial: &Trial<D>) {
    let damaged = trial.file(&owned(&trial.record(&[("a", "1")]), &principal())).await;
    let Some(()) = trial.damage(&damaged).await else { return };
    for _ in 0..5 {
        trial.file(&trial.expired_record(&[("a", "1")])).await;
    }
    let mut removed = 0;
    for _ in 0..6 {
        removed += trial.sweep(2).await;
    }
    assert!(removed == 5 || (removed < 5 && trial.expires_by_itself()), "{removed} of 5 were swept");
    corrupt("load", trial.driver().load(&damaged).await);
}

/// A damaged record hides no other session of its principal, and protects none from a revocation.
pub async fn a_damaged_record_stands_in_nobodys_way<D: Driver>(trial: &Trial<D>) {
    let other = principal();
    let others = trial.file(&owned(&trial.record(&[("a", "1")]), &other)).await;
    // Whichever of them the driver comes to first.
    for _ in 0..4 {
        let user = principal();
        let record = owned(&trial.record(&[("a", "1")]), &user);
        let damaged = trial.file(&record).await;
        let mut sound = Vec::new();
        for _ in 0..4 {
            sound.push(trial.file(&record).await);
        }
        let Some(()) = trial.damage(&damaged).await else { return };
        let listed = trial.members(user.key()).await.selectors;
        let all = sound.iter().all(|session| listed.contains(session));
        assert!(all, "sessions beside a damaged one are not listed");
        match trial.driver().revoke_all(user.key(), None).await {
            Ok(ended) => assert!(ended >= sound.len(), "{ended} of {} were revoked", sound.len()),
            Err(error) => panic!("`revoke_all` beside a damaged record: {error}"),
        }
        for session in &sound {
            assert_eq!(
                trial.load(session).await,
                None,
                "a damaged record has kept others from being revoked"
            );
        }
    }
    trial.stored(&others).await;
    assert!(trial.destroy(&others, Owner::Principal(other.key())).await);
}
