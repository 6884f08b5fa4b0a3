//! Rotation, login, proofs and deadlines.

use super::*;
use crate::record::{Rotation, Superseded};

fn rotating(verifier: u8, epoch: u64) -> Commit {
    let verifier = VerifierHash::from_bytes([verifier; 32]);
    let rotation = Rotation { verifier, grace: GRACE, csrf_key: None, renews: None };
    Commit {
        epoch,
        session: SessionChange { rotation: Some(rotation), ..SessionChange::NONE }.into(),
        ..commit()
    }
}

#[test]
fn a_rotation_replaces_the_verifier_and_raises_the_epoch() {
    let before = record(&[("a", "1")], true, Some(user("1")));
    let once = after(&before, &rotating(2, EPOCH));
    let until = NOW.saturating_add(GRACE);
    let superseded =
        |verifier| Some(Superseded { verifier: VerifierHash::from_bytes([verifier; 32]), also: None, until });
    let expected = Metadata {
        verifier: VerifierHash::from_bytes([2; 32]),
        superseded: superseded(1),
        epoch: EPOCH + 1,
        ..before.metadata().clone()
    };
    assert_eq!(once.metadata(), &expected);
    assert_eq!((once.fields(), once.flash()), (before.fields(), before.flash()));

    let twice = after(&once, &rotating(3, EPOCH + 1));
    assert_eq!(twice.metadata().superseded, superseded(2), "only the last verifier is remembered");
    assert_eq!(twice.metadata().epoch, EPOCH + 2);
}

#[test]
fn a_rotation_replaces_the_key_of_forms_or_keeps_it() {
    let rotating = |csrf_key| {
        let rotation =
            rotating(2, EPOCH).session().rotation.map(|rotation| Rotation { csrf_key, ..rotation });
        after(
            &plain(&[]),
            &Commit { session: SessionChange { rotation, ..SessionChange::NONE }.into(), ..commit() },
        )
        .metadata()
        .csrf_key
    };
    assert_eq!(rotating(None), metadata().csrf_key);
    assert_eq!(rotating(Some(CsrfKey::from_bytes([2; 16]))), CsrfKey::from_bytes([2; 16]));
}

#[test]
fn a_grace_without_end_does_not_wrap() {
    let verifier = VerifierHash::from_bytes([2; 32]);
    let rotation = Rotation { verifier, grace: Duration::MAX, csrf_key: None, renews: None };
    let after = after(
        &plain(&[]),
        &Commit {
            session: SessionChange { rotation: Some(rotation), ..SessionChange::NONE }.into(),
            ..commit()
        },
    );
    assert_eq!(after.metadata().superseded.unwrap().until, Timestamp::MAX);
}

#[test]
fn login_and_proof_are_two_things() {
    let earlier = Some(Timestamp::from_unix_millis(1));
    let before = Record::new(
        Metadata { authenticated_at: earlier, ..metadata() },
        Fields::from([("a".into(), field("1", false))]),
        Vec::new(),
    );
    let rows = [
        ("neither", None, false, None, earlier),
        ("login", Some(user("1")), false, Some(user("1")), earlier),
        ("proof", None, true, None, Some(NOW)),
        ("both", Some(user("1")), true, Some(user("1")), Some(NOW)),
    ];
    for (name, login, authenticated, principal, at) in rows {
        let after = after(
            &before,
            &Commit {
                session: SessionChange { login, authenticated, ..SessionChange::NONE }.into(),
                ..commit()
            },
        );
        let expected = Metadata { principal, authenticated_at: at, ..before.metadata().clone() };
        assert_eq!(after.metadata(), &expected, "{name}: and the epoch moves by rotation only");
    }
    let signed_in = record(&[], false, Some(user("1")));
    let again = after(
        &signed_in,
        &Commit {
            session: SessionChange { login: Some(user("2")), ..SessionChange::NONE }.into(),
            ..commit()
        },
    );
    assert_eq!(again.metadata().principal, Some(user("2")));
    assert_eq!(after(&signed_in, &commit()).metadata().principal, Some(user("1")), "kept by others");
}

#[test]
fn the_idle_deadline_only_rises_and_stops_at_the_absolute_one() {
    let later = Timestamp::from_unix_millis(3_000_000);
    let rows = [
        ("no touch", None, IDLE),
        ("the past", Some(Timestamp::from_unix_millis(0)), IDLE),
        ("earlier", Some(NOW), IDLE),
        ("the same", Some(IDLE), IDLE),
        ("later", Some(later), later),
        ("the absolute one", Some(ABSOLUTE), ABSOLUTE),
        ("past the absolute one", Some(Timestamp::from_unix_millis(9_000_001)), ABSOLUTE),
        ("for ever", Some(Timestamp::MAX), ABSOLUTE),
    ];
    for (name, idle_until, idle) in rows {
        let after = after(&plain(&[("a", "1")]), &Commit { idle_until, ..commit() });
        let deadlines = Deadlines { idle, absolute: ABSOLUTE };
        assert_eq!(after, with(deadlines), "{name}: and nothing else moves");
    }
    let over = Deadlines { idle: Timestamp::MAX, absolute: ABSOLUTE };
    let touched = after(&with(over), &Commit { idle_until: Some(IDLE), ..commit() });
    assert_eq!(
        touched.metadata().deadlines.idle,
        ABSOLUTE,
        "a foreign idle deadline is brought back in line"
    );
}

fn with(deadlines: Deadlines) -> Record {
    let fields = Fields::from([("a".into(), field("1", false))]);
    Record::new(Metadata { deadlines, ..metadata() }, fields, Vec::new())
}
