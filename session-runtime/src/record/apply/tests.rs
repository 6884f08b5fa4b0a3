//! What each part of a commit makes of a record, in tables.

mod fields;
mod flash;
mod metadata;
mod more;
mod outcomes;
mod random;
mod renewal;

use std::time::Duration;

use crate::clock::Timestamp;
use crate::record::{
    Addition, Applied, Commit, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, FlashEntry, Integer,
    IntegerBounds, Metadata, Principal, Record, Refusal, SessionChange, Verdict,
};
use crate::token::VerifierHash;
use crate::value::{JsonText, Key};

const NOW: Timestamp = Timestamp::from_unix_millis(1_000_000);
const IDLE: Timestamp = Timestamp::from_unix_millis(2_000_000);
const ABSOLUTE: Timestamp = Timestamp::from_unix_millis(9_000_000);
const EPOCH: u64 = 3;

fn metadata() -> Metadata {
    Metadata {
        created_at: Timestamp::from_unix_millis(500_000),
        authenticated_at: None,
        principal: None,
        epoch: EPOCH,
        verifier: VerifierHash::from_bytes([1; 32]),
        superseded: None,
        deadlines: Deadlines { idle: IDLE, absolute: ABSOLUTE },
        next_flash: 7,
        csrf_key: CsrfKey::from_bytes([1; 16]),
        more: None,
    }
}

/// A record with these fields, and flash entries 2 and 5 if there is to be flash.
fn record(fields: &[(&str, &str)], has_flash: bool, principal: Option<Principal>) -> Record {
    let fields: Fields = fields.iter().map(|(key, text)| (Key::from(*key), field(text, false))).collect();
    let flash = [(2, "notice"), (5, "error")].map(|(id, key)| entry(id, key, "1"));
    let flash = if has_flash { flash.to_vec() } else { Vec::new() };
    Record::new(Metadata { principal, ..metadata() }, fields, flash)
}

fn plain(fields: &[(&str, &str)]) -> Record {
    record(fields, false, None)
}

fn commit() -> Commit {
    Commit::unchanged(EPOCH, NOW)
}

fn changing(fields: Vec<FieldChange>) -> Commit {
    Commit { fields, ..commit() }
}

fn json(text: &str) -> JsonText {
    JsonText::parse(text).unwrap()
}

fn field(text: &str, survives_logout: bool) -> Field {
    Field { json: json(text), survives_logout }
}

fn entry(id: u64, key: &str, text: &str) -> FlashEntry {
    FlashEntry { id, key: key.into(), json: json(text), until: None }
}

fn user(id: &str) -> Principal {
    Principal::new(json(id))
}

fn change(key: &str, op: FieldOp) -> FieldChange {
    FieldChange { key: key.into(), survives_logout: None, op }
}

fn set(text: &str) -> FieldOp {
    FieldOp::Set(json(text))
}

fn swap(expected: Option<&str>, new: Option<&str>) -> FieldOp {
    FieldOp::Swap { expected: expected.map(json), new: new.map(json) }
}

/// An addition to a byte that starts at 10.
fn add(amount: i16) -> FieldOp {
    let amount = Integer::new(amount < 0, amount.unsigned_abs().into());
    let bounds = IntegerBounds { below: 0, above: 255 };
    FieldOp::Add(Addition::integer(amount, Integer::new(false, 10), bounds))
}

/// The record that is to be stored, and the sums.
#[track_caller]
fn stored(verdict: Verdict) -> (Record, Vec<(Key, JsonText)>) {
    match verdict {
        Verdict::Store(record, sums) => (record, sums),
        other => panic!("not to be stored: {other:?}"),
    }
}

#[track_caller]
fn after(record: &Record, commit: &Commit) -> Record {
    stored(record.apply(commit)).0
}

fn texts(record: &Record) -> Vec<(&str, &str)> {
    record.fields().iter().map(|(key, field)| (key.as_str(), field.json.as_str())).collect()
}

fn refused(refusal: Refusal) -> Verdict {
    Verdict::Leave(Applied::Refused(refusal))
}

const GRACE: Duration = Duration::from_secs(60);
