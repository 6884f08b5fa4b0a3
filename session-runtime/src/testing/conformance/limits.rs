//! The limit of a principal's sessions: who is admitted, and who is too many. How exact it is among many at once is the
//! driver's own business, since the contract leaves that open.

use std::time::Duration;

use crate::driver::{Crowd, Driver, Owner};
use crate::record::{Metadata, Principal, PrincipalKey, Record};
use crate::token::Selector;

use super::fixtures::{IDLE, owned, principal, selector};
use super::trial::{Trial, answered};

/// Up to the limit everybody is admitted, and nobody beyond it; whoever was refused is nobody's.
pub async fn admission_is_counted<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    for number in 0..3 {
        let new = selector();
        assert!(admit(trial, &user, &new, 3).await.is_some(), "a login refused beside {number} of 3");
        trial.create(&new, &owned(&trial.record(&[]), &user)).await;
    }
    assert_eq!(admit(trial, &user, &selector(), 3).await, None, "a fourth of 3 was admitted");
    assert!(admit(trial, &user, &selector(), 4).await.is_some(), "a login refused beside 3 of 4");
    assert!(admit(trial, &other, &selector(), 1).await.is_some(), "a login refused for another's sessions");
    assert_eq!(trial.sessions_of(user.key()).await.len(), 3);
}

/// A session that is his already is admitted however many there are.
pub async fn a_listed_session_is_admitted_again<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let own = trial.file(&owned(&trial.record(&[]), &user)).await;
    for _ in 0..3 {
        assert!(admit(trial, &user, &own, 1).await.is_some(), "a login again counted twice");
    }
    assert_eq!(admit(trial, &user, &selector(), 1).await, None, "a second of 1 was admitted");
}

/// What was destroyed, has expired or is another's by now takes no room.
pub async fn the_dead_do_not_count<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    for round in 0..3 {
        let new = selector();
        assert!(admit(trial, &user, &new, 1).await.is_some(), "a destroyed session counted, round {round}");
        trial.create(&new, &owned(&trial.record(&[]), &user)).await;
        assert!(trial.destroy(&new, Owner::Principal(user.key())).await);
    }
    let last = trial.file(&owned(&trial.record(&[]), &user)).await;
    assert_eq!(admit(trial, &user, &selector(), 1).await, None);
    assert_eq!(trial.revoke_all(user.key(), None).await, 1);
    assert_eq!(trial.load(&last).await, None);
    let Some(clock) = trial.clock() else { return };
    trial.file(&owned(&trial.record(&[]), &user)).await;
    clock.advance(IDLE);
    assert!(admit(trial, &user, &selector(), 1).await.is_some(), "an expired session counted");
}

/// An admission tells the generation as `members` does, so that a revocation that comes after it is seen.
pub async fn an_admission_tells_the_generation<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    for _ in 0..2 {
        let generation = trial.members(user.key()).await.generation;
        assert_eq!(
            admit(trial, &user, &selector(), 9).await,
            Some(generation),
            "the generation of an admission"
        );
        trial.revoke_all(user.key(), None).await;
        let raised = admit(trial, &user, &selector(), 9).await;
        assert!(raised.is_some_and(|raised| raised != generation), "a revocation moved no generation");
    }
}

/// Beyond the limit are the oldest logins, the oldest first.
pub async fn a_crowd_names_the_oldest_logins<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let mut sessions = Vec::new();
    for seconds in [3, 1, 2, 0] {
        let record = owned(&trial.record(&[]), &user);
        let authenticated_at = Some(trial.later(Duration::from_secs(seconds)));
        let metadata = Metadata { authenticated_at, ..record.metadata().clone() };
        let record = Record::new(metadata, record.fields().clone(), Vec::new());
        sessions.push((seconds, trial.file(&record).await));
    }
    sessions.sort_unstable_by_key(|(seconds, _)| *seconds);
    let oldest: Vec<Selector> = sessions.into_iter().map(|(_, selector)| selector).collect();
    for most in 0..=5 {
        let expected: Vec<Selector> = oldest.iter().take(4_usize.saturating_sub(most)).copied().collect();
        assert_eq!(crowd(trial, user.key(), most).await.over, expected, "beyond {most} of 4");
    }
    if let [first, ..] = oldest.as_slice() {
        trial.destroy(first, Owner::Anyone).await;
        let expected = oldest.get(1..2).unwrap_or_default();
        assert_eq!(crowd(trial, user.key(), 2).await.over, expected, "beyond 2 of 3, one of 4 destroyed");
    }
}

/// A crowd is told with the generation, few or many.
pub async fn a_crowd_reads_the_generation<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    trial.revoke_all(user.key(), None).await;
    let generation = trial.members(user.key()).await.generation;
    for _ in 0..2 {
        trial.file(&owned(&trial.record(&[]), &user)).await;
    }
    for most in [0, 2, 9] {
        assert_eq!(crowd(trial, user.key(), most).await.generation, generation, "beyond {most} of 2");
    }
}

async fn admit<D: Driver>(
    trial: &Trial<D>,
    user: &Principal,
    selector: &Selector,
    most: usize,
) -> Option<u64> {
    let until = trial.later(IDLE);
    answered("admit", trial.driver().admit(user.key(), selector, until, most).await)
}

async fn crowd<D: Driver>(trial: &Trial<D>, user: &PrincipalKey, most: usize) -> Crowd {
    answered("crowd", trial.driver().crowd(user, most).await)
}
