//! The state of one request: what was loaded, what was recorded, and how far the request has come.

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderValue;

use crate::clock::Timestamp;
use crate::config::{Activity, Policy};
use crate::record::{FlashEntry, NewFlash, Record};
use crate::schema::{FieldInfo, FieldKind};
use crate::token::{Selector, Token};
use crate::value::{JsonText, Key};

use super::base::Base;
use super::changes::Changes;
use super::csrf::CsrfState;
use super::fate::Fate;
use super::ground::Ground;

/// What a request may do; of several extractions the strongest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// The session was not asked for.
    #[default]
    None,
    Read,
    /// What `Write` may, without counting as activity: neither touches nor consumes flash.
    Passive,
    Write,
}

impl Access {
    /// Whether such a request keeps its session alive.
    pub(crate) fn is_activity(self, activity: Activity) -> bool {
        match activity {
            Activity::OnLoad => self == Self::Write,
            Activity::OnChange => false,
            Activity::EveryRequest => self != Self::Passive,
        }
    }
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
}

/// What the response tells the browser about its cookie.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    Live {
        token: Token,
        until: Timestamp,
        /// Whether it is kept beyond the end of the browser, however cookies are kept by default.
        remembered: bool,
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

#[expect(clippy::struct_excessive_bools, reason = "each says one thing, and none depends on another")]
#[derive(Debug)]
pub(crate) struct RequestState {
    pub(crate) ground: Ground,
    /// Flash that came with the loaded record, and whose time has not passed.
    pub(crate) arrived: Vec<FlashEntry>,
    /// Entries that wait to be read, and were read in this request or whose time has passed.
    pub(crate) spent: BTreeSet<u64>,
    /// Whether this request is none that shows anything to anybody: arrived flash stays for the next one.
    pub(crate) spares_flash: bool,
    /// What its browser calls itself.
    pub(crate) agent: Option<HeaderValue>,
    /// Where it comes from, if the application said so.
    pub(crate) address: Option<Box<str>>,
    /// The session it came with.
    pub(crate) arrived_with: Option<Selector>,
    /// Flash for this request only.
    pub(crate) now: BTreeMap<Key, JsonText>,
    pub(crate) access: Access,
    /// Whether it was marked as one that is no activity, whatever it may do.
    pub(crate) passive: bool,
    pub(crate) phase: Phase,
    /// What commits so far decided about the cookie; the last decision counts.
    pub(crate) cookie: Option<CookieChange>,
    pub(crate) turn: Turn,
    /// How many commits were begun.
    pub(crate) commits: u32,
    /// How many of them may have been applied or not, and nobody has been told.
    pub(crate) unheard: u32,
    /// Which chunks of a sealed session's cookie the browser holds: bit `n` for `name.n`.
    pub(crate) chunks: u64,
    /// When the session was loaded, if there was any.
    pub(crate) loaded_at: Option<Timestamp>,
    /// What became of the session that it came with, if it is none any more and that was seen by loading it.
    pub(crate) past: Option<Fate>,
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
            spent: BTreeSet::new(),
            spares_flash: false,
            agent: None,
            address: None,
            arrived_with: None,
            now: BTreeMap::new(),
            access: Access::None,
            passive: false,
            phase: Phase::Unloaded,
            cookie: None,
            turn: Turn::Free,
            commits: 0,
            unheard: 0,
            chunks: 0,
            loaded_at: None,
            past: None,
            existed: false,
            rotated: false,
            schemas: Schemas::NONE,
            csrf: CsrfState::EMPTY,
            revision: 0,
        }
    }

    /// Takes over what was loaded, and judged at this time, unless another extractor of the request was faster.
    pub(crate) fn start(&mut self, base: Base, chunks: u64, at: Option<Timestamp>) {
        if self.phase != Phase::Unloaded {
            return;
        }
        self.phase = Phase::Open;
        self.chunks = chunks;
        self.loaded_at = at;
        self.existed = base.stored().is_some();
        for entry in base.record().map(Record::flash).unwrap_or_default() {
            if entry.until.is_some_and(|until| Some(until) <= at) {
                self.spent.insert(entry.id);
            } else {
                self.arrived.push(entry.clone());
            }
        }
        self.arrived_with = base.stored().map(|stored| stored.token.selector());
        self.ground.base = base;
    }

    /// Whether the request leaves a stored session as it found it, and when it was loaded it had been active
    /// recently enough and nothing was due on its secret.
    pub(crate) fn rests(&self, policy: &Policy) -> bool {
        let (Some(at), Some(stored)) = (self.loaded_at, self.ground.base.stored()) else {
            return false;
        };
        let access = self.counts_as();
        let counts = access.is_activity(policy.activity);
        self.ground.rests()
            && self.arrived.is_empty()
            && self.spent.is_empty()
            && !policy.touch_due(counts, stored.record.metadata(), at)
            && (access < Access::Write || stored.secret_due(policy, at).is_none())
    }

    /// Whether it matters if the response is shown to anybody: flash has arrived, or a new secret may go out with it.
    pub(crate) fn depends_on_being_shown(&self, policy: &Policy) -> bool {
        policy.renew_every.is_some() || !self.arrived.is_empty() || !self.spent.is_empty()
    }

    /// What the request counts as.
    pub(crate) const fn counts_as(&self) -> Access {
        if self.passive { Access::Passive } else { self.access }
    }

    /// Whether a response may carry a renewed secret: it is one that is shown to somebody, and carries none already.
    pub(crate) const fn may_renew(&self) -> bool {
        !self.spares_flash && !self.rotated && self.cookie.is_none()
    }

    /// Ids of the flash that is gone after this request, unless it is kept. It is still stored in the session as it is
    /// now: a new session, after a logout for instance, has other entries under the same ids.
    pub(crate) fn consumable(&self) -> Vec<u64> {
        let selector = self.ground.base.stored().map(|stored| stored.token.selector());
        if self.spares_flash || selector != self.arrived_with {
            return Vec::new();
        }
        let once = self.arrived.iter().filter(|entry| entry.until.is_none());
        once.map(|entry| entry.id).chain(self.spent.iter().copied()).collect()
    }

    /// Flash under `key`: this request's own `now`, or the latest that arrived.
    pub(crate) fn flash(&self, key: &str) -> Option<&JsonText> {
        self.now.get(key).or_else(|| self.latest(key))
    }

    /// The same for whoever shows it: what waited to be read has been read then.
    pub(crate) fn read_flash(&mut self, key: &str) -> Option<JsonText> {
        if let Some(now) = self.now.get(key) {
            return Some(now.clone());
        }
        self.spend(key);
        self.latest(key).cloned()
    }

    /// Leaves a value for later requests, in the place of what waits under its key to be read.
    pub(crate) fn leave(&mut self, new: NewFlash) {
        self.spend(new.key.as_str());
        self.ground.changes.flash(new);
    }

    /// Takes away what this request left under `key` and what arrived under it, though it was kept.
    pub(crate) fn discard(&mut self, key: &str) {
        self.now.remove(key);
        let Changes { flashed, reflashed, kept, .. } = &mut self.ground.changes;
        flashed.retain(|new| new.key.as_str() != key);
        reflashed.retain(|new| new.key.as_str() != key);
        for entry in self.arrived.extract_if(.., |entry| entry.key.as_str() == key) {
            kept.remove(&entry.id);
            self.spent.insert(entry.id);
        }
    }

    /// Notes that what waits under `key` to be read was read.
    pub(crate) fn spend(&mut self, key: &str) {
        let waiting = self.arrived.iter().filter(|entry| entry.until.is_some() && entry.key.as_str() == key);
        self.spent.extend(waiting.map(|entry| entry.id));
    }

    /// The latest that arrived under `key`.
    pub(crate) fn latest(&self, key: &str) -> Option<&JsonText> {
        self.arrived.iter().rev().find(|entry| entry.key.as_str() == key).map(|entry| &entry.json)
    }
}
