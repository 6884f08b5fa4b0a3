//! How a record lies in Redis: the names of keys, and the texts under which metadata and flash entries are filed.
//!
//! A session is a hash. `m` holds the metadata as words between spaces, `f<key>` a field, `k<key>` one that survives a
//! logout, `x<id>` a flash entry as `<length of its key>:<key><value>`. The class byte keeps a key of the application
//! from meeting metadata, whatever it reads.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::Timestamp;
use crate::record::{Deadlines, FlashEntry, Metadata, Principal, PrincipalKey, Record, Superseded};
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

/// The name of the metadata.
pub(super) const METADATA: &str = "m";
/// What stands for nothing in the metadata.
pub(super) const NONE: &str = "-";

/// Names of keys: `prefix:s:selector`, and `prefix:p:hash of the principal`.
#[derive(Clone, Debug)]
pub(super) struct Names {
    session: String,
    index: String,
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        Self { session: format!("{prefix}:s:"), index: format!("{prefix}:p:") }
    }

    pub(super) fn session(&self, selector: &Selector) -> String {
        let mut name = String::with_capacity(self.session.len() + CODED_SELECTOR);
        name.push_str(&self.session);
        URL_SAFE_NO_PAD.encode_string(selector.as_bytes(), &mut name);
        name
    }

    pub(super) fn index(&self, principal: &PrincipalKey) -> String {
        format!("{}{principal}", self.index)
    }
}

/// Name and value of each part of a record.
pub(super) fn parts(record: &Record) -> impl Iterator<Item = (String, String)> {
    let fields = record.fields().iter().map(|(key, field)| {
        let class = if field.survives_logout { 'k' } else { 'f' };
        (format!("{class}{key}"), field.json.as_str().to_owned())
    });
    let flash =
        record.flash().iter().map(|entry| (format!("x{}", entry.id), flash_text(&entry.key, &entry.json)));
    std::iter::once((METADATA.to_owned(), metadata_text(record))).chain(fields).chain(flash)
}

pub(super) fn flash_text(key: &Key, json: &JsonText) -> String {
    format!("{}:{key}{}", key.as_str().len(), json.as_str())
}

/// Reads what [`flash_text`] wrote.
pub(super) fn flash_entry(id: &str, text: &str) -> Option<FlashEntry> {
    let (length, rest) = text.split_once(':')?;
    let (key, json) = rest.split_at_checked(length.parse().ok()?)?;
    Some(FlashEntry { id: id.parse().ok()?, key: Key::from(key), json: JsonText::trusted(json) })
}

/// Format, size, epoch, next flash, idle, absolute, created, authenticated, verifier, superseded and until when, the
/// principal's key and id.
fn metadata_text(record: &Record) -> String {
    let metadata = record.metadata();
    let mut text = String::with_capacity(ROOM);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{LIVE} {} {} {} {} {} {} {} {} ",
        record.size(),
        metadata.epoch,
        metadata.next_flash,
        metadata.deadlines.idle.unix_millis(),
        metadata.deadlines.absolute.unix_millis(),
        metadata.created_at.unix_millis(),
        metadata.authenticated_at.map_or_else(|| NONE.to_owned(), |at| at.unix_millis().to_string()),
        hash_text(&metadata.verifier),
    );
    let _ = match &metadata.superseded {
        Some(old) => write!(text, "{} {} ", hash_text(&old.verifier), old.until.unix_millis()),
        None => write!(text, "{NONE} {NONE} "),
    };
    let _ = match &metadata.principal {
        Some(principal) => write!(text, "{} {}", principal.key(), principal.json().as_str()),
        None => write!(text, "{NONE} "),
    };
    text
}

/// What stands under the name of the metadata.
#[derive(Debug, PartialEq)]
pub(super) enum Standing {
    Live(Metadata),
    /// The session was destroyed; remembered until then.
    Destroyed(Timestamp),
}

/// Reads what [`metadata_text`] or a script wrote.
pub(super) fn standing(text: &str) -> Option<Standing> {
    let mut words = text.splitn(WORDS, ' ');
    match words.next()? {
        LIVE => {}
        DESTROYED => return time(words.next()?).map(Standing::Destroyed),
        _ => return None,
    }
    let _size = words.next()?;
    let epoch = words.next()?.parse().ok()?;
    let next_flash = words.next()?.parse().ok()?;
    let deadlines = Deadlines { idle: time(words.next()?)?, absolute: time(words.next()?)? };
    let created_at = time(words.next()?)?;
    let authenticated_at = unless_none(words.next()?, time).ok()?;
    let verifier = hash(words.next()?)?;
    let superseded = unless_none(words.next()?, hash).ok()?;
    let until = unless_none(words.next()?, time).ok()?;
    let principal = words.next()?;
    let id = words.next()?;
    Some(Standing::Live(Metadata {
        created_at,
        authenticated_at,
        principal: (principal != NONE).then(|| Principal::new(JsonText::trusted(id))),
        epoch,
        verifier,
        superseded: superseded.zip(until).map(|(verifier, until)| Superseded { verifier, until }),
        deadlines,
        next_flash,
    }))
}

pub(super) fn hash_text(hash: &VerifierHash) -> String {
    URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

fn hash(text: &str) -> Option<VerifierHash> {
    let mut bytes = [0; 32];
    let written = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (written == bytes.len()).then(|| VerifierHash::from_bytes(bytes))
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_unix_millis)
}

fn unless_none<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    if text == NONE { Ok(None) } else { read(text).map(Some).ok_or(()) }
}

const LIVE: &str = "1";
const DESTROYED: &str = "0";
const WORDS: usize = 13;
const CODED_SELECTOR: usize = 22;
const ROOM: usize = 200;

#[cfg(test)]
mod tests;
