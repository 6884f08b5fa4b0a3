//! The whole record: a cheap clone of shared, immutable values.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::token::{Verifier, VerifierHash};
use crate::value::{JsonText, Key};

use super::change::Refusal;
use super::fields::Fields;
use super::parts::{Field, FlashEntry, Metadata, Superseded};

/// What is stored for one session. Cloning copies a pointer.
///
/// `Debug` shows keys and sizes, never a value. Records are equal if they say the same, whatever their revisions.
#[derive(Clone)]
pub struct Record(pub(super) Arc<Parts>);

#[derive(Clone)]
pub(super) struct Parts {
    pub(super) fields: Fields,
    pub(super) flash: Vec<FlashEntry>,
    pub(super) metadata: Metadata,
    pub(super) revision: Option<NonZeroU64>,
}

impl Record {
    /// The record with these parts, for drivers that read it back.
    #[must_use]
    pub fn new(mut metadata: Metadata, fields: Fields, flash: Vec<FlashEntry>) -> Self {
        metadata.tidy();
        Self(Arc::new(Parts { fields, flash, metadata, revision: None }))
    }

    /// The same record, known to its store under this name: see [`revision`](Self::revision).
    #[must_use]
    pub fn with_revision(mut self, revision: NonZeroU64) -> Self {
        Arc::make_mut(&mut self.0).revision = Some(revision);
        self
    }

    /// What its store calls this state of the record, for drivers that store whole records by comparing. A driver gives
    /// a new one with every write, and never the same twice, also after a crash; none where it gives none, and none to
    /// a record that was [changed](Self::apply) since it was read.
    #[must_use]
    pub fn revision(&self) -> Option<NonZeroU64> {
        self.0.revision
    }

    /// The field stored under `key`.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.0.fields.get(key)
    }

    /// All fields, ordered by key.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.0.fields
    }

    /// All flash entries, the oldest first.
    #[must_use]
    pub fn flash(&self) -> &[FlashEntry] {
        &self.0.flash
    }

    /// What the record says about the session.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// Whether the record's deadline has come.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.0.metadata.deadlines.effective() <= now
    }

    /// Whether nothing would be lost with the record: no field, no flash, no principal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.fields.is_empty() && self.0.flash.is_empty() && self.0.metadata.principal.is_none()
    }

    /// Bytes that the record takes, keys and values and a fixed allowance for the rest.
    #[must_use]
    pub fn size(&self) -> usize {
        self.weights().map(|(_, bytes)| bytes).sum::<usize>() + BASE_BYTES
    }

    /// What is wrong with the record's size, if it is over `limit` bytes.
    pub(crate) fn oversize(&self, limit: usize) -> Option<Refusal> {
        let bytes = self.size();
        if bytes <= limit {
            return None;
        }
        Some(Refusal::TooLarge { biggest: self.biggest()?.clone(), bytes })
    }

    /// The heaviest field or flash entry.
    pub(crate) fn biggest(&self) -> Option<&Key> {
        self.weights().max_by_key(|(_, bytes)| *bytes).map(|(key, _)| key)
    }

    /// The same record with sums as a store computed them.
    pub(crate) fn with_sums(mut self, sums: Vec<(Key, JsonText)>) -> Self {
        let parts = Arc::make_mut(&mut self.0);
        for (key, sum) in sums {
            if let Some(field) = parts.fields.get_mut(key.as_str()) {
                field.json = sum;
            }
        }
        self
    }

    /// The record as a cookie carries it: whoever has the cookie has the session, and needs no other proof.
    pub(crate) fn without_verifiers(mut self) -> Self {
        let metadata = &mut Arc::make_mut(&mut self.0).metadata;
        metadata.verifier = VerifierHash::from_bytes([0; 32]);
        metadata.superseded = None;
        if let Some(more) = metadata.more.as_mut().filter(|more| more.renewal.is_some()) {
            more.renewal = None;
            metadata.tidy();
        }
        self
    }

    /// The same without what is known of the device.
    pub(crate) fn without_device(mut self) -> Self {
        let metadata = &mut Arc::make_mut(&mut self.0).metadata;
        metadata.more_mut().device = None;
        metadata.tidy();
        self
    }

    /// What possession of `verifier` means for this record now.
    pub(crate) fn standing(&self, verifier: &Verifier, now: Timestamp) -> Standing {
        let presented = verifier.hash();
        let metadata = self.metadata();
        if presented == metadata.verifier {
            return Standing::Current;
        }
        let was = |old: &Superseded| presented == old.verifier || Some(presented) == old.also;
        if metadata.superseded.as_ref().is_some_and(|old| now < old.until && was(old)) {
            return Standing::Superseded;
        }
        metadata.renewal().map_or(Standing::Stranger, |renewal| renewal.standing(presented, now))
    }

    fn weights(&self) -> impl Iterator<Item = (&Key, usize)> {
        let fields = self.0.fields.iter().map(|(key, field)| (key, weight(key, field.json.as_str())));
        let flash = self.0.flash.iter().map(|entry| (&entry.key, weight(&entry.key, entry.json.as_str())));
        fields.chain(flash)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        let Parts { fields, flash, metadata, revision: _ } = &*self.0;
        (fields, flash, metadata) == (&other.0.fields, &other.0.flash, &other.0.metadata)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("fields", &self.0.fields)
            .field("flash", &self.0.flash)
            .field("metadata", &self.0.metadata)
            .finish_non_exhaustive()
    }
}

/// What a token that names a record is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It opens the session.
    Current,
    /// It did so until a change of privilege moments ago.
    Superseded,
    /// It opens the session still, although the secret was renewed: the new one has not been presented, or moments ago.
    Previous,
    /// It opened the session until a renewal: an old copy of the cookie. It opens nothing.
    Replayed,
    /// It never opened anything, as far as is known, and opens nothing.
    Stranger,
}

fn weight(key: &Key, json: &str) -> usize {
    key.as_str().len() + json.len() + ENTRY_BYTES
}

/// Allowance for what surrounds an entry: two string handles, flags, tree node share.
pub(crate) const ENTRY_BYTES: usize = 56;
/// Allowance for metadata and bookkeeping of one record.
pub(crate) const BASE_BYTES: usize = 256;
