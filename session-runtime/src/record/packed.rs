//! A record in as few bytes as there are, and quick to read back: for what travels with every request.
//!
//! ```text
//! selector (16) | shape (1) | verifiers (32 each) | key of forms (16) | numbers | length of the texts | texts | lengths
//! ```
//!
//! The texts stand side by side, so that one look tells that all of them are UTF-8, and the lengths behind them cut them
//! apart. Numbers and lengths are LEB128: seven bits to a byte, the lowest first, and the highest bit says whether more
//! follow. Deadlines are counted from the time of creation.

use crate::clock::Timestamp;
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

use super::csrf_key::CsrfKey;
use super::fields::Fields;
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
        let Self { selector, generation, record } = self;
        let mut writer = Writer(bytes);
        let texts = || texts(record);
        let length: usize = texts().map(str::len).sum();
        let entries = record.fields().len() + record.flash().len();
        writer.0.reserve(USUAL_HEAD + length + entries * USUAL_LENGTHS);
        writer.bytes(selector.as_bytes());
        writer.metadata(record.metadata());
        writer.number(*generation);
        writer.length(length);
        texts().for_each(|text| writer.bytes(text.as_bytes()));
        writer.lengths(record);
        writer.0
    }

    /// Reads what [`write_to`](Self::write_to) wrote. Values are taken as they are: only what this crate sealed itself
    /// comes here.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader { bytes, texts: "" };
        let selector = Selector::from_bytes(*reader.array()?);
        let (mut metadata, owned) = reader.metadata()?;
        let generation = reader.number()?;
        let length = reader.length()?;
        reader.texts = std::str::from_utf8(reader.slice(length)?).ok()?;
        if owned {
            let length = reader.length()?;
            metadata.principal = Some(Principal::new(JsonText::trusted(reader.text(length)?)));
        }
        let fields = reader.fields()?;
        let flash = reader.flash(metadata.created_at)?;
        let whole = reader.bytes.is_empty() && reader.texts.is_empty();
        whole.then(|| Self { selector, generation, record: Record::new(metadata, fields, flash) })
    }
}

/// All texts of a record, in the order in which their lengths are written.
fn texts(record: &Record) -> impl Iterator<Item = &str> {
    let principal = record.metadata().principal.iter().map(|principal| principal.json().as_str());
    let fields = record.fields().iter().flat_map(|(key, field)| [key.as_str(), field.json.as_str()]);
    let flash = record.flash().iter().flat_map(|entry| [entry.key.as_str(), entry.json.as_str()]);
    principal.chain(fields).chain(flash)
}

struct Writer(Vec<u8>);

impl Writer {
    fn metadata(&mut self, metadata: &Metadata) {
        let Metadata { created_at, deadlines, .. } = metadata;
        // A cookie has no verifier: possession of the sealed text proves possession of the session.
        let verifier = Some(metadata.verifier).filter(|hash| *hash.as_bytes() != NO_VERIFIER);
        let superseded = metadata.superseded.as_ref();
        let mut shape = FORM;
        for (is_there, bit) in [
            (metadata.principal.is_some(), OWNED),
            (metadata.authenticated_at.is_some(), AUTHENTICATED),
            (verifier.is_some(), VERIFIED),
            (superseded.is_some(), SUPERSEDED),
        ] {
            shape |= if is_there { bit } else { 0 };
        }
        self.0.push(shape);
        for hash in verifier.iter().chain(superseded.map(|old| &old.verifier)) {
            self.bytes(hash.as_bytes());
        }
        self.bytes(metadata.csrf_key.as_bytes());
        self.number(created_at.unix_millis());
        let later = [Some(deadlines.idle), Some(deadlines.absolute), metadata.authenticated_at];
        for time in later.into_iter().chain([superseded.map(|old| old.until)]).flatten() {
            self.number(time.unix_millis().wrapping_sub(created_at.unix_millis()));
        }
        self.number(metadata.epoch);
        self.number(metadata.next_flash);
    }

