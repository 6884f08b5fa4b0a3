//! Small records of ours in the store of a cookie driver: each a text under a name that derives from what it is about.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;
use crate::driver::{Applicability, Created};
use crate::engine::core::Core;
use crate::error::SessionError;
use crate::record::{
    Applied, Commit, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, Metadata, Principal,
    PrincipalKey, Record,
};
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

/// What became of a place.
pub(super) enum Replaced<T> {
    /// It holds something new; what it held before.
    Done(Option<T>),
    /// It holds what it held.
    Refused(T),
}

pub(super) async fn read<T: DeserializeOwned>(
    core: &Core,
    place: &Selector,
) -> Result<Option<T>, SessionError> {
    let record = core.load(place).await?.filter(|record| !record.is_expired(core.now()));
    let stored = record.as_ref().and_then(|record| record.field(FIELD.as_str()));
    let value = stored.map(|field| field.json.decode()).transpose();
    value.map_err(|fault| SessionError::Corrupt { source: fault.into() })
}

/// Replaces what is remembered at a place, in one step against whoever does so too, unless `next` refuses to.
pub(super) async fn replace<T: Serialize + DeserializeOwned>(
    core: &Core,
    place: &Selector,
    until: Timestamp,
    next: impl Fn(Option<&T>) -> Option<T>,
) -> Result<Replaced<T>, SessionError> {
    for _ in 0..MOST_TRIES {
        let before: Option<T> = read(core, place).await?;
        let Some(new) = next(before.as_ref()) else {
            // What there is not refuses nothing.
            return Ok(before.map_or(Replaced::Done(None), Replaced::Refused));
        };
        if swap(core, place, before.as_ref().map(text), text(&new), until).await? {
            return Ok(Replaced::Done(before));
        }
    }
    Err(contended())
}

/// Puts `new` in the place of `before`; whether that is what was there.
async fn swap(
    core: &Core,
    place: &Selector,
    before: Option<JsonText>,
    new: JsonText,
    until: Timestamp,
) -> Result<bool, SessionError> {
    if before.is_none() {
        return Ok(core.create(place, &remembered(core, new, until)).await? == Created::Filed);
    }
    let op = FieldOp::Swap { expected: before, new: Some(new) };
    let fields = vec![FieldChange { key: FIELD, survives_logout: None, op }];
    let commit = Commit { fields, idle_until: Some(until), ..Commit::unchanged(0, core.now()) };
    Ok(matches!(core.apply(place, &commit).await?, Applied::Stored(_)))
}

fn remembered(core: &Core, json: JsonText, until: Timestamp) -> Record {
    let guarded = core.seals.as_ref().is_some_and(|seals| seals.guarded);
    let metadata = Metadata {
        // A driver that makes room drops what is nobody's first.
        principal: guarded.then(|| Principal::new(JsonText::trusted("\"session/v1/revocations\""))),
        ..metadata(core.now(), Deadlines { idle: until, absolute: until.saturating_add(LONG) })
    };
    let fields = Fields::from([(FIELD, Field { json, survives_logout: false })]);
    Record::new(metadata, fields, Vec::new())
}

/// Of a record that is no session, and nobody's.
pub(super) const fn metadata(created_at: Timestamp, deadlines: Deadlines) -> Metadata {
    Metadata {
        created_at,
        authenticated_at: None,
        principal: None,
        epoch: 0,
        // The hash of no verifier: no token opens it.
        verifier: VerifierHash::from_bytes([0; 32]),
        superseded: None,
        deadlines,
        next_flash: 0,
        csrf_key: CsrfKey::from_bytes([0; 16]),
        more: None,
    }
}

/// Where a principal's generation is kept.
pub(super) fn place_of(principal: &PrincipalKey) -> Selector {
    Selector::derived(principal.as_bytes())
}

fn text<T: Serialize>(value: &T) -> JsonText {
    JsonText::encode(value).unwrap_or_else(|_| JsonText::null())
}

fn contended() -> SessionError {
    let source = "what is remembered of an ended session was changed by others again and again".into();
    SessionError::Unavailable { applied: Applicability::No, source }
}

const FIELD: Key = Key::from_static("revoked");
/// So that a place that is in use can be kept for as long as it has to be.
const LONG: Duration = Duration::from_secs(100 * 365 * 24 * 3_600);
const MOST_TRIES: usize = 64;
