//! Everything that a request recorded since it loaded its session or since its last commit.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::SessionError;
use crate::random::{RandomError, RandomSource};
use crate::record::{CsrfKey, NewFlash, Principal, Record};
use crate::value::{JsonText, Key};

use super::pending::{Op, Pending};
use super::seldom::Seldom;

#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Whether everything stored goes away before the pending fields are applied.
    pub(crate) cleared: bool,
    /// In boxes, so that the leaf of a map is not larger than what allocators are quick with.
    pub(crate) fields: BTreeMap<Key, Box<Pending>>,
    /// Flash that arrived and goes on in another form; put before `flashed`, which so wins under the same key.
    pub(crate) reflashed: Vec<NewFlash>,
    /// Values for later requests, in call order, each key once.
    pub(crate) flashed: Vec<NewFlash>,
    /// Arrived flash entries that are kept for one more request.
    pub(crate) kept: BTreeSet<u64>,
    pub(crate) privilege: Privilege,
    /// What the tokens of forms are made from in the session that the commit leads to, if that is known already: a page
    /// with a form may be written before the session is stored.
    pub(crate) csrf_key: Option<CsrfKey>,
    /// In a box, since few requests say any of it and each moves what it says several times.
    pub(super) seldom: Option<Box<Seldom>>,
}

/// How the request changes who may do what.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Privilege {
    #[default]
    Unchanged,
    /// The secret is replaced.
    Regenerate,
    /// The principal proved anew who he is.
    Elevate,
    /// The session belongs to this principal.
    Login(Box<Principal>),
}

impl Privilege {
    pub(crate) fn login(&self) -> Option<&Principal> {
        match self {
            Self::Login(principal) => Some(principal),
            _ => None,
        }
    }
}

impl Changes {
    pub(crate) const EMPTY: Self = Self {
        cleared: false,
        fields: BTreeMap::new(),
        reflashed: Vec::new(),
        flashed: Vec::new(),
        kept: BTreeSet::new(),
        privilege: Privilege::Unchanged,
        csrf_key: None,
        seldom: None,
    };

    pub(crate) fn is_empty(&self) -> bool {
        let nothing = !self.cleared && self.fields.is_empty() && !self.flashes();
        nothing && self.privilege == Privilege::Unchanged && *self.seldom() == NOTHING
    }

    /// What few requests say.
    pub(crate) fn seldom(&self) -> &Seldom {
        self.seldom.as_deref().unwrap_or(&NOTHING)
    }

    pub(crate) fn seldom_mut(&mut self) -> &mut Seldom {
        self.seldom.get_or_insert_default()
    }

    /// What is left of them where their session ends, or is not to be.
    pub(crate) fn take_ending(&mut self) -> Self {
        let seldom = self.seldom.take().map(|seldom| Box::new(seldom.only_ending()));
        Self { seldom, ..Self::EMPTY }
    }

    /// Forgets a login, and what it says of the session.
    pub(crate) fn forget_login(&mut self) {
        self.seldom = self.take_ending().seldom;
        self.privilege = Privilege::Unchanged;
        self.csrf_key = None;
    }

    /// What is left of changes that may have been carried out, when `later` ones are carried on: the end of other
    /// sessions, which can be asked for twice.
    pub(crate) fn only_ending(mut self, later: Self) -> Self {
        Self { seldom: followed_by(self.take_ending().seldom, later.seldom), ..later }
    }

    /// Whether something is left for a later request.
    pub(crate) fn flashes(&self) -> bool {
        !self.reflashed.is_empty() || !self.flashed.is_empty()
    }

    /// All flash that is to be put, in the order in which it gets its ids.
    pub(crate) fn put(&self) -> impl Iterator<Item = &NewFlash> {
        self.reflashed.iter().chain(&self.flashed)
    }

    /// Leaves a value for later requests, in place of what was left under its key before.
    pub(crate) fn flash(&mut self, new: NewFlash) {
        self.flashed.retain(|before| before.key != new.key);
        self.flashed.push(new);
    }

    /// Changes the privilege. A key of forms that was drawn for the session before that is not the new one's.
    pub(crate) fn promote(&mut self, privilege: Privilege) {
        if self.privilege != privilege {
            self.privilege = privilege;
            self.csrf_key = None;
        }
    }

    /// The key of forms of the session that the commit leads to, drawn at the first call.
    pub(crate) fn draw_csrf_key(&mut self, random: &dyn RandomSource) -> Result<CsrfKey, RandomError> {
        match self.csrf_key {
            Some(key) => Ok(key),
            None => Ok(*self.csrf_key.insert(CsrfKey::random(random)?)),
        }
    }

    /// The text that the pending field under `key` starts from in `record`.
    pub(crate) fn stored<'r>(
        &self,
        record: &'r Record,
        key: &str,
        pending: &Pending,
    ) -> Option<&'r JsonText> {
        if self.cleared {
            return None;
        }
        let own = record.field(key);
        let old_name = || pending.aliases.iter().find_map(|alias| record.field(alias));
        own.or_else(old_name).map(|field| &field.json)
    }

    /// Whether a conflict can be answered by computing the changes anew.
    pub(crate) fn replays(&self) -> bool {
        self.fields.values().any(|pending| matches!(pending.op, Op::Replay(_)))
    }

    /// Computes every pending field anew from `record`. Runs code of the application: hold no lock.
    pub(crate) fn replay(&mut self, record: &Record) -> Result<(), SessionError> {
        let mut fields = std::mem::take(&mut self.fields);
        let outcome = fields.iter_mut().try_for_each(|(key, pending)| {
            let stored = self.stored(record, key.as_str(), pending);
            pending.replay(key, stored)
        });
        self.fields = fields;
        outcome
    }

    /// Computes every pending field anew where nothing is stored. Runs code of the application: hold no lock.
    pub(crate) fn replay_on_nothing(&mut self) -> Result<(), SessionError> {
        self.cleared = false;
        self.kept.clear();
        self.fields.iter_mut().try_for_each(|(key, pending)| pending.replay(key, None))
    }

    /// These changes and then `later` ones, which were recorded on top of them.
    pub(crate) fn followed_by(mut self, later: Self) -> Self {
        if later.cleared {
            self.cleared = true;
            self.fields.clear();
        }
        for (key, mut newer) in later.fields {
            if self.cleared {
                // On cleared ground every result is known; what was recorded on the way may not have known it.
                newer.op = Op::Put;
            }
            match self.fields.get_mut(&key) {
                Some(older) => older.absorb(*newer),
                None => drop(self.fields.insert(key, newer)),
            }
        }
        self.reflashed.extend(later.reflashed);
        later.flashed.into_iter().for_each(|new| self.flash(new));
        self.kept.extend(later.kept);
        // A login that is still to come is all that a later rotation asks for.
        let is_login = self.privilege.login().is_some() && later.privilege.login().is_none();
        if later.privilege != Privilege::Unchanged && !is_login {
            self.privilege = later.privilege;
            self.csrf_key = later.csrf_key;
        }
        self.csrf_key = self.csrf_key.or(later.csrf_key);
        self.seldom = followed_by(self.seldom, later.seldom);
        self
    }
}

static NOTHING: Seldom = Seldom::NOTHING;

fn followed_by(before: Option<Box<Seldom>>, later: Option<Box<Seldom>>) -> Option<Box<Seldom>> {
    match (before, later) {
        (Some(before), Some(later)) => Some(Box::new(before.followed_by(*later))),
        (before, later) => later.or(before),
    }
}

#[cfg(test)]
mod tests;
