//! A record in as few bytes as there are, and quick to read back: for what travels with every request.
//!
//! ```text
//! selector (16) | metadata | generation | length of the texts | texts | lengths
//! ```
//!
//! The texts stand side by side, so that one look tells that all of them are UTF-8, and the lengths behind them cut them
//! apart. Numbers and lengths are LEB128: seven bits to a byte, the lowest first, and the highest bit says whether more
//! follow. Deadlines are counted from the time of creation.

use crate::clock::Timestamp;
use crate::token::Selector;
use crate::value::{JsonText, Key};

use super::device::DeviceFacts;
use super::fields::Fields;
use super::parts::{Field, FlashEntry, Principal};
use super::stored::Record;

use self::metadata::Texts;

mod metadata;

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
        let mut length = 0;
        each_text(record, |text| length += text.len());
        let entries = record.fields().len() + record.flash().len();
        writer.0.reserve(USUAL_HEAD + length + entries * USUAL_LENGTHS);
        writer.bytes(selector.as_bytes());
        writer.metadata(record.metadata());
        writer.number(*generation);
        writer.length(length);
        each_text(record, |text| writer.bytes(text.as_bytes()));
        writer.lengths(record);
        writer.0
    }

    /// Reads what [`write_to`](Self::write_to) wrote. Values are taken as they are: only what this crate sealed itself
    /// comes here.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader { bytes, texts: "" };
        let selector = Selector::from_bytes(*reader.array()?);
        let (mut metadata, texts) = reader.metadata()?;
        let generation = reader.number()?;
        let length = reader.length()?;
        reader.texts = std::str::from_utf8(reader.slice(length)?).ok()?;
        if texts.principal {
            let length = reader.length()?;
            metadata.principal = Some(Principal::new(JsonText::trusted(reader.text(length)?)));
        }
        if texts.agent || texts.address {
            metadata.more_mut().device = Some(reader.device(texts)?);
        }
        let fields = reader.fields()?;
        let flash = reader.flash(metadata.created_at)?;
        let whole = reader.bytes.is_empty() && reader.texts.is_empty();
        whole.then(|| Self { selector, generation, record: Record::new(metadata, fields, flash) })
    }
}

/// All texts of a record, in the order in which their lengths are written.
fn each_text(record: &Record, mut take: impl FnMut(&str)) {
    if let Some(principal) = &record.metadata().principal {
        take(principal.json().as_str());
    }
    if let Some(device) = record.metadata().device() {
        device_texts(device).for_each(&mut take);
    }
    for (key, field) in record.fields() {
        take(key.as_str());
        take(field.json.as_str());
    }
    for entry in record.flash() {
        take(entry.key.as_str());
        take(entry.json.as_str());
    }
}

fn device_texts(device: &DeviceFacts) -> impl Iterator<Item = &str> {
    [&device.agent, &device.address].into_iter().flatten().map(|text| &**text)
}

struct Writer(Vec<u8>);

impl Writer {
    fn lengths(&mut self, record: &Record) {
        if let Some(principal) = &record.metadata().principal {
            self.length(principal.json().as_str().len());
        }
        if let Some(device) = record.metadata().device() {
            device_texts(device).for_each(|text| self.length(text.len()));
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
    fn device(&mut self, texts: Texts) -> Option<DeviceFacts> {
        let agent = if texts.agent { Some(self.boxed()?) } else { None };
        let address = if texts.address { Some(self.boxed()?) } else { None };
        Some(DeviceFacts { agent, address })
    }

    fn boxed(&mut self) -> Option<Box<str>> {
        let length = self.length()?;
        self.text(length).map(Into::into)
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

/// More bytes of the number follow.
const MORE: u8 = 1 << 7;
/// Bytes before the texts, without verifiers.
const USUAL_HEAD: usize = 80;
/// Bytes of one entry's lengths, unless it is a long one.
const USUAL_LENGTHS: usize = 4;

#[cfg(test)]
mod tests;
