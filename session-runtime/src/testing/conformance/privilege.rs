//! What changes who may do what: new secrets and logins.

use crate::driver::Driver;
use crate::record::{Commit, Metadata, Record, SessionChange, Superseded};

use super::fixtures::{principal, rotation};
use super::trial::Trial;

/// A rotation replaces the verifier, remembers the last one, and raises the epoch; nothing else moves.
pub async fn a_rotation_replaces_the_verifier_in_place<D: Driver>(trial: &Trial<D>) {
    let mut expected = trial.record(&[("a", "1")]);
    let selector = trial.file(&expected).await;
    for epoch in 0..3 {
        let rotation = rotation();
        let commit = Commit {
            epoch,
            session: SessionChange { rotation: Some(rotation), ..SessionChange::NONE }.into(),
            ..trial.commit()
        };
        trial.store(&selector, &commit).await;
        let old = expected.metadata();
        let until = commit.at.saturating_add(rotation.grace);
        let metadata = Metadata {
            epoch: epoch + 1,
            verifier: rotation.verifier,
            superseded: Some(Superseded { verifier: old.verifier, also: None, until }),
            csrf_key: rotation.csrf_key.unwrap_or(old.csrf_key),
            ..old.clone()
        };
        expected = Record::new(metadata, expected.fields().clone(), Vec::new());
        assert_eq!(trial.load(&selector).await, Some(expected.clone()), "after a rotation");
    }
}

/// A login gives the record its principal, and a proof of identity is dated by the commit.
pub async fn a_login_is_stored_and_dated<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let user = principal();
    let login = SessionChange { login: Some(user.clone()), ..SessionChange::NONE };
    trial.store(&selector, &Commit { session: login.into(), ..trial.commit() }).await;
    let metadata = trial.stored(&selector).await.metadata().clone();
    assert_eq!(metadata.principal, Some(user.clone()));
    assert_eq!(metadata.principal.map(|stored| stored.json().clone()), Some(user.json().clone()));
    assert_eq!(metadata.authenticated_at, None, "only `authenticated` dates a proof");
    let proof = Commit {
        session: SessionChange { authenticated: true, ..SessionChange::NONE }.into(),
        ..trial.commit()
    };
    trial.store(&selector, &proof).await;
    assert_eq!(trial.stored(&selector).await.metadata().authenticated_at, Some(proof.at));
}
