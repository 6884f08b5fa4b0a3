//! From a document to the record.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::clock::Timestamp;
use crate::record::credential::CredentialMark;
use crate::record::csrf_key::CsrfKey;
use crate::record::device::DeviceFacts;
use crate::record::fields::Fields;
use crate::record::more::More;
use crate::record::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, Superseded};
use crate::record::renewal::Renewal;
use crate::record::stored::Record;
use crate::token::VerifierHash;
use crate::value::{JsonText, Key};

use super::{DeviceText, DocumentError, RenewalText, SupersededText};

#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Read<'a> {
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
    seen_at: Option<u64>,
    idle_for: Option<u64>,
    #[serde(default)]
    remembered: bool,
    device: Option<DeviceText>,
    credential: Option<String>,
    renewal: Option<RenewalText>,
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
    pub(super) fn into_record(self) -> Result<Record, DocumentError> {
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(self.created_at),
            authenticated_at: self.authenticated_at.map(Timestamp::from_unix_millis),
            principal: self.principal.map(|raw| Principal::new(value(raw))),
            epoch: self.epoch,
            verifier: hash(&self.verifier)?,
            superseded: self.superseded.as_ref().map(superseded).transpose()?,
            deadlines: Deadlines {
                idle: Timestamp::from_unix_millis(self.idle_until),
                absolute: Timestamp::from_unix_millis(self.absolute_until),
            },
            next_flash: self.next_flash,
            csrf_key: CsrfKey::from_bytes(bytes(&self.csrf_key).ok_or(DocumentError::CsrfKey)?),
            more: Some(Box::new(More {
                seen_at: self.seen_at.map(Timestamp::from_unix_millis),
                idle_for: self.idle_for.map(Duration::from_millis),
                remembered: self.remembered,
                device: self.device.map(|DeviceText { agent, address }| DeviceFacts { agent, address }),
                credential: self.credential.as_deref().map(credential).transpose()?,
                renewal: self.renewal.as_ref().map(renewal).transpose()?,
            })),
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

fn superseded(text: &SupersededText) -> Result<Superseded, DocumentError> {
    let SupersededText { verifier, also, until } = text;
    Ok(Superseded {
        verifier: hash(verifier)?,
        also: also.as_deref().map(hash).transpose()?,
        until: Timestamp::from_unix_millis(*until),
    })
}

fn renewal(text: &RenewalText) -> Result<Renewal, DocumentError> {
    let RenewalText { at, previous, until, retired } = text;
    Ok(Renewal {
        at: Timestamp::from_unix_millis(*at),
        previous: hash(previous)?,
        until: until.map(Timestamp::from_unix_millis),
        retired: retired.iter().map(|text| hash(text)).collect::<Result<_, _>>()?,
    })
}

fn credential(text: &str) -> Result<CredentialMark, DocumentError> {
    bytes(text).map(CredentialMark::from_bytes).ok_or(DocumentError::Credential)
}

fn hash(text: &str) -> Result<VerifierHash, DocumentError> {
    bytes(text).map(VerifierHash::from_bytes).ok_or(DocumentError::Verifier)
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
