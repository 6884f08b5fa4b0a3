//! A record in as few bytes as there are: for cookies, which travel with every request.
//! The format is that of postcard, whose specification is public and stable.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Timestamp;
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

use super::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, Superseded};
use super::stored::Record;

/// A record that knows its own name, since no store files it under one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Packed {
    pub(crate) selector: Selector,
    /// The principal's generation as it was at login.
    pub(crate) generation: u64,
    pub(crate) record: Record,
}

impl Packed {
    /// Appends the record to `bytes`.
    pub(crate) fn write_to(&self, bytes: Vec<u8>) -> Vec<u8> {
        let metadata = self.record.metadata();
        let flash = self.record.flash().iter();
        let parts = Parts {
            selector: *self.selector.as_bytes(),
            generation: self.generation,
            created_at: metadata.created_at.unix_millis(),
            authenticated_at: metadata.authenticated_at.map(Timestamp::unix_millis),
            principal: metadata.principal.as_ref().map(|principal| principal.json().as_str()),
            epoch: metadata.epoch,
            verifier: Some(*metadata.verifier.as_bytes()).filter(|hash| *hash != NO_VERIFIER),
            superseded: metadata.superseded.map(|old| (*old.verifier.as_bytes(), old.until.unix_millis())),
            idle_until: metadata.deadlines.idle.unix_millis(),
            absolute_until: metadata.deadlines.absolute.unix_millis(),
            next_flash: metadata.next_flash,
            fields: Fields::Whole(self.record.fields()),
            flash: flash.map(|entry| (entry.id, entry.key.as_str(), entry.json.as_str())).collect(),
        };
        // Numbers and texts, of which none is refused.
        postcard::to_extend(&parts, bytes).unwrap_or_default()
    }

    /// Reads what [`write_to`](Self::write_to) wrote. Values are taken as they are: only what this crate sealed itself
    /// comes here.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (parts, rest): (Parts<'_>, _) = postcard::take_from_bytes(bytes).ok()?;
        let Fields::Read(fields) = parts.fields else { return None };
        if !rest.is_empty() {
            return None;
        }
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(parts.created_at),
            authenticated_at: parts.authenticated_at.map(Timestamp::from_unix_millis),
            principal: parts.principal.map(|json| Principal::new(JsonText::trusted(json))),
            epoch: parts.epoch,
            verifier: VerifierHash::from_bytes(parts.verifier.unwrap_or(NO_VERIFIER)),
            superseded: parts.superseded.map(|(hash, until)| Superseded {
                verifier: VerifierHash::from_bytes(hash),
                until: Timestamp::from_unix_millis(until),
            }),
            deadlines: Deadlines {
                idle: Timestamp::from_unix_millis(parts.idle_until),
                absolute: Timestamp::from_unix_millis(parts.absolute_until),
            },
            next_flash: parts.next_flash,
        };
        let flash = parts.flash.into_iter().map(|(id, key, json)| FlashEntry {
            id,
            key: Key::from(key),
            json: JsonText::trusted(json),
        });
        Some(Self {
            selector: Selector::from_bytes(parts.selector),
            generation: parts.generation,
            record: Record::new(metadata, fields, flash.collect()),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Parts<'a> {
    selector: [u8; 16],
    generation: u64,
    created_at: u64,
    authenticated_at: Option<u64>,
    principal: Option<&'a str>,
    epoch: u64,
    /// A cookie has no verifier: possession of the sealed text proves possession of the session.
    verifier: Option<[u8; 32]>,
    superseded: Option<([u8; 32], u64)>,
    idle_until: u64,
    absolute_until: u64,
    next_flash: u64,
    #[serde(borrow)]
    fields: Fields<'a>,
    #[serde(borrow)]
    flash: Vec<(u64, &'a str, &'a str)>,
}

/// Written from a record's map, and read into one without a detour.
enum Fields<'a> {
    Whole(&'a BTreeMap<Key, Field>),
    Read(BTreeMap<Key, Field>),
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match self {
            Self::Whole(fields) => *fields,
            Self::Read(fields) => fields,
        };
        let mut seq = serializer.serialize_seq(Some(fields.len()))?;
        for (key, field) in fields {
            seq.serialize_element(&(key.as_str(), field.survives_logout, field.json.as_str()))?;
        }
        seq.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(IntoMap).map(Self::Read)
    }
}

struct IntoMap;

impl<'de> Visitor<'de> for IntoMap {
    type Value = BTreeMap<Key, Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of a record")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((key, survives_logout, json)) = seq.next_element::<(&str, bool, &str)>()? {
            fields.insert(Key::from(key), Field { json: JsonText::trusted(json), survives_logout });
        }
        Ok(fields)
    }
}

const NO_VERIFIER: [u8; 32] = [0; 32];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::record::document::tests::arbitrary_record;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_record_reads_back_to_the_byte(
            record in arbitrary_record(), selector: [u8; 16], generation: u64, cut in 1..40_usize,
        ) {
            let packed = Packed { selector: Selector::from_bytes(selector), generation, record };
            let bytes = packed.write_to(Vec::new());
            prop_assert_eq!(Packed::from_bytes(&bytes[..bytes.len() - cut]), None);
            prop_assert_eq!(Packed::from_bytes(&[&*bytes, &[0]].concat()), None);
            prop_assert_eq!(Packed::from_bytes(&bytes), Some(packed));
        }

        #[test]
        fn no_bytes_do_harm(bytes: Vec<u8>) {
            let _ = Packed::from_bytes(&bytes);
        }
    }
}
