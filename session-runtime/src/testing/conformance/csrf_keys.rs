//! The key that the tokens of a session's forms are made from: stored with the record, replaced by a change of privilege.

use crate::driver::Driver;
use crate::record::{Commit, CsrfKey, Metadata, Record, Rotation, SessionChange};
use crate::token::Selector;

use super::fixtures::{principal, random, rotation, set};
use super::trial::Trial;

/// The key reads back to the byte, and commits about anything else leave it as it is.
pub async fn a_csrf_key_is_kept_to_the_byte<D: Driver>(trial: &Trial<D>) {
    let bytes = [[0; 16], [0xff; 16], *b"\0\n\r\"\\{}: \x7f\x80\xc3\x28\0!+", random(), random()];
    for key in bytes.map(CsrfKey::from_bytes) {
        let selector = filed(trial, key).await;
        check(trial, &selector, key, "after `create`").await;
        let commits = [
            Commit { fields: vec![set("a", "2")], ..trial.commit() },
            Commit { clear: true, fields: vec![set("b", "2")], ..trial.commit() },
            Commit {
                session: SessionChange {
                    login: Some(principal()),
                    authenticated: true,
                    ..SessionChange::NONE
                }
                .into(),
                ..trial.commit()
            },
            Commit { idle_until: Some(trial.later(super::fixtures::IDLE)), ..trial.commit() },
        ];
        for commit in commits {
            trial.store(&selector, &commit).await;
            check(trial, &selector, key, "after a commit about something else").await;
        }
    }
}

/// A rotation that names a key replaces the stored one by it.
pub async fn a_rotation_with_a_csrf_key_replaces_it<D: Driver>(trial: &Trial<D>) {
    let selector = filed(trial, CsrfKey::from_bytes(random())).await;
    for epoch in 0..3 {
        let key = CsrfKey::from_bytes(random());
        rotate(trial, &selector, epoch, Some(key)).await;
        check(trial, &selector, key, "after a rotation that names another").await;
    }
}

/// A rotation that names none keeps the stored key.
pub async fn a_rotation_without_a_csrf_key_keeps_it<D: Driver>(trial: &Trial<D>) {
    let key = CsrfKey::from_bytes(random());
    let selector = filed(trial, key).await;
    for epoch in 0..3 {
        rotate(trial, &selector, epoch, None).await;
        check(trial, &selector, key, "after a rotation that names none").await;
    }
}

async fn filed<D: Driver>(trial: &Trial<D>, csrf_key: CsrfKey) -> Selector {
    let record = trial.record(&[("a", "1")]);
    let metadata = Metadata { csrf_key, ..record.metadata().clone() };
    trial.file(&Record::new(metadata, record.fields().clone(), Vec::new())).await
}

async fn rotate<D: Driver>(trial: &Trial<D>, selector: &Selector, epoch: u64, csrf_key: Option<CsrfKey>) {
    let rotation = Some(Rotation { csrf_key, ..rotation() });
    trial
        .store(
            selector,
            &Commit {
                epoch,
                session: SessionChange { rotation, ..SessionChange::NONE }.into(),
                ..trial.commit()
            },
        )
        .await;
}

async fn check<D: Driver>(trial: &Trial<D>, selector: &Selector, key: CsrfKey, when: &str) {
    // Compared as bytes: a key's `Debug` shows nothing.
    let stored = trial.stored(selector).await.metadata().csrf_key;
    assert_eq!(stored.as_bytes(), key.as_bytes(), "the key of forms {when}");
}
