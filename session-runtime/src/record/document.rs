//! A record as one JSON document, which people can read: for stores that keep whole records as text.

use super::fields::Fields;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::clock::Timestamp;
use crate::token::VerifierHash;
use crate::value::{JsonFault, JsonText, Key};

use super::csrf_key::CsrfKey;
use super::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, Superseded};
use super::stored::Record;

impl Record {
    /// The record as a JSON document, for drivers that store text.
    ///
    /// Points in time are milliseconds since 1970; the verifier appears as its hash only; values stand as they are.
    /// [`from_document`](Record::from_document) reads the document back, to the byte of every value.
    ///
    /// ```
    /// use session_runtime::record::Record;
    /// # use session_runtime::record::{CsrfKey, Deadlines, Metadata};
    /// # use session_runtime::{Timestamp, VerifierHash};
    /// # let now = Timestamp::from_unix_millis(0);
    /// # let metadata = Metadata { created_at: now, authenticated_at: None, principal: None, epoch: 0,
    /// #     verifier: VerifierHash::from_bytes([0; 32]), superseded: None,
    /// #     deadlines: Deadlines { idle: now, absolute: now }, next_flash: 0,
    /// #     csrf_key: CsrfKey::from_bytes([0; 16]) };
    /// # let record = Record::new(metadata, Default::default(), Vec::new());
    /// let document = record.to_document();
    /// assert_eq!(Record::from_document(&document)?, record);
    /// assert!(Record::from_document("{}").is_err());
    /// # Ok::<(), session_runtime::record::DocumentError>(())
    /// ```
    #[must_use]
    pub fn to_document(&self) -> String {
        let metadata = self.metadata();
        let document = Written {
            version: VERSION,
            created_at: metadata.created_at.unix_millis(),
            authenticated_at: metadata.authenticated_at.map(Timestamp::unix_millis),
            idle_until: metadata.deadlines.idle.unix_millis(),
            absolute_until: metadata.deadlines.absolute.unix_millis(),
            epoch: metadata.epoch,
            verifier: coded(&metadata.verifier),
            superseded: metadata.superseded.map(|superseded| SupersededText {
                verifier: coded(&superseded.verifier),
                until: superseded.until.unix_millis(),
            }),
            next_flash: metadata.next_flash,
            csrf_key: URL_SAFE_NO_PAD.encode(metadata.csrf_key.as_bytes()),
            principal: metadata.principal.as_ref().map(|principal| Raw(principal.json())),
            fields: Class { of: self.fields(), surviving: false },
            surviving_fields: Class { of: self.fields(), surviving: true },
            flash: Flash(self.flash()),
        };
        // Strings, numbers and values that are JSON already: nothing that a serializer could refuse.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }

    /// Reads what [`to_document`](Record::to_document) wrote.
    ///
    /// # Errors
    /// [`DocumentError`] for everything else; it repeats no part of the text.
    pub fn from_document(text: &str) -> Result<Self, DocumentError> {
        let Version { version } = serde_json::from_str(text).map_err(DocumentError::json)?;
        if version != VERSION {
            return Err(DocumentError::Version { found: version });
        }
        serde_json::from_str::<Read<'_>>(text).map_err(DocumentError::json)?.into_record()
    }
}

/// Why a text is no document of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON, or not of the shape.
    #[error("the document of a session has the wrong form: {0}")]
    Form(JsonFault),
    /// It was written by another version of this crate.
    #[error("the document of a session has version {found}, and not {VERSION}")]
    Version {
        /// The version that it names.
        found: u64,
    },
    /// The hash of a verifier is not 43 characters of base64url.
    #[error("the hash of a verifier is damaged")]
    Verifier,
    /// The key of the session's forms is not 22 characters of base64url.
    #[error("the key of the session's forms is damaged")]
    CsrfKey,
    /// A field stands among those that survive a logout and among those that do not.
    #[error("a field appears twice")]
    Twice,
}

