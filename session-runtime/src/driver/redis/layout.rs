//! How a session lies in Redis: the names of keys, and the one value that is a record.
//!
//! A live session's value begins with a line that scripts can read, `1<revision> <deadline> <owner>`, where the revision
//! has 16 hexadecimal digits and the owner is the principal's key or `-`; the packed record follows. A destroyed one
//! reads `0 <until>` for as long as it is remembered.

use std::io::Write as _;
use std::num::NonZeroU64;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::Timestamp;
use crate::driver::contract::Owner;
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
        let mut name = String::with_capacity(self.session.len() + CODED_SELECTOR);
        name.push_str(&self.session);
        URL_SAFE_NO_PAD.encode_string(selector.as_bytes(), &mut name);
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
    // Writing to a vector cannot fail.
    let _ = write!(value, "1{revision:016x} {} ", metadata.deadlines.effective().unix_millis());
    let _ = match &metadata.principal {
        Some(principal) => writeln!(value, "{}", principal.key()),
        None => writeln!(value, "{NOBODY}"),
    };
    Packed { selector: *selector, generation: 0, record: record.clone() }.write_to(value)
}

/// The value of a destroyed session.
pub(super) fn destroyed(until: Timestamp) -> String {
    format!("0 {}", until.unix_millis())
}

/// How the value of this revision begins, in [`MARK`] bytes.
pub(super) fn mark(revision: NonZeroU64) -> String {
    format!("1{revision:016x}")
}

/// What a value says before the record.
#[derive(Debug, PartialEq)]
pub(super) enum Standing<'a> {
    Live {
        revision: NonZeroU64,
        deadline: Timestamp,
        /// As [`Display`](std::fmt::Display) of the principal's key tells it.
        owner: Option<&'a str>,
    },
    /// The session was destroyed; remembered until then.
    Destroyed(Timestamp),
}

/// Reads a value, or the first [`MOST_HEAD`] bytes of one: what it says, and the rest.
pub(super) fn standing(value: &[u8]) -> Option<(Standing<'_>, &[u8])> {
    if let Some(until) = value.strip_prefix(b"0 ") {
        return Some((Standing::Destroyed(time(text(until)?)?), &[]));
    }
    let end = value.iter().take(MOST_HEAD).position(|byte| *byte == b'\n')?;
    let (head, rest) = value.split_at_checked(end)?;
    let (revision, words) = text(head.strip_prefix(b"1")?)?.split_at_checked(MARK - 1)?;
    let (deadline, owner) = words.strip_prefix(' ')?.split_once(' ')?;
    let standing = Standing::Live {
        revision: u64::from_str_radix(revision, 16).ok().and_then(NonZeroU64::new)?,
        deadline: time(deadline)?,
        owner: (owner != NOBODY).then_some(owner),
    };
    Some((standing, rest.get(1..)?))
}

/// Reads the value of a session, which says itself whose it is; none of one that was destroyed.
pub(super) fn record(selector: &Selector, value: &[u8]) -> Result<Option<Record>, Damaged> {
    let (standing, rest) = standing(value).ok_or(Damaged)?;
    let Standing::Live { revision, .. } = standing else { return Ok(None) };
    let packed = Packed::from_bytes(rest).filter(|packed| packed.selector == *selector);
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
pub(super) const MARK: usize = 17;
/// More than the longest first line: a mark, twenty digits, a principal's key, spaces.
pub(super) const MOST_HEAD: usize = 96;
const NOBODY: &str = "-";
const CODED_SELECTOR: usize = 22;

#[cfg(test)]
mod tests;
