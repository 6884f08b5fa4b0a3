//! What the server answered, as a record.

use std::collections::BTreeMap;

use redis::Value;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::{Field, FlashEntry, Metadata, Record};
use crate::value::{JsonText, Key};

use super::failure::{Cause, Failure};
use super::layout::{self, METADATA, Standing};

/// The live record in an answer to `HGETALL`, if there is one.
pub(super) fn record(answer: Value, now: Timestamp) -> Result<Option<Record>, DriverError> {
    let mut parts = Parts::default();
    match answer {
        Value::Map(pairs) => {
            for (name, value) in &pairs {
                parts.add(name, value)?;
            }
        }
        Value::Array(flat) => {
            let (pairs, _) = flat.as_chunks::<2>();
            for [name, value] in pairs {
                parts.add(name, value)?;
            }
        }
        Value::Nil => {}
        _ => return Err(not_understood()),
    }
    Ok(parts.into_record()?.filter(|record| !record.is_expired(now)))
}

#[derive(Default)]
struct Parts {
    metadata: Option<Standing>,
    fields: BTreeMap<Key, Field>,
    flash: Vec<FlashEntry>,
    /// Whether there is anything at all.
    any: bool,
}

impl Parts {
    fn add(&mut self, name: &Value, value: &Value) -> Result<(), DriverError> {
        self.any = true;
        let (name, value) = (text(name)?, text(value)?);
        if name == METADATA {
            self.metadata = Some(layout::standing(value).ok_or_else(|| corrupt("metadata"))?);
            return Ok(());
        }
        match name.split_at_checked(1) {
            Some((class @ ("f" | "k"), key)) => {
                let field = Field { json: JsonText::trusted(value), survives_logout: class == "k" };
                self.fields.insert(Key::from(key), field);
            }
            Some(("x", id)) => {
                self.flash.push(layout::flash_entry(id, value).ok_or_else(|| corrupt("a flash entry"))?);
            }
            // A class that a later version knows.
            _ => {}
        }
        Ok(())
    }

    fn into_record(mut self) -> Result<Option<Record>, DriverError> {
        match self.metadata {
            Some(Standing::Live(metadata)) => {
                self.flash.sort_unstable_by_key(|entry| entry.id);
                Ok(Some(Record::new(metadata, self.fields, self.flash)))
            }
            None if self.any => Err(corrupt("metadata")),
            Some(Standing::Destroyed(_)) | None => Ok(None),
        }
    }
}

/// What an answer to `HGET` of the metadata says.
pub(super) fn standing(answer: &Value) -> Result<Option<Standing>, DriverError> {
    match answer {
        Value::Nil => Ok(None),
        value => layout::standing(text(value)?).map(Some).ok_or_else(|| corrupt("metadata")),
    }
}

/// The metadata of a session that is live now.
pub(super) fn live(answer: &Value, now: Timestamp) -> Result<Option<Metadata>, DriverError> {
    Ok(match standing(answer)? {
        Some(Standing::Live(metadata)) if metadata.deadlines.effective() > now => Some(metadata),
        _ => None,
    })
}

pub(super) fn text(value: &Value) -> Result<&str, DriverError> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).map_err(|_| corrupt("a text")),
        Value::SimpleString(text) => Ok(text),
        _ => Err(not_understood()),
    }
}

pub(super) fn corrupt(what: &str) -> DriverError {
    DriverError::Corrupt { source: format!("{what} of a session in redis cannot be read").into() }
}

/// An answer of the wrong kind. What was asked for may have been done.
pub(super) fn not_understood() -> DriverError {
    Failure::Lost(Cause::Protocol).of_write()
}
