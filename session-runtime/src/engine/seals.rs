//! Sessions that their browsers carry: from the cookies of a request to records, and from a record to cookies.

use http::{HeaderMap, HeaderValue};

use crate::clock::Timestamp;
use crate::config::MOST_CHUNKS;
use crate::error::SessionError;
use crate::observe::{About, EventKind};
use crate::record::Packed;
use crate::seal::{KeyRing, Purpose};
use crate::state::Stored;
use crate::token::Token;
use crate::value::Key;

use super::core::Core;
use super::pairs::pairs;

/// What a cookie driver seals with, beside what all drivers share.
pub(crate) struct Seals {
    pub(crate) keys: KeyRing,
    pub(crate) purpose: Purpose,
    pub(crate) max_bytes: usize,
    /// Whether ended sessions are remembered in the core's driver.
    pub(crate) checked: bool,
    /// Whether that driver would drop what it remembers, if it were nobody's.
    pub(crate) guarded: bool,
}

/// The sealed sessions that a request presents, opened. The first, nearly always the only one, takes no allocation.
#[derive(Default)]
pub(crate) struct Presented {
    first: Option<Stored>,
    others: Vec<Stored>,
    /// Which chunks came: bit `n` for `name.n`.
    pub(super) chunks: u64,
}

/// The cookies of one name in a request, as they came.
struct Pieces<'h> {
    /// Values of the cookie itself, in the order of the request, each once.
    heads: [Option<&'h [u8]>; MOST_HEADS],
    /// By index from 1; `None` beside a set bit of `chunks` means that one came twice with different values.
    further: Vec<Option<&'h [u8]>>,
    chunks: u64,
}

impl Presented {
    pub(super) fn one(session: Stored) -> Self {
        Self { first: Some(session), ..Self::default() }
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = &Stored> {
        self.first.iter().chain(&self.others)
    }

    fn add(&mut self, session: Stored) {
        match &self.first {
            None => self.first = Some(session),
            Some(_) => self.others.push(session),
        }
    }
}

impl Seals {
    /// Opens what a request presents. What does not open is no session, and one event in all.
    pub(super) fn read(&self, core: &Core, headers: &HeaderMap) -> Presented {
        let pieces = Pieces::read(headers, core.cookies.name());
        let mut presented = Presented { chunks: pieces.chunks, ..Presented::default() };
        let mut closed = 0;
        for head in pieces.heads() {
            match pieces.joined(head).and_then(|text| self.open(core, &text)) {
                Some(session) => presented.add(session),
                None => closed += 1,
            }
        }
        if closed > 0 {
            core.tell(EventKind::SealRefused, About::count(closed));
        }
        presented
    }

    fn open(&self, core: &Core, text: &[u8]) -> Option<Stored> {
        self.keys.open(&self.purpose, text, |opened| {
            let Packed { selector, generation, record } = Packed::from_bytes(opened.content)?;
            if opened.is_old {
                core.tell(EventKind::OldKey, About { key: Some(opened.key), ..About::session(selector) });
            }
            Some(Stored { token: Token::naming(selector), record, generation })
        })
    }

    /// The cookies that carry the session; an error if they would take more than the limit.
    pub(super) fn seal(
        &self,
        core: &Core,
        stored: &Stored,
        now: Timestamp,
    ) -> Result<Vec<HeaderValue>, SessionError> {
        let packed = Packed {
            selector: stored.token.selector(),
            generation: stored.generation,
            record: stored.record.clone(),
        };
        let envelope = packed.write_to(KeyRing::envelope());
        let bytes = core.cookies.sealed_bytes(KeyRing::sealed_chars(envelope.len()));
        if bytes > self.max_bytes {
            let biggest =
                packed.record.biggest().cloned().unwrap_or(Key::from_static("the cookie's attributes"));
            return Err(SessionError::TooLarge { biggest, bytes, limit: self.max_bytes });
        }
        let sealed = self.keys.seal(&self.purpose, envelope, &*core.random)?;
        let metadata = stored.record.metadata();
        let max_age = core.cookies.age(metadata.deadlines.absolute.since(now), metadata.is_remembered());
        Ok(core.cookies.sealed(sealed.chars(), |line| sealed.write_to(line), max_age))
    }
}

impl<'h> Pieces<'h> {
    fn read(headers: &'h HeaderMap, name: &str) -> Self {
        let mut pieces = Self { heads: [None; MOST_HEADS], further: Vec::new(), chunks: 0 };
        for pair in pairs(headers) {
            match pair.strip_prefix(name.as_bytes()).and_then(<[u8]>::split_first) {
                Some((b'=', value)) => pieces.add_head(value),
                Some((b'.', rest)) => pieces.add_chunk(rest),
                _ => {}
            }
        }
        pieces
    }

    fn heads(&self) -> impl Iterator<Item = &'h [u8]> {
        self.heads.iter().copied().flatten()
    }

    fn add_head(&mut self, value: &'h [u8]) {
        if self.heads().any(|head| head == value) {
            return;
        }
        if let Some(place) = self.heads.iter_mut().find(|place| place.is_none()) {
            *place = Some(value);
        }
    }

    /// `rest` is what follows the dot: an index, the equals sign, and the value.
    fn add_chunk(&mut self, rest: &'h [u8]) {
        let Some(index_end) = memchr::memchr(b'=', rest) else { return };
        let (index, value) = (rest.get(..index_end).unwrap_or_default(), rest.get(index_end + 1..));
        let (Some(index), Some(value)) = (number(index), value) else { return };
        let bit = 1 << index;
        if self.further.len() < index {
            self.further.resize(index, None);
        }
        if let Some(place) = self.further.get_mut(index - 1) {
            let differs = self.chunks & bit != 0 && *place != Some(value);
            *place = (!differs).then_some(value);
        }
        self.chunks |= bit;
    }

    /// The whole text that begins with `head`, if all its chunks came, and each in one version.
    fn joined(&self, head: &'h [u8]) -> Option<std::borrow::Cow<'h, [u8]>> {
        let Some(dot) = head.iter().take(3).position(|byte| *byte == b'.') else {
            return Some(head.into());
        };
        let count = number(head.get(..dot)?).filter(|count| *count > 1)?;
        let mut text = head.get(dot + 1..)?.to_vec();
        for index in 1..count {
            text.extend_from_slice((*self.further.get(index - 1)?)?);
        }
        Some(text.into())
    }
}

/// A count or an index, from 1 to 63 or 64, without leading zeros.
fn number(digits: &[u8]) -> Option<usize> {
    let canonical = matches!(digits, [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
    let number: usize = std::str::from_utf8(digits).ok().filter(|_| canonical)?.parse().ok()?;
    (number < MOST_CHUNKS).then_some(number)
}

/// More would make one request a lever for much work.
const MOST_HEADS: usize = 4;

#[cfg(test)]
mod tests;
