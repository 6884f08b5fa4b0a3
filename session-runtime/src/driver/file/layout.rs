//! Where files lie and what they are called. Names are made from the bytes of selectors and principal keys alone, in
//! hexadecimal: file systems that take capitals for small letters would mix up base64.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::record::PrincipalKey;
use crate::token::Selector;

/// A location: `sessions` and `principals`, each with a folder per first byte of the names in it.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

/// One folder with its lock. Whoever locks several takes the lowest first, so that nobody waits in a ring: the
/// principal's always before the session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shard {
    Principals(u8),
    Sessions(u8),
}

/// What a file in a shard is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Record(Selector),
    Grave(Selector),
    Entry(PrincipalKey),
    /// A file that was to be renamed. It is made and renamed under the lock of its shard.
    Unfinished,
}

impl Layout {
    pub(super) const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The two folders that hold the shards.
    pub(super) fn halls(&self) -> [PathBuf; 2] {
        [self.root.join(SESSIONS), self.root.join(PRINCIPALS)]
    }

    /// Whether the location is still what was opened: one that was moved away or unmounted holds no sessions, and has lost
    /// none.
    pub(super) fn is_there(&self) -> bool {
        self.halls().iter().all(|hall| hall.is_dir())
    }

    pub(super) fn folder(&self, shard: Shard) -> PathBuf {
        let (hall, number) = match shard {
            Shard::Sessions(number) => (SESSIONS, number),
            Shard::Principals(number) => (PRINCIPALS, number),
        };
        self.root.join(hall).join(hex(&[number]))
    }

    pub(super) fn lock(&self, shard: Shard) -> PathBuf {
        self.folder(shard).join("lock")
    }

    pub(super) fn record(&self, selector: &Selector) -> PathBuf {
        self.file(Shard::of(selector), selector.as_bytes(), DOCUMENT)
    }

    pub(super) fn grave(&self, selector: &Selector) -> PathBuf {
        self.file(Shard::of(selector), selector.as_bytes(), GRAVE)
    }

    pub(super) fn entry(&self, principal: &PrincipalKey) -> PathBuf {
        self.file(Shard::of_principal(principal), principal.as_bytes(), DOCUMENT)
    }

    fn file(&self, shard: Shard, name: &[u8], extension: &str) -> PathBuf {
        self.folder(shard).join(format!("{}.{extension}", hex(name)))
    }
}

impl Shard {
    pub(super) const fn of(selector: &Selector) -> Self {
        let [first, ..] = *selector.as_bytes();
        Self::Sessions(first)
    }

    pub(super) const fn of_principal(principal: &PrincipalKey) -> Self {
        let [first, ..] = *principal.as_bytes();
        Self::Principals(first)
    }

    /// All shards in one row, for whoever walks them.
    pub(super) fn at(place: usize) -> Option<Self> {
        let number = u8::try_from(place % SHARDS).ok()?;
        match place / SHARDS {
            0 => Some(Self::Sessions(number)),
            1 => Some(Self::Principals(number)),
            _ => None,
        }
    }

    /// This shard's place in the row.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Sessions(number) => usize::from(number),
            Self::Principals(number) => SHARDS + usize::from(number),
        }
    }

    /// What `name` is here; `None` for names that are not ours.
    pub(super) fn read_name(self, name: &str) -> Option<Named> {
        let (stem, extension) = name.rsplit_once('.')?;
        if extension == UNFINISHED {
            return Some(Named::Unfinished);
        }
        let named = match (self, extension) {
            (Self::Sessions(_), DOCUMENT) => Named::Record(selector(stem)?),
            (Self::Sessions(_), GRAVE) => Named::Grave(selector(stem)?),
            (Self::Principals(_), DOCUMENT) => Named::Entry(PrincipalKey::from_bytes(unhex(stem)?)),
            _ => return None,
        };
        let home = match &named {
            Named::Entry(principal) => Self::of_principal(principal),
            Named::Record(selector) | Named::Grave(selector) => Self::of(selector),
            Named::Unfinished => self,
        };
        (home == self).then_some(named)
    }
}

/// A selector as it is written in names and in the index.
pub(super) fn selector_text(selector: &Selector) -> String {
    hex(selector.as_bytes())
}

pub(super) fn selector(text: &str) -> Option<Selector> {
    unhex(text).map(Selector::from_bytes)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 2 * N || !text.bytes().all(small) {
        return None;
    }
    let mut bytes = [0; N];
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

const SHARDS: usize = 256;
/// How many shards there are, of both kinds.
pub(super) const PLACES: usize = 2 * SHARDS;
const SESSIONS: &str = "sessions";
const PRINCIPALS: &str = "principals";
const DOCUMENT: &str = "json";
const GRAVE: &str = "gone";
pub(super) const UNFINISHED: &str = "tmp";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_name_reads_back_as_what_it_was_made_of() {
        let layout = Layout::new(PathBuf::from("/place"));
        let selector = Selector::from_bytes(*b"\x00\xff0123456789abcd");
        let principal = PrincipalKey::from_bytes([0xab; 32]);
        let files = [
            (layout.record(&selector), Shard::of(&selector), Named::Record(selector)),
            (layout.grave(&selector), Shard::of(&selector), Named::Grave(selector)),
            (layout.entry(&principal), Shard::of_principal(&principal), Named::Entry(principal)),
        ];
        for (path, shard, named) in files {
            assert!(path.starts_with(layout.folder(shard)));
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            assert_eq!(shard.read_name(name), Some(named));
            assert_eq!(shard.read_name(&name.to_uppercase()), None);
        }
    }

    #[test]
    fn names_that_are_not_ours_are_nothing() {
        let shard = Shard::Sessions(0);
        let elsewhere = format!("{}.json", hex(&[1; 16]));
        let long = format!("{}.json", hex(&[0; 17]));
        for name in ["lock", "", ".json", "00.json", "..", "é.json", &*elsewhere, &*long] {
            assert_eq!(shard.read_name(name), None, "{name}");
        }
        assert_eq!(shard.read_name("a1.tmp"), Some(Named::Unfinished));
    }

    #[test]
    fn every_place_is_a_shard_of_its_own() {
        let layout = Layout::new(PathBuf::from("/place"));
        let shards: Vec<Shard> = (0..PLACES).filter_map(Shard::at).collect();
        assert_eq!(shards.iter().map(|shard| layout.folder(*shard)).collect::<HashSet<_>>().len(), PLACES);
        assert!(shards.iter().enumerate().all(|(place, shard)| shard.place() == place));
        assert_eq!(Shard::at(PLACES), None);
    }
}
