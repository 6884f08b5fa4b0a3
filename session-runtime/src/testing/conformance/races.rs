//! Calls of different kinds against one another: whoever comes first, the outcome is one that makes sense.

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit};

use super::concurrency::{at_once, is_stored};
use super::fixtures::{self, add, owned, principal, remove, set, text};
use super::trial::{Trial, answered};

/// A reader sees all of a commit or nothing of it.
pub async fn a_reader_sees_whole_commits<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "0"), ("b", "0")]).await;
    let commit = trial.commit();
    let seen = at_once(trial, move |driver, number| {
        let text_of_all = number.to_string();
        let fields = vec![set("a", &text_of_all), set("b", &text_of_all)];
        let commit = Commit { fields, ..commit.clone() };
        async move {
            if number % 2 == 0 {
                answered("apply", driver.apply(&selector, &commit).await);
            }
            answered("load", driver.load(&selector).await)
        }
    });
    for record in seen.await.iter().flatten() {
        assert_eq!(text(record, "a"), text(record, "b"), "half of a commit was seen");
    }
}

/// A commit against a destruction comes first or finds nothing; either way the record is gone for good.
pub async fn a_destroyed_record_stays_destroyed<D: Driver>(trial: &Trial<D>) {
    for _ in 0..8 {
        let selector = trial.filed(&[("a", "1")]).await;
        let commit = Commit { fields: vec![set("a", "2"), add("n", 1_u64)], ..trial.commit() };
        let answers = at_once(trial, move |driver, number| {
            let commit = commit.clone();
            async move {
                if number % 8 == 0 {
                    return answered("destroy", driver.destroy(&selector, Owner::Anyone).await);
                }
                let applied = answered("apply", driver.apply(&selector, &commit).await);
                assert!(is_stored(&applied) || applied == Applied::Gone, "{applied:?} beside a destruction");
                false
            }
        });
        assert_eq!(
            answers.await.into_iter().filter(|destroyed| *destroyed).count(),
            1,
            "one destruction counts"
        );
        assert_eq!(trial.load(&selector).await, None, "a destroyed session was revived");
    }
}

/// Emptiness is judged where the commit is applied: what someone else wrote meanwhile is not destroyed with the rest.
pub async fn emptying_spares_what_came_first<D: Driver>(trial: &Trial<D>) {
    for round in 0..16 {
        let selector = trial.filed(&[("a", "1")]).await;
        let commit = trial.commit();
        let answers = at_once(trial, move |driver, number| {
            let op = if number == round { remove("a") } else { set("b", "2") };
            let commit = Commit { fields: vec![op], ..commit.clone() };
            async move { (number, answered("apply", driver.apply(&selector, &commit).await)) }
        });
        let answers = answers.await;
        let emptied = answers.iter().any(|(_, applied)| *applied == Applied::Emptied);
        let writers = answers.iter().filter(|(number, _)| *number != round);
        let stored = writers.clone().filter(|(_, applied)| is_stored(applied)).count();
        let record = trial.load(&selector).await;
        if emptied {
            assert_eq!((stored, record), (0, None), "a record was emptied under a write that was stored");
        } else {
            assert_eq!(stored, 63, "a write was dropped although nothing was emptied");
            assert_eq!(record.as_ref().and_then(|record| text(record, "b")), Some("2"));
        }
    }
}

/// A login that reads the generation before and after, as the core does, never outlives a revocation beside it.
pub async fn no_login_outlives_a_revocation<D: Driver>(trial: &Trial<D>) {
    for _ in 0..6 {
        logins_beside_revocations(trial).await;
    }
}

async fn logins_beside_revocations<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let (record, key) = (owned(&trial.record(&[]), &user), *user.key());
    let sessions = at_once(trial, move |driver, number| {
        let record = record.clone();
        async move {
            if number % 8 == 7 {
                answered("revoke_all", driver.revoke_all(&key, None).await);
                return None;
            }
            let before = answered("members", driver.members(&key).await).generation;
            let selector = fixtures::selector();
            answered("create", driver.create(&selector, &record).await);
            let after = answered("members", driver.members(&key).await).generation;
            if before != after {
                answered("destroy", driver.destroy(&selector, Owner::Principal(&key)).await);
            }
            Some((selector, before))
        }
    });
    let sessions = sessions.await;
    let last = trial.members(&key).await.generation;
    let listed = trial.sessions_of(&key).await;
    for (selector, began_under) in sessions.into_iter().flatten() {
        if trial.load(&selector).await.is_some() {
            assert_eq!(began_under, last, "a login that began before a revocation outlived it");
            assert!(listed.contains(&selector), "a live session is not listed");
        }
    }
}
