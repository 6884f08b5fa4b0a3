//! Renewals of the secret: of many at once one counts, the others change nothing, and what each secret is worth is kept.

use crate::driver::Driver;
use crate::record::{
    Applied, Commit, Confirmation, Metadata, Record, Refusal, Rotation, SessionChange, Verdict,
};
use crate::token::{Selector, VerifierHash};

use super::concurrency::{at_once, is_stored};
use super::fixtures::{self, owned, principal, random, set, text};
use super::trial::{Trial, answered};

/// A renewal replaces the verifier and notes the one before; epoch, privilege, key of forms and values stay, and what was
/// loaded before it is committed after it.
pub async fn a_renewal_keeps_epoch_and_privilege<D: Driver>(trial: &Trial<D>) {
    let (selector, record) = signed_in(trial).await;
    let renewed = renew(trial, &selector, &record).await;
    let (before, after) = (record.metadata(), renewed.metadata());
    assert_eq!(after.epoch, before.epoch, "the epoch after a renewal");
    assert_eq!(after.csrf_key, before.csrf_key, "the key of forms after a renewal");
    assert_eq!(
        (&after.principal, after.authenticated_at, after.superseded, after.deadlines),
        (&before.principal, before.authenticated_at, before.superseded, before.deadlines),
        "the privilege after a renewal"
    );
    assert_eq!(renewed.fields(), record.fields());
    let late = Commit { fields: vec![set("a", "2")], ..trial.commit() };
    trial.store(&selector, &late).await;
    assert_eq!(text(&trial.stored(&selector).await, "a"), Some("2"), "what was loaded before a renewal");
}

/// Of 64 renewals of one verifier one is stored, and the others are told so.
pub async fn of_many_renewals_one_counts<D: Driver>(trial: &Trial<D>) {
    let (selector, record) = signed_in(trial).await;
    let (commit, current) = (trial.commit(), record.metadata().verifier);
    let answers = at_once(trial, move |driver, _| {
        let rotation = renewal_of(current);
        let commit = Commit {
            session: SessionChange { rotation: Some(rotation), ..SessionChange::NONE }.into(),
            ..commit.clone()
        };
        async move { (rotation.verifier, answered("apply", driver.apply(&selector, &commit).await)) }
    });
    let (stored, refused): (Vec<_>, Vec<_>) =
        answers.await.into_iter().partition(|(_, applied)| is_stored(applied));
    let renewed = Applied::Refused(Refusal::Renewed);
    assert!(refused.iter().all(|(_, applied)| *applied == renewed), "who comes too late is told so");
    let [(winner, _)] = stored[..] else { panic!("{} of 64 renewals were stored, not one", stored.len()) };
    let after = trial.stored(&selector).await;
    assert_eq!(after.metadata().verifier, winner, "the verifier after 64 renewals");
    assert_eq!(after.metadata().renewal().map(|renewal| renewal.previous), Some(current));
}

/// A renewal of a verifier that is no more is refused with everything beside it.
pub async fn the_losers_change_nothing<D: Driver>(trial: &Trial<D>) {
    let (selector, record) = signed_in(trial).await;
    let renewed = renew(trial, &selector, &record).await;
    let lost = Commit {
        fields: vec![set("a", "2")],
        idle_until: Some(trial.later(fixtures::IDLE * 2)),
        session: SessionChange {
            rotation: Some(renewal_of(record.metadata().verifier)),
            ..SessionChange::NONE
        }
        .into(),
        seen: Some(record),
        ..trial.commit()
    };
    let answer = trial.apply(&selector, &lost).await;
    assert_eq!(answer, Applied::Refused(Refusal::Renewed), "a renewal of a verifier that is no more");
    assert_eq!(trial.stored(&selector).await, renewed, "a renewal that was refused");
}

