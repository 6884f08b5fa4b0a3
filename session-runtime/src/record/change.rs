//! What a commit says: a delta on one record, and what came of it.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::token::VerifierHash;
use crate::value::{JsonText, Key};

use super::credential::CredentialChange;
use super::csrf_key::CsrfKey;
use super::device::DeviceFacts;
use super::number::Addition;
use super::parts::{Deadlines, FlashEntry, Principal};
use super::stored::{ENTRY_BYTES, Record};

/// All changes of one request to one record, applied in one atomic step or not at all.
///
/// It never says what the whole record should be: fields that it does not name stay as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// The epoch the session was loaded under. Under any other the commit is [`Applied::Superseded`].
    pub epoch: u64,
    /// The time of the commit: a record that has expired by then is [`Applied::Gone`].
    pub at: Timestamp,
    /// Whether every field there is goes away first.
    pub clear: bool,
    /// What happens to single fields, each key at most once.
    pub fields: Vec<FieldChange>,
    /// What happens to flash entries.
    pub flash: FlashChange,
    /// A new verifier.
    pub rotation: Option<Rotation>,
    /// Whom the session belongs to from now on.
    pub login: Option<Principal>,
    /// Whether the principal proved who he is in this request; sets `authenticated_at` to `at`.
    pub authenticated: bool,
    /// Replaces both deadlines, before `idle_until` is looked at: with a login, or where the record is nobody's.
    pub deadlines: Option<Deadlines>,
    /// Replaces what the record says of its lifetime. A login without one takes that away.
    pub lifetime: Option<Lifetime>,
    /// Replaces what is known of the device. A login without it takes that away.
    pub device: Option<DeviceFacts>,
    /// Replaces the fingerprint of the credentials or takes it away. A login without it takes it away.
    pub credential: Option<CredentialChange>,
    /// Confirms a renewal: see [`Confirmation`].
    pub presented: Option<Confirmation>,
    /// Raises the idle deadline to this point, never past the absolute one, and never lowers it. Where the record then
    /// has a principal, it notes `at` as the time when the session was [last seen](super::More::seen_at), unless a later
    /// one is noted.
    pub idle_until: Option<Timestamp>,
    /// Largest [`size`](super::Record::size) the record may have afterwards, in bytes.
    pub max_bytes: usize,
    /// The record as the request last read it, if it did: what a driver that stores whole records by comparing their
    /// [revisions](super::Record::revision) may begin with. It may be out of date, and nothing else depends on it.
    pub seen: Option<Record>,
}

impl Commit {
    /// A commit that changes nothing.
    #[must_use]
    pub const fn unchanged(epoch: u64, at: Timestamp) -> Self {
        Self {
            epoch,
            at,
            clear: false,
            fields: Vec::new(),
            flash: FlashChange { put: Vec::new(), consume: Vec::new() },
            rotation: None,
            login: None,
            authenticated: false,
            deadlines: None,
            lifetime: None,
            device: None,
            credential: None,
            presented: None,
            idle_until: None,
            max_bytes: usize::MAX,
            seen: None,
        }
    }

    /// Whether the commit takes fields away, so that what is left is to be judged for emptiness.
    #[must_use]
    pub fn removes(&self) -> bool {
        let removal =
            |change: &FieldChange| matches!(change.op, FieldOp::Remove | FieldOp::Swap { new: None, .. });
        self.clear || self.fields.iter().any(removal)
    }

    /// Whether the commit does more than to move the idle deadline.
    pub(crate) fn writes(&self) -> bool {
        let Self { clear, fields, flash, rotation, login, authenticated, .. } = self;
        let entries = fields.len() + flash.put.len() + flash.consume.len();
        let session = rotation.is_some() || login.is_some() || self.says_more();
        *clear || *authenticated || entries > 0 || session
    }

    /// Whether the commit changes what few of them do.
    fn says_more(&self) -> bool {
        let Self { deadlines, lifetime, device, credential, presented, .. } = self;
        let said = deadlines.is_some() || lifetime.is_some() || device.is_some();
        said || credential.is_some() || presented.is_some()
    }

    /// At most how many bytes the record grows by, for drivers that make room before they apply.
    #[must_use]
    pub fn growth(&self) -> usize {
        let text = |op: &FieldOp| match op {
            FieldOp::Set(json) | FieldOp::Swap { new: Some(json), .. } => Some(json.as_str().len()),
            FieldOp::Add(_) => Some(NUMBER_BYTES),
            FieldOp::Remove | FieldOp::Swap { new: None, .. } => None,
        };
        let fields = self.fields.iter();
        let fields =
            fields.filter_map(|change| Some(text(&change.op)? + change.key.as_str().len() + ENTRY_BYTES));
        let flash =
            self.flash.put.iter().map(|new| new.key.as_str().len() + new.json.as_str().len() + ENTRY_BYTES);
        fields.chain(flash).sum()
    }
}

