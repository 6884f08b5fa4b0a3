//! Records, commits and names for the checks. Names are random, so that checks may share one server.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::random::{RandomSource as _, SystemRandom};
use crate::record::{
    Applied, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, FlashEntry, Metadata, NewFlash,
    Principal, Record, Refusal, Rotation, SessionChange,
};
use crate::session::Number;
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

pub(super) const IDLE: Duration = Duration::from_secs(2 * 3_600);
pub(super) const ABSOLUTE: Duration = Duration::from_secs(30 * 24 * 3_600);

pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = SystemRandom::default().fill(&mut bytes);
    assert!(filled.is_ok(), "the system gives no random bytes");
    bytes
}

pub(super) fn selector() -> Selector {
    Selector::from_bytes(random())
}

pub(super) fn principal() -> Principal {
    let number = u64::from_le_bytes(random());
    Principal::new(JsonText::trusted(number.to_string()))
}

pub(super) fn rotation() -> Rotation {
    let verifier = VerifierHash::from_bytes(random());
    Rotation { verifier, grace: Duration::from_secs(60), csrf_key: Some(csrf_key()), renews: None }
}

/// A new secret and nothing else.
pub(super) fn rotates() -> Option<Box<SessionChange>> {
    SessionChange { rotation: Some(rotation()), ..SessionChange::NONE }.into()
}

/// A login with a new secret.
pub(super) fn signs_in(user: &Principal) -> Option<Box<SessionChange>> {
    SessionChange { login: Some(user.clone()), rotation: Some(rotation()), ..SessionChange::NONE }.into()
}

pub(super) fn csrf_key() -> CsrfKey {
    CsrfKey::from_bytes(random())
}

pub(super) fn metadata(now: Timestamp) -> Metadata {
    Metadata {
        created_at: now,
        authenticated_at: None,
        principal: None,
        epoch: 0,
        verifier: VerifierHash::from_bytes(random()),
        superseded: None,
        deadlines: Deadlines::starting(now, IDLE, ABSOLUTE),
        next_flash: 0,
        csrf_key: csrf_key(),
        more: None,
    }
}

pub(super) fn json(text: impl AsRef<str>) -> JsonText {
    JsonText::trusted(text.as_ref())
}

pub(super) fn field(text: &str, survives_logout: bool) -> Field {
    Field { json: json(text), survives_logout }
}

pub(super) fn fields(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(key, text)| (Key::from(*key), field(text, false))).collect()
}

/// The same record with flash under these keys, as if it had been put by one commit.
pub(super) fn with_flash(record: &Record, keys: &[&str]) -> Record {
    let flash: Vec<FlashEntry> = (0..)
        .zip(keys)
        .map(|(id, key)| FlashEntry {
            id,
            key: Key::from(*key),
            json: json(format!("\"{key}\"")),
            until: None,
        })
        .collect();
    let metadata = Metadata { next_flash: flash.len() as u64, ..record.metadata().clone() };
    Record::new(metadata, record.fields().clone(), flash)
}

/// The same record as `principal`'s.
pub(super) fn owned(record: &Record, principal: &Principal) -> Record {
    let metadata = Metadata {
        principal: Some(principal.clone()),
        authenticated_at: Some(record.metadata().created_at),
        ..record.metadata().clone()
    };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}

pub(super) fn change(key: &str, op: FieldOp) -> FieldChange {
    FieldChange { key: Key::from(key), survives_logout: None, op }
}

pub(super) fn set(key: &str, text: impl AsRef<str>) -> FieldChange {
    change(key, FieldOp::Set(json(text)))
}

pub(super) fn remove(key: &str) -> FieldChange {
    change(key, FieldOp::Remove)
}

pub(super) fn add<N: Number>(key: &str, amount: N) -> FieldChange {
    change(key, FieldOp::Add(amount.addition(false, None)))
}

pub(super) fn subtract<N: Number>(key: &str, amount: N) -> FieldChange {
    change(key, FieldOp::Add(amount.addition(true, None)))
}

pub(super) fn swap(key: &str, expected: Option<&str>, new: Option<&str>) -> FieldChange {
    change(key, FieldOp::Swap { expected: expected.map(json), new: new.map(json) })
}

/// One entry of [`FlashChange::put`](crate::record::FlashChange).
pub(super) fn flash(key: &str, text: impl AsRef<str>) -> NewFlash {
    NewFlash { key: Key::from(key), json: json(text), until: None }
}

/// The field's text.
pub(super) fn text<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.field(key).map(|field| field.json.as_str())
}

pub(super) fn conflict(key: &str) -> Applied {
    Applied::Refused(Refusal::Conflict { key: Key::from(key) })
}

pub(super) fn overflow(key: &str) -> Applied {
    Applied::Refused(Refusal::Overflow { key: Key::from(key) })
}

pub(super) fn not_a_number(key: &str) -> Applied {
    Applied::Refused(Refusal::NotANumber { key: Key::from(key) })
}

/// The answer to a commit with one addition.
pub(super) fn sum(key: &str, text: impl AsRef<str>) -> Applied {
    Applied::Stored(vec![(Key::from(key), json(text))])
}
