//! The state of one request: what was loaded, what was recorded, and how far the request has come.

use std::collections::BTreeMap;

use http::HeaderValue;

use crate::clock::Timestamp;
use crate::record::FlashEntry;
use crate::schema::{FieldInfo, FieldKind};
use crate::token::{Selector, Token};
use crate::value::{JsonText, Key};

use super::base::Base;
use super::csrf::CsrfState;
use super::ground::Ground;

/// What a request may do; of several extractions the strongest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// The session was not asked for.
    #[default]
    None,
    Read,
    Write,
}

/// How far the request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The store was not asked yet.
    #[default]
    Unloaded,
    Open,
    /// The response head is on its way: nothing can be recorded any more.
    Finished,
}

/// Whose turn it is among the commits of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Free,
    /// A commit is on its way.
    Taken,
    /// A commit may have been applied or not, and nobody has been told.
    AnswerLost,
}

/// What the response tells the browser about its cookie.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    Live {
        token: Token,
        until: Timestamp,
    },
    /// The lines that carry a whole sealed session.
    Sealed(Vec<HeaderValue>),
    Removal,
}

/// The schemas of one request; the first, nearly always the only one, takes no allocation.
#[derive(Debug)]
pub(crate) struct Schemas {
    first: &'static [FieldInfo],
    others: Vec<&'static [FieldInfo]>,
}

impl Schemas {
    const NONE: Self = Self { first: &[], others: Vec::new() };

    pub(crate) fn add(&mut self, fields: &'static [FieldInfo]) {
        if self.first.is_empty() {
            self.first = fields;
        } else if !std::ptr::eq(self.first, fields)
            && !self.others.iter().any(|other| std::ptr::eq(*other, fields))
        {
            self.others.push(fields);
        }
    }

    /// Whether one of the schemas keeps its principal under this key.
    pub(crate) fn reserve(&self, key: &str) -> bool {
        self.fields().any(|field| field.kind == FieldKind::Principal && field.key == key)
    }

    /// Whether one of the schemas calls the field secret.
    pub(crate) fn hide(&self, key: &str) -> bool {
        self.fields().any(|field| field.secret && (field.key == key || field.aliases.contains(&key)))
    }

    fn fields(&self) -> impl Iterator<Item = &FieldInfo> {
        self.first.iter().chain(self.others.iter().copied().flatten())
    }
}

#[derive(Debug)]
pub(crate) struct RequestState {
    pub(crate) ground: Ground,
    /// Flash that came with the loaded record.
    pub(crate) arrived: Vec<FlashEntry>,
    /// The session it came with.
    pub(crate) arrived_with: Option<Selector>,
    /// Flash for this request only.
    pub(crate) now: BTreeMap<Key, JsonText>,
    pub(crate) access: Access,
    pub(crate) phase: Phase,
    /// What commits so far decided about the cookie; the last decision counts.
    pub(crate) cookie: Option<CookieChange>,
    pub(crate) turn: Turn,
    /// Which chunks of a sealed session's cookie the browser holds: bit `n` for `name.n`.
    pub(crate) chunks: u64,
    /// Whether a session existed when it was loaded.
    pub(crate) existed: bool,
    /// Whether a commit of this request already replaced the secret.
    pub(crate) rotated: bool,
    /// The schemas that the session was extracted by.
    pub(crate) schemas: Schemas,
    /// The tokens of its forms.
    pub(crate) csrf: CsrfState,
    /// Counts recorded operations, so that whoever computed something can see whether the ground has moved.
    pub(crate) revision: u64,
}

impl RequestState {
    pub(crate) const fn new() -> Self {
        Self {
            ground: Ground::EMPTY,
            arrived: Vec::new(),
            arrived_with: None,
            now: BTreeMap::new(),
            access: Access::None,
            phase: Phase::Unloaded,
            cookie: None,
            turn: Turn::Free,
            chunks: 0,
            existed: false,
            rotated: false,
            schemas: Schemas::NONE,
            csrf: CsrfState::EMPTY,
            revision: 0,
        }
    }

    /// Takes over what was loaded, unless another extractor of the request was faster.
    pub(crate) fn start(&mut self, base: Base, chunks: u64) {
        if self.phase != Phase::Unloaded {
            return;
        }
        self.phase = Phase::Open;
        self.chunks = chunks;
        self.existed = base.stored().is_some();
        self.arrived = base.record().map(|record| record.flash().to_vec()).unwrap_or_default();
        self.arrived_with = base.stored().map(|stored| stored.token.selector());
        self.ground = Ground::new(base);
    }

    /// Arrived flash that is still stored in the session as it is now, and so may be consumed: a new session, after a
    /// logout for instance, has other entries under the same ids.
    pub(crate) fn arrived_in_base(&self) -> &[FlashEntry] {
        let selector = self.ground.base.stored().map(|stored| stored.token.selector());
        if selector == self.arrived_with { &self.arrived } else { &[] }
    }

    /// Flash under `key`: this request's own `now`, or the latest that arrived.
    pub(crate) fn flash(&self, key: &str) -> Option<&JsonText> {
        let arrived = || self.arrived.iter().rev().find(|entry| entry.key.as_str() == key);
        self.now.get(key).or_else(|| arrived().map(|entry| &entry.json))
    }
}