/// What happens to one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field.
    pub key: Key,
    /// The class the field is stored with when it is written, see [`Field`](super::Field); `None` keeps the stored one.
    pub survives_logout: Option<bool>,
    /// The operation.
    pub op: FieldOp,
}

/// An operation on one field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldOp {
    /// Stores this text, whatever was there.
    Set(JsonText),
    /// Takes the field away; missing is fine.
    Remove,
    /// Adds to the stored number.
    Add(Addition),
    /// Stores `new`, or takes the field away, if what is there reads `expected` to the byte; else nothing of the
    /// commit is applied and the answer is [`Refusal::Conflict`].
    Swap {
        /// The text the change was computed from; `None` where the field was absent.
        expected: Option<JsonText>,
        /// The text to store; `None` to take the field away.
        new: Option<JsonText>,
    },
}

/// What happens to flash entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlashChange {
    /// New entries, in order; their ids are given as they are stored.
    pub put: Vec<NewFlash>,
    /// Ids of entries to take away; missing ones are fine.
    pub consume: Vec<u64>,
}

/// A flash entry that has no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlash {
    /// The name it is flashed under.
    pub key: Key,
    /// The value as JSON text.
    pub json: JsonText,
    /// Until when it waits to be read, see [`FlashEntry::until`](super::FlashEntry).
    pub until: Option<Timestamp>,
}

impl NewFlash {
    /// What arrived, once more.
    pub(crate) fn again(entry: &FlashEntry) -> Self {
        Self { key: entry.key.clone(), json: entry.json.clone(), until: entry.until }
    }

    /// The entry that a record keeps of it.
    pub(crate) fn filed(self, id: u64) -> FlashEntry {
        let Self { key, json, until } = self;
        FlashEntry { id, key, json, until }
    }
}

impl From<(Key, JsonText)> for NewFlash {
    fn from((key, json): (Key, JsonText)) -> Self {
        Self { key, json, until: None }
    }
}

/// A new secret: by a change of privilege, or by a renewal.
///
/// A change of privilege raises the epoch, tells requests with the replaced verifiers apart for `grace`, and ends the
/// [renewals](super::Renewal) before it. A renewal moves none of that: it leaves the replaced verifier open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Hash of the verifier that opens the session from now on.
    pub verifier: VerifierHash,
    /// How long a request that carries the replaced verifier is told apart from a stranger's; nothing to a renewal,
    /// whose grace begins with its [confirmation](Commit::presented).
    pub grace: Duration,
    /// What tokens against forged requests are made from, from now on; `None` keeps the stored key, as renewals do.
    pub csrf_key: Option<CsrfKey>,
    /// Hash of the verifier that is renewed; `None` for a change of privilege. If the record has another one by now,
    /// nothing of the commit is applied and the answer is [`Refusal::Renewed`].
    pub renews: Option<VerifierHash>,
}

/// The verifier of the latest renewal was presented: the one before it opens the session only for a grace from now on.
/// Nothing happens if the record has another verifier by now, or if the grace has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Hash of the verifier that was presented.
    pub verifier: VerifierHash,
    /// How long the one before it opens the session still.
    pub grace: Duration,
}

/// What a record says of how long its session lives, beside the deadlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lifetime {
    /// How long it lives without being used; `None` for the configured time.
    pub idle_for: Option<Duration>,
    /// Whether the principal asked to be remembered.
    pub remembered: bool,
}

/// What came of a commit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Applied {
    /// Everything was stored. The sums that [`FieldOp::Add`] led to are listed, in the order of the commit.
    Stored(Vec<(Key, JsonText)>),
    /// Everything was applied, nothing was left of the session, and its record was destroyed.
    Emptied,
    /// There is no such record, or it has expired: nothing was applied.
    Gone,
    /// The record is under another epoch: nothing was applied.
    Superseded,
    /// The commit cannot be applied to what is stored: nothing was.
    Refused(Refusal),
}

/// Why a commit was refused. Nothing of it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A swapped field was changed by someone else.
    Conflict {
        /// The field.
        key: Key,
    },
    /// A field to be added to holds no number of its type.
    NotANumber {
        /// The field.
        key: Key,
    },
    /// A sum does not fit the field's type.
    Overflow {
        /// The field.
        key: Key,
    },
    /// The record would grow over its limit.
    TooLarge {
        /// Its heaviest field or flash entry.
        biggest: Key,
        /// Bytes it would have.
        bytes: usize,
    },
    /// Somebody else has renewed the secret first.
    Renewed,
}

/// A sum of 128-bit integers has 40 characters at most; a float's shortest text has fewer.
const NUMBER_BYTES: usize = 40;
