//! What a commit says: a delta on one record, and what came of it.

use crate::clock::Timestamp;
use crate::value::{JsonText, Key};

use super::number::Addition;
use super::parts::FlashEntry;
use super::session_change::SessionChange;
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
    /// What changes of the session as a whole; nothing in most commits. In a box, since a commit is moved often.
    pub session: Option<Box<SessionChange>>,
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
            session: None,
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

    /// What changes of the session as a whole.
    #[must_use]
    pub fn session(&self) -> &SessionChange {
        self.session.as_deref().unwrap_or(&NONE)
    }

    /// The same to be changed.
    pub fn session_mut(&mut self) -> &mut SessionChange {
        self.session.get_or_insert_default()
    }

    /// Whether the commit does more than to move the idle deadline.
    pub(crate) fn writes(&self) -> bool {
        let Self { clear, fields, flash, .. } = self;
        *clear || fields.len() + flash.put.len() + flash.consume.len() > 0 || *self.session() != NONE
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

static NONE: SessionChange = SessionChange::NONE;

/// A sum of 128-bit integers has 40 characters at most; a float's shortest text has fewer.
const NUMBER_BYTES: usize = 40;