/// The first presentation of the new verifier begins the grace of the one before, and no other one moves it.
pub async fn a_confirmation_is_made_once<D: Driver>(trial: &Trial<D>) {
    let (selector, record) = signed_in(trial).await;
    let renewed = renew(trial, &selector, &record).await;
    let grace = std::time::Duration::from_secs(60);
    let end = async || trial.stored(&selector).await.metadata().renewal().and_then(|renewal| renewal.until);
    let presented = |verifier, after: u64| {
        let at = trial.later(std::time::Duration::from_secs(after));
        Commit {
            at,
            session: SessionChange {
                presented: Some(Confirmation { verifier, grace }),
                ..SessionChange::NONE
            }
            .into(),
            ..trial.commit()
        }
    };
    trial.store(&selector, &presented(record.metadata().verifier, 0)).await;
    assert_eq!(end().await, None, "the verifier before the present one confirms nothing");
    let current = renewed.metadata().verifier;
    trial.store(&selector, &presented(current, 0)).await;
    let first = Some(trial.later(grace));
    assert!(end().await <= first && end().await.is_some(), "the end of a grace");
    let first = end().await;
    trial.store(&selector, &presented(current, 30)).await;
    assert_eq!(end().await, first, "a grace that began is not begun again");
}

/// Verifiers of earlier renewals are remembered to the byte, as many as the reference remembers.
pub async fn what_was_retired_is_kept_to_the_byte<D: Driver>(trial: &Trial<D>) {
    let (selector, mut expected) = signed_in(trial).await;
    for round in 0..7 {
        let rotation = Some(renewal_of(expected.metadata().verifier));
        let commit =
            Commit { session: SessionChange { rotation, ..SessionChange::NONE }.into(), ..trial.commit() };
        trial.store(&selector, &commit).await;
        expected = after(&expected, &commit);
        let stored = trial.stored(&selector).await;
        assert_eq!(stored.metadata().renewal(), expected.metadata().renewal(), "after {round} renewals");
        assert_eq!(stored, expected);
    }
}

/// A change of privilege forgets the renewals before it, and remembers both open verifiers as replaced.
pub async fn a_privilege_change_ends_the_renewal<D: Driver>(trial: &Trial<D>) {
    let (selector, record) = signed_in(trial).await;
    let renewed = renew(trial, &selector, &record).await;
    let commit = Commit {
        session: SessionChange {
            rotation: Some(fixtures::rotation()),
            authenticated: true,
            ..SessionChange::NONE
        }
        .into(),
        ..trial.commit()
    };
    trial.store(&selector, &commit).await;
    let stored = trial.stored(&selector).await;
    assert_eq!(stored.metadata().renewal(), None, "a renewal from before a change of privilege");
    let replaced = stored.metadata().superseded.map(|old| (old.verifier, old.also));
    let both = (renewed.metadata().verifier, Some(record.metadata().verifier));
    assert_eq!(replaced, Some(both), "the verifiers that a change of privilege replaces");
    assert_eq!(stored, after(&renewed, &commit));
}

/// A record of somebody, with a change of privilege behind it.
async fn signed_in<D: Driver>(trial: &Trial<D>) -> (Selector, Record) {
    let record = owned(&trial.record(&[("a", "1")]), &principal());
    let superseded = Some(crate::record::Superseded {
        verifier: VerifierHash::from_bytes(random()),
        also: None,
        until: trial.later(fixtures::IDLE),
    });
    let metadata = Metadata { superseded, ..record.metadata().clone() };
    let record = Record::new(metadata, record.fields().clone(), Vec::new());
    (trial.file(&record).await, record)
}

async fn renew<D: Driver>(trial: &Trial<D>, selector: &Selector, record: &Record) -> Record {
    let rotation = Some(renewal_of(record.metadata().verifier));
    let commit =
        Commit { session: SessionChange { rotation, ..SessionChange::NONE }.into(), ..trial.commit() };
    trial.store(selector, &commit).await;
    trial.stored(selector).await
}

fn renewal_of(current: VerifierHash) -> Rotation {
    Rotation { csrf_key: None, renews: Some(current), ..fixtures::rotation() }
}

/// What the reference makes of it.
fn after(record: &Record, commit: &Commit) -> Record {
    match record.apply(commit) {
        Verdict::Store(record, _) => record,
        other => panic!("the reference does not store it: {other:?}"),
    }
}