impl DocumentError {
    fn json(error: serde_json::Error) -> Self {
        Self::Form(error.into())
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    created_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticated_at: Option<u64>,
    idle_until: u64,
    absolute_until: u64,
    epoch: u64,
    verifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded: Option<SupersededText>,
    next_flash: u64,
    csrf_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Raw<'a>>,
    fields: Class<'a>,
    surviving_fields: Class<'a>,
    flash: Flash<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SupersededText {
    verifier: String,
    until: u64,
}

struct Raw<'a>(&'a JsonText);

struct Class<'a> {
    of: &'a Fields,
    surviving: bool,
}

struct Flash<'a>(&'a [FlashEntry]);

#[derive(Serialize)]
struct WrittenEntry<'a> {
    id: u64,
    key: &'a str,
    value: Raw<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.0.as_str()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl Serialize for Class<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, field) in self.of.iter().filter(|(_, field)| field.survives_logout == self.surviving) {
            map.serialize_entry(key.as_str(), &Raw(&field.json))?;
        }
        map.end()
    }
}

impl Serialize for Flash<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_seq(Some(self.0.len()))?;
        for FlashEntry { id, key, json, until } in self.0 {
            let until = until.map(Timestamp::unix_millis);
            entries.serialize_element(&WrittenEntry {
                id: *id,
                key: key.as_str(),
                value: Raw(json),
                until,
            })?;
        }
        entries.end()
    }
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    #[serde(rename = "version")]
    _version: u64,
    created_at: u64,
    authenticated_at: Option<u64>,
    idle_until: u64,
    absolute_until: u64,
    epoch: u64,
    verifier: String,
    superseded: Option<SupersededText>,
    next_flash: u64,
    csrf_key: String,
    #[serde(borrow)]
    principal: Option<&'a RawValue>,
    #[serde(borrow)]
    fields: BTreeMap<String, &'a RawValue>,
    #[serde(borrow)]
    surviving_fields: BTreeMap<String, &'a RawValue>,
    #[serde(borrow)]
    flash: Vec<ReadEntry<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEntry<'a> {
    id: u64,
    key: String,
    #[serde(borrow)]
    value: &'a RawValue,
    until: Option<u64>,
}

impl Read<'_> {
    fn into_record(self) -> Result<Record, DocumentError> {
        let superseded = self.superseded.map(|SupersededText { verifier, until }| {
            Ok(Superseded { verifier: decoded(&verifier)?, until: Timestamp::from_unix_millis(until) })
        });
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(self.created_at),
            authenticated_at: self.authenticated_at.map(Timestamp::from_unix_millis),
            principal: self.principal.map(|raw| Principal::new(value(raw))),
            epoch: self.epoch,
            verifier: decoded(&self.verifier)?,
            superseded: superseded.transpose()?,
            deadlines: Deadlines {
                idle: Timestamp::from_unix_millis(self.idle_until),
                absolute: Timestamp::from_unix_millis(self.absolute_until),
            },
            next_flash: self.next_flash,
            csrf_key: csrf_key(&self.csrf_key)?,
        };
        let mut fields = Fields::new();
        for (read, survives_logout) in [(self.fields, false), (self.surviving_fields, true)] {
            for (key, raw) in read {
                if fields.insert(Key::from(key), Field { json: value(raw), survives_logout }).is_some() {
                    return Err(DocumentError::Twice);
                }
            }
        }
        let flash = self.flash.into_iter();
        let flash = flash.map(|entry| FlashEntry {
            id: entry.id,
            key: Key::from(entry.key),
            json: value(entry.value),
            until: entry.until.map(Timestamp::from_unix_millis),
        });
        Ok(Record::new(metadata, fields, flash.collect()))
    }
}

fn value(raw: &RawValue) -> JsonText {
    JsonText::trusted(raw.get())
}

fn coded(hash: &VerifierHash) -> String {
    URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

fn decoded(text: &str) -> Result<VerifierHash, DocumentError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| DocumentError::Verifier)?;
    Ok(VerifierHash::from_bytes(bytes.try_into().map_err(|_| DocumentError::Verifier)?))
}

fn csrf_key(text: &str) -> Result<CsrfKey, DocumentError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| DocumentError::CsrfKey)?;
    Ok(CsrfKey::from_bytes(bytes.try_into().map_err(|_| DocumentError::CsrfKey)?))
}

const VERSION: u64 = 2;

#[cfg(test)]
pub(super) mod tests;
