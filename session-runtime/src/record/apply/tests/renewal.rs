//! Renewals of the secret: what they move, who of many renews, and what each secret is worth afterwards.

use super::*;
use crate::record::{Confirmation, More, Renewal, Rotation, Standing, Superseded};
use crate::token::Verifier;

fn verifier(byte: u8) -> Verifier {
    crate::Token::parse(token(byte)).unwrap().verifier().to_owned()
}

/// A token whose verifier is of this byte.
fn token(byte: u8) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([[0; 16], [byte; 16]].concat())
}

fn hash(byte: u8) -> VerifierHash {
    verifier(byte).hash()
}

/// A record whose secret is the first.
fn first() -> Record {
    let metadata = Metadata { verifier: hash(1), ..record(&[], true, Some(user("1"))).metadata().clone() };
    Record::new(metadata, record(&[("a", "1")], true, None).fields().clone(), Vec::new())
}

fn rotation(to: u8, renews: Option<u8>) -> Rotation {
    Rotation { verifier: hash(to), grace: GRACE, csrf_key: None, renews: renews.map(hash) }
}

fn renewing(from: u8, to: u8) -> Commit {
    Commit {
        session: SessionChange { rotation: Some(rotation(to, Some(from))), ..SessionChange::NONE }.into(),
        ..commit()
    }
}

fn presenting(byte: u8) -> Commit {
    Commit {
        session: SessionChange {
            presented: Some(Confirmation { verifier: hash(byte), grace: GRACE }),
            ..SessionChange::NONE
        }
        .into(),
        ..commit()
    }
}

fn until() -> Timestamp {
    NOW.saturating_add(GRACE)
}

#[test]
fn a_renewal_moves_the_secret_and_nothing_else() {
    let once = after(&first(), &renewing(1, 2));
    let renewal = Renewal { at: NOW, previous: hash(1), until: None, retired: Vec::new() };
    let more = Some(Box::new(More { renewal: Some(renewal), ..More::default() }));
    let expected = Metadata { verifier: hash(2), more, ..first().metadata().clone() };
    assert_eq!(once.metadata(), &expected);
    assert_eq!(once.fields(), first().fields());
}

#[test]
fn of_several_renewals_one_counts_and_the_others_change_nothing() {
    let once = after(&first(), &renewing(1, 2));
    let fields = vec![change("a", set("2"))];
    let mut late = Commit { fields, ..renewing(1, 3) };
    late.session_mut().login = Some(user("2"));
    assert_eq!(once.apply(&late), refused(Refusal::Renewed));
    let other_epoch = Commit { epoch: EPOCH + 1, ..late };
    assert_eq!(once.apply(&other_epoch), Verdict::Leave(Applied::Superseded), "the epoch is looked at first");
}

#[test]
fn what_was_replaced_is_retired_up_to_a_number() {
    let mut record = first();
    for byte in 1..8 {
        record = after(&record, &renewing(byte, byte + 1));
    }
    let renewal = record.metadata().renewal().unwrap();
    assert_eq!((renewal.previous, renewal.until), (hash(7), None));
    assert_eq!(renewal.retired, [6, 5, 4, 3].map(hash), "the latest first");
    assert_eq!(renewal.retired.len(), Renewal::MOST_RETIRED);
}

#[test]
fn a_confirmation_begins_the_grace_once() {
    let renewed = after(&first(), &renewing(1, 2));
    let end = |record: &Record| record.metadata().renewal().unwrap().until;
    let confirmed = after(&renewed, &presenting(2));
    assert_eq!(end(&confirmed), Some(until()));
    let again = Commit { at: NOW.saturating_add(GRACE / 2), ..presenting(2) };
    assert_eq!(after(&confirmed, &again), confirmed, "not moved by another one");
    for other in [1, 3] {
        assert_eq!(after(&renewed, &presenting(other)), renewed, "another verifier confirms nothing");
    }
    assert_eq!(after(&first(), &presenting(1)), first(), "there is no renewal to confirm");
    assert!(presenting(2).writes());
}

#[test]
fn each_secret_has_its_worth() {
    use Standing::{Current, Previous, Replayed, Stranger};
    let renewed = after(&after(&first(), &renewing(1, 2)), &renewing(2, 3));
    let confirmed = after(&renewed, &presenting(3));
    let just_before = Timestamp::from_unix_millis(until().unix_millis() - 1);
    let rows = [
        ("open", &renewed, Timestamp::MAX, [Replayed, Previous, Current, Stranger]),
        ("in its grace", &confirmed, just_before, [Replayed, Previous, Current, Stranger]),
        ("after its grace", &confirmed, until(), [Replayed, Replayed, Current, Stranger]),
    ];
    for (name, record, now, expected) in rows {
        let standings = [1, 2, 3, 4].map(|byte| record.standing(&verifier(byte), now));
        assert_eq!(standings, expected, "{name}");
    }
}

#[test]
fn a_change_of_privilege_ends_the_renewals() {
    use Standing::{Current, Stranger, Superseded as Old};
    let changed = |record: &Record, at| {
        after(
            record,
            &Commit {
                at,
                session: SessionChange { rotation: Some(rotation(9, None)), ..SessionChange::NONE }.into(),
                ..commit()
            },
        )
    };
    let open = after(&after(&first(), &renewing(1, 2)), &renewing(2, 3));
    let confirmed = after(&open, &presenting(3));
    let just_before = Timestamp::from_unix_millis(until().unix_millis() - 1);
    let rows = [
        ("open", &open, NOW, Some(2)),
        ("in its grace", &confirmed, just_before, Some(2)),
        ("after its grace", &confirmed, until(), None),
    ];
    for (name, record, at, also) in rows {
        let changed = changed(record, at);
        let end = at.saturating_add(GRACE);
        let superseded = Superseded { verifier: hash(3), also: also.map(hash), until: end };
        assert_eq!(changed.metadata().superseded, Some(superseded), "{name}");
        assert_eq!(changed.metadata().renewal(), None, "{name}");
        assert_eq!(changed.metadata().epoch, EPOCH + 1, "{name}");
        let standings = [1, 2, 3, 9].map(|byte| changed.standing(&verifier(byte), at));
        let second = if also.is_some() { Old } else { Stranger };
        assert_eq!(standings, [Stranger, second, Old, Current], "{name}");
        let standings = [1, 2, 3, 9].map(|byte| changed.standing(&verifier(byte), end));
        assert_eq!(standings, [Stranger, Stranger, Stranger, Current], "{name}: the memory is over");
    }
}

#[test]
fn a_renewal_leaves_the_memory_of_a_change_of_privilege() {
    let changed = after(
        &first(),
        &Commit {
            session: SessionChange { rotation: Some(rotation(2, None)), ..SessionChange::NONE }.into(),
            ..commit()
        },
    );
    let renewed = after(&changed, &Commit { epoch: EPOCH + 1, ..renewing(2, 3) });
    assert_eq!(renewed.metadata().superseded, changed.metadata().superseded);
    assert_eq!(renewed.standing(&verifier(1), NOW), Standing::Superseded);
    assert_eq!(renewed.standing(&verifier(2), NOW), Standing::Previous);
}

#[test]
fn a_cookie_carries_no_verifier() {
    let record = after(&after(&first(), &renewing(1, 2)), &presenting(2));
    let bare = record.without_verifiers();
    assert_eq!(bare.metadata().more, None);
    assert_eq!(bare.metadata().superseded, None);
}