    fn lengths(&mut self, record: &Record) {
        if let Some(principal) = &record.metadata().principal {
            self.length(principal.json().as_str().len());
        }
        self.length(record.fields().len());
        for (key, field) in record.fields() {
            self.length(key.as_str().len());
            self.length(field.json.as_str().len() << 1 | usize::from(field.survives_logout));
        }
        self.length(record.flash().len());
        let created_at = record.metadata().created_at;
        for entry in record.flash() {
            self.number(entry.id);
            self.length(entry.key.as_str().len());
            self.length(entry.json.as_str().len() << 1 | usize::from(entry.until.is_some()));
            if let Some(until) = entry.until {
                self.number(until.unix_millis().wrapping_sub(created_at.unix_millis()));
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    #[inline]
    fn number(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                return self.0.push(low);
            }
            self.0.push(low | MORE);
        }
    }
}

struct Reader<'a> {
    /// What is left to be read.
    bytes: &'a [u8],
    /// What is left of the texts.
    texts: &'a str,
}

impl<'a> Reader<'a> {
    /// All but the principal; whether there is one.
    fn metadata(&mut self) -> Option<(Metadata, bool)> {
        let [shape] = *self.array()?;
        if shape & FORM == 0 {
            return None;
        }
        let mut hash = |bit| match shape & bit {
            0 => Some(None),
            _ => self.array().map(|hash| Some(VerifierHash::from_bytes(*hash))),
        };
        let (verifier, superseded) = (hash(VERIFIED)?, hash(SUPERSEDED)?);
        let csrf_key = CsrfKey::from_bytes(*self.array()?);
        let created_at = self.number()?;
        let mut later = || Some(Timestamp::from_unix_millis(created_at.wrapping_add(self.number()?)));
        let deadlines = Deadlines { idle: later()?, absolute: later()? };
        let authenticated_at = if shape & AUTHENTICATED == 0 { None } else { Some(later()?) };
        let superseded = match superseded {
            Some(verifier) => Some(Superseded { verifier, until: later()? }),
            None => None,
        };
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(created_at),
            authenticated_at,
            principal: None,
            epoch: self.number()?,
            verifier: verifier.unwrap_or(VerifierHash::from_bytes(NO_VERIFIER)),
            superseded,
            deadlines,
            next_flash: self.number()?,
            csrf_key,
        };
        Some((metadata, shape & OWNED != 0))
    }

    fn fields(&mut self) -> Option<Fields> {
        let count = self.length()?;
        // Each takes two bytes at least, so that no wrong count asks for room that is not there.
        let mut fields = Fields::with_capacity(count.min(self.bytes.len() / 2));
        for _ in 0..count {
            let (key, json) = (self.length()?, self.length()?);
            let survives_logout = json & 1 == 1;
            let key = Key::from(self.text(key)?);
            let json = JsonText::copied(self.text(json >> 1)?);
            fields.insert(key, Field { json, survives_logout });
        }
        Some(fields)
    }

    fn flash(&mut self, created_at: Timestamp) -> Option<Vec<FlashEntry>> {
        let mut flash = Vec::new();
        for _ in 0..self.length()? {
            let (id, key, json) = (self.number()?, self.length()?, self.length()?);
            let until = if json & 1 == 0 { None } else { Some(self.number()?) };
            let until = until.map(|after| created_at.unix_millis().wrapping_add(after));
            let (key, json) = (Key::from(self.text(key)?), JsonText::copied(self.text(json >> 1)?));
            flash.push(FlashEntry { id, key, json, until: until.map(Timestamp::from_unix_millis) });
        }
        Some(flash)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let (text, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(text)
    }

    fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (slice, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(slice)
    }

    fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (array, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(array)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        let (first, rest) = self.bytes.split_first()?;
        if first & MORE == 0 {
            self.bytes = rest;
            return Some(u64::from(*first));
        }
        self.long_number()
    }

    /// A number of several bytes; none that does not fit 64 bits.
    fn long_number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = *self.array()?;
            let part = u64::from(byte & !MORE);
            number |= part << shift;
            if byte & MORE == 0 {
                return (number >> shift == part).then_some(number);
            }
        }
        None
    }
}

const NO_VERIFIER: [u8; 32] = [0; 32];

/// Bits of the shape: what there is besides what every record has.
const OWNED: u8 = 1;
const AUTHENTICATED: u8 = 1 << 1;
const VERIFIED: u8 = 1 << 2;
const SUPERSEDED: u8 = 1 << 3;
/// In every shape: one without it is of an older form, which had no key of forms.
const FORM: u8 = 1 << 4;

/// More bytes of the number follow.
const MORE: u8 = 1 << 7;
/// Bytes before the texts, without verifiers.
const USUAL_HEAD: usize = 80;
/// Bytes of one entry's lengths, unless it is a long one.
const USUAL_LENGTHS: usize = 4;

#[cfg(test)]
mod tests;
