//! From a record to its document.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::clock::Timestamp;
use crate::record::device::DeviceFacts;
use crate::record::fields::Fields;
use crate::record::parts::{FlashEntry, Superseded};
use crate::record::renewal::Renewal;
use crate::record::stored::Record;
use crate::value::JsonText;

use super::{DeviceText, RenewalText, SupersededText, VERSION, coded};

#[derive(Serialize)]
pub(super) struct Written<'a> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_for: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remembered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal: Option<RenewalText>,
    fields: Class<'a>,
    surviving_fields: Class<'a>,
    flash: Flash<'a>,
}

impl<'a> Written<'a> {
    pub(super) fn of(record: &'a Record) -> Self {
        let metadata = record.metadata();
        Self {
            version: VERSION,
            created_at: metadata.created_at.unix_millis(),
            authenticated_at: metadata.authenticated_at.map(Timestamp::unix_millis),
            idle_until: metadata.deadlines.idle.unix_millis(),
            absolute_until: metadata.deadlines.absolute.unix_millis(),
            epoch: metadata.epoch,
            verifier: coded(&metadata.verifier),
            superseded: metadata.superseded.as_ref().map(superseded),
            next_flash: metadata.next_flash,
            csrf_key: URL_SAFE_NO_PAD.encode(metadata.csrf_key.as_bytes()),
            principal: metadata.principal.as_ref().map(|principal| Raw(principal.json())),
            seen_at: metadata.seen_at().map(Timestamp::unix_millis),
            idle_for: metadata.idle_for().map(|idle| u64::try_from(idle.as_millis()).unwrap_or(u64::MAX)),
            remembered: metadata.is_remembered(),
            device: metadata.device().map(device),
            credential: metadata.credential().map(|mark| URL_SAFE_NO_PAD.encode(mark.as_bytes())),
            renewal: metadata.renewal().map(renewal),
            fields: Class { of: record.fields(), surviving: false },
            surviving_fields: Class { of: record.fields(), surviving: true },
            flash: Flash(record.flash()),
        }
    }
}

fn superseded(superseded: &Superseded) -> SupersededText {
    let Superseded { verifier, also, until } = superseded;
    SupersededText { verifier: coded(verifier), also: also.as_ref().map(coded), until: until.unix_millis() }
}

fn device(DeviceFacts { agent, address }: &DeviceFacts) -> DeviceText {
    DeviceText { agent: agent.clone(), address: address.clone() }
}

fn renewal(Renewal { at, previous, until, retired }: &Renewal) -> RenewalText {
    RenewalText {
        at: at.unix_millis(),
        previous: coded(previous),
        until: until.map(Timestamp::unix_millis),
        retired: retired.iter().map(coded).collect(),
    }
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
