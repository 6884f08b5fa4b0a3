//! How a session lies in Redis: the names of keys, and the one value that is a record.
//!
//! A live session's value begins with what scripts can read: `1`, the revision in eight bytes, then the deadline, a space,
//! the owner and a line feed, where the owner is the principal's key or `-`; the packed record follows. A destroyed one
//! reads `0 <until>` for as long as it is remembered.

use std::num::NonZeroU64;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::Timestamp;
use crate::driver::answers::Owner;
use crate::record::{Packed, PrincipalKey, Record};
use crate::token::Selector;

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
        let mut coded = [0; CODED_SELECTOR];
        let written = URL_SAFE_NO_PAD.encode_slice(selector.as_bytes(), &mut coded).unwrap_or_default();
        let mut name = String::with_capacity(self.session.len() + CODED_SELECTOR);
        name.push_str(&self.session);
        name.push_str(coded.get(..written).and_then(text).unwrap_or_default());
        name
    }

    pub(super) fn index(&self, principal: &PrincipalKey) -> String {
        format!("{}{principal}", self.index)
    }
}

/// The value of a live session.
pub(super) fn live(selector: &Selector, record: &Record, revision: NonZeroU64) -> Vec<u8> {
    let metadata = record.metadata();
    let mut value = Vec::with_capacity(MOST_HEAD + record.size());
    value.extend_from_slice(&mark(revision));
    let deadline = metadata.deadlines.effective().unix_millis();
    value.extend_from_slice(itoa::Buffer::new().format(deadline).as_bytes());
    value.push(b' ');
    match &metadata.principal {
        Some(principal) => value.extend_from_slice(principal.key().to_string().as_bytes()),
        None => value.extend_from_slice(NOBODY.as_bytes()),
    }
    value.push(b'\n');
    Packed { selector: *selector, generation: 0, record: record.clone() }.write_to(value)
}

/// The value of a destroyed session.
pub(super) fn destroyed(until: Timestamp) -> String {
    format!("0 {}", until.unix_millis())
}

/// How the value of this revision begins.
pub(super) fn mark(revision: NonZeroU64) -> [u8; MARK] {
    let mut mark = [LIVE; MARK];
    for (byte, of) in mark.iter_mut().skip(1).zip(revision.get().to_be_bytes()) {
        *byte = of;
    }
    mark
}

/// What a value says before the record.
#[derive(Debug, PartialEq)]
pub(super) enum Standing<'a> {
    Live {
        deadline: Timestamp,
        /// As [`Display`](std::fmt::Display) of the principal's key tells it.
        owner: Option<&'a str>,
    },
    /// The session was destroyed; remembered until then.
    Destroyed(Timestamp),
}

/// Reads a value, or the first [`MOST_HEAD`] bytes of one.
pub(super) fn standing(value: &[u8]) -> Option<Standing<'_>> {
    if let Some(until) = value.strip_prefix(DESTROYED) {
        return time(text(until)?).map(Standing::Destroyed);
    }
    let (_, words, _) = split(value)?;
    let (deadline, owner) = text(words)?.split_once(' ')?;
    Some(Standing::Live { deadline: time(deadline)?, owner: (owner != NOBODY).then_some(owner) })
}

/// The revision of a live session's value, the words after it, and the packed record.
fn split(value: &[u8]) -> Option<(NonZeroU64, &[u8], &[u8])> {
    let ([LIVE, revision @ ..], rest) = value.split_first_chunk::<MARK>()? else { return None };
    let revision = NonZeroU64::new(u64::from_be_bytes(*revision))?;
    let (words, packed) = rest.split_at_checked(memchr::memchr(b'\n', rest)?)?;
    Some((revision, words, packed.get(1..)?))
}

/// Reads the value of a session, which says itself whose it is; none of one that was destroyed.
pub(super) fn record(selector: &Selector, value: &[u8]) -> Result<Option<Record>, Damaged> {
    let Some((revision, _, packed)) = split(value) else {
        return if standing(value).is_some() { Ok(None) } else { Err(Damaged) };
    };
    let packed = Packed::from_bytes(packed).filter(|packed| packed.selector == *selector);
    Ok(Some(packed.ok_or(Damaged)?.record.with_revision(revision)))
}

/// What lies there was not filed by a driver of this version, or was changed since.
#[derive(Debug, PartialEq)]
pub(super) struct Damaged;

/// An owner as scripts compare it.
pub(super) fn owner(owner: Owner<'_>) -> String {
    match owner {
        Owner::Anyone => "*".to_owned(),
        Owner::Nobody => NOBODY.to_owned(),
        Owner::Principal(principal) => principal.to_string(),
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_unix_millis)
}

/// Bytes that tell the format and the revision.
const MARK: usize = 9;
const LIVE: u8 = b'1';
const DESTROYED: &[u8] = b"0 ";
/// More than the longest beginning: a mark, twenty digits, a space, a principal's key, a line feed.
pub(super) const MOST_HEAD: usize = 96;
const NOBODY: &str = "-";
const CODED_SELECTOR: usize = 22;

#[cfg(test)]
mod tests;
