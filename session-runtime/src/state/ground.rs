//! A session as it was loaded with what was recorded since: reads see both, commits are computed from both.

use std::collections::BTreeMap;

use crate::error::SessionError;
use crate::random::{RandomError, RandomSource};
use crate::record::{Addition, CsrfKey, Field, Fields, FlashEntry, NewFlash, Principal, Record};
use crate::value::{JsonText, Key};

use super::base::{Base, Ending, Stored};
use super::changes::{Changes, Privilege};
use super::pending::{Op, Pending, Step};

#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) base: Base,
    pub(crate) ending: Option<Box<Ending>>,
    pub(crate) changes: Changes,
}

impl Ground {
    pub(crate) const EMPTY: Self = Self { base: Base::ABSENT, ending: None, changes: Changes::EMPTY };

    pub(crate) const fn new(base: Base) -> Self {
        Self { base, ending: None, changes: Changes::EMPTY }
    }

    /// Whether nothing was recorded.
    pub(crate) fn rests(&self) -> bool {
        self.ending.is_none() && self.changes.is_empty()
    }

    /// The field as this request sees it: its own writes over what was loaded.
    pub(crate) fn view(&self, key: &str) -> Option<&JsonText> {
        match self.changes.fields.get(key) {
            Some(pending) => pending.view.as_ref(),
            None if self.changes.cleared => None,
            None => self.base.field(key).map(|field| &field.json),
        }
    }

    /// The same for a field that may still be stored under an older name.
    pub(crate) fn view_of(&self, key: &str, aliases: &[&str]) -> Option<&JsonText> {
        self.view(key).or_else(|| aliases.iter().find_map(|alias| self.view(alias)))
    }

    /// Every field as this request sees it, ordered by key.
    pub(crate) fn views(&self) -> BTreeMap<&Key, &JsonText> {
        let stored = self.base.fields().filter(|_| !self.changes.cleared).into_iter().flatten();
        let mut views: BTreeMap<&Key, &JsonText> = stored.map(|(key, field)| (key, &field.json)).collect();
        for (key, pending) in &self.changes.fields {
            match &pending.view {
                Some(json) => views.insert(key, json),
                None => views.remove(key),
            };
        }
        views
    }

    /// What the tokens of forms are made from: the stored session's key, or that of the session which the commit leads
    /// to, if it was drawn already.
    pub(crate) fn csrf_key(&self) -> Option<CsrfKey> {
        match self.base.record() {
            Some(record) if self.changes.privilege == Privilege::Unchanged => {
                Some(record.metadata().csrf_key)
            }
            _ => self.changes.csrf_key,
        }
    }

    /// Draws that key where the changes lead to a new one, so that whoever reads it during the commit reads the same.
    pub(crate) fn settle_csrf_key(&mut self, random: &dyn RandomSource) -> Result<(), RandomError> {
        let leads_to_another = match &self.base {
            Base::Stored(_) => self.changes.privilege != Privilege::Unchanged,
            _ => !self.changes.is_empty(),
        };
        if leads_to_another { self.changes.draw_csrf_key(random).map(drop) } else { Ok(()) }
    }

    pub(crate) fn principal(&self) -> Option<&Principal> {
        self.changes.privilege.login().or_else(|| self.base.principal())
    }

    /// Stores a value, or takes the field away, whatever is stored when the commit comes.
    pub(crate) fn put(
        &mut self,
        key: Key,
        aliases: &[&'static str],
        json: Option<JsonText>,
        survives: Option<bool>,
    ) {
        if json.is_none() && self.base.stored().is_none() && self.view_of(key.as_str(), aliases).is_none() {
            return;
        }
        for alias in aliases {
            if self.view(alias).is_some() {
                self.changes.fields.insert(Key::from_static(alias), Box::new(Pending::put(None, None)));
            }
        }
        let survives = survives.or_else(|| self.changes.fields.get(key.as_str())?.survives_logout);
        self.changes.fields.insert(key, Box::new(Pending::put(json, survives)));
    }

    /// Adds to a number in the store; what this request sees afterwards.
    pub(crate) fn add(
        &mut self,
        key: Key,
        aliases: &'static [&'static str],
        addition: Addition,
        survives: Option<bool>,
    ) -> Result<JsonText, SessionError> {
        let seen = addition.apply(self.view_of(key.as_str(), aliases));
        let sum = seen.map_err(|fault| SessionError::number(key.clone(), fault))?;
        self.step(key, aliases, Step::Add(addition), Some(sum.clone()), survives);
        Ok(sum)
    }

    /// Records a step that was computed to lead to `view`.
    pub(crate) fn step(
        &mut self,
        key: Key,
        aliases: &'static [&'static str],
        step: Step,
        view: Option<JsonText>,
        survives: Option<bool>,
    ) {
        if let Some(pending) = self.changes.fields.get_mut(key.as_str()) {
            return pending.then(step, view, survives);
        }
        let under_old_name = || aliases.iter().any(|alias| self.view(alias).is_some());
        let old_name = !aliases.is_empty() && self.view(key.as_str()).is_none() && under_old_name();
        let op = match step {
            _ if self.is_absolute() => Op::Put,
            Step::Add(addition) if !old_name => Op::Add(addition),
            step => Op::Replay(vec![step]),
        };
        for alias in aliases {
            if self.view(alias).is_none() {
                continue;
            }
            let forget = if self.is_absolute() { Op::Put } else { Op::Replay(vec![Step::Forget]) };
            let gone = Pending { view: None, op: forget, survives_logout: None, aliases: &[] };
            self.changes.fields.insert(Key::from_static(alias), Box::new(gone));
        }
        self.changes.fields.insert(key, Box::new(Pending { view, op, survives_logout: survives, aliases }));
    }

    /// Takes away every field that is stored when the commit comes.
    pub(crate) fn clear(&mut self) {
        self.changes.fields.clear();
        self.changes.cleared = true;
    }

    /// Whether results are known without the store: nothing is stored, or it was cleared.
    fn is_absolute(&self) -> bool {
        self.changes.cleared || self.base.stored().is_none()
    }

    /// Gives the session to `principal`: in place if it is nobody's or already his, else as a new one.
    pub(crate) fn login(&mut self, principal: Principal, arrived: &[FlashEntry]) {
        if self.base.principal().is_some_and(|present| *present != principal) {
            self.end(false, true, arrived);
        }
        self.changes.promote(Privilege::Login(Box::new(principal)));
    }

    /// Forgets a login that was refused, with what belongs to it: the session is as it was before.
    pub(crate) fn forget_login(&mut self) {
        match self.ending.take_if(|ending| !ending.asked_for) {
            // What was recorded since was for a session that is not to be.
            Some(ending) => {
                self.base = Base::Stored(ending.session);
                self.changes = self.changes.take_ending();
            }
            None => self.changes.forget_login(),
        }
    }

    /// Ends the session; what the request records from now on goes into a new one.
    pub(crate) fn end(&mut self, asked_for: bool, carries_over: bool, arrived: &[FlashEntry]) {
        let survivors = if carries_over { self.survivors() } else { Fields::new() };
        let ending = self.changes.take_ending();
        let changes = std::mem::replace(&mut self.changes, ending);
        if carries_over {
            let kept = arrived.iter().filter(|entry| changes.kept.contains(&entry.id));
            self.changes.reflashed = kept.map(NewFlash::again).chain(changes.reflashed).collect();
            self.changes.flashed = changes.flashed;
        }
        self.base = match std::mem::replace(&mut self.base, Base::ABSENT) {
            Base::Stored(session) => {
                self.ending = Some(Box::new(Ending { session, asked_for, carries_over }));
                Base::Renewed { survivors }
            }
            Base::Renewed { .. } => {
                if let Some(ending) = &mut self.ending {
                    ending.asked_for |= asked_for;
                    ending.carries_over &= carries_over;
                }
                Base::Renewed { survivors }
            }
            base @ (Base::Absent { .. } | Base::Lost(_)) => {
                let puts = survivors
                    .into_iter()
                    .map(|(key, field)| (key, Box::new(Pending::put(Some(field.json), Some(true)))));
                self.changes.fields = puts.collect();
                // Out of reach, the ending is dropped like any change, and whoever commits is told so.
                self.changes.cleared = matches!(base, Base::Lost(_));
                base
            }
        };
    }

    /// The fields that a logout carries over, as this request sees them.
    fn survivors(&self) -> Fields {
        let mut fields = self.fields_as_seen();
        fields.retain(|field| field.survives_logout);
        fields
    }

    /// All fields as this request sees them, with the class they are stored with.
    pub(crate) fn fields_as_seen(&self) -> Fields {
        let mut fields = self.base.fields().filter(|_| !self.changes.cleared).cloned().unwrap_or_default();
        for (key, pending) in &self.changes.fields {
            let Some(json) = pending.view.clone() else {
                fields.remove(key.as_str());
                continue;
            };
            let stored = || self.base.field(key.as_str()).map(|field| field.survives_logout);
            let survives_logout = pending.survives_logout.or_else(stored).unwrap_or_default();
            fields.insert(key.clone(), Field { json, survives_logout });
        }
        fields
    }

    /// What the request goes on with while its changes are on their way into the store.
    pub(crate) fn preview(&self) -> Self {
        let base = match &self.base {
            Base::Stored(Stored { token, record, generation }) => {
                let mut metadata = record.metadata().clone();
                metadata.principal = self.principal().cloned();
                metadata.csrf_key = self.changes.csrf_key.unwrap_or(metadata.csrf_key);
                let record = Record::new(metadata, self.fields_as_seen(), Vec::new());
                Base::Stored(Stored { token: *token, record, generation: *generation })
            }
            Base::Absent { .. } | Base::Renewed { .. } => Base::Renewed { survivors: self.fields_as_seen() },
            lost @ Base::Lost(_) => lost.clone(),
        };
        let changes = Changes { csrf_key: self.changes.csrf_key, ..Changes::EMPTY };
        Self { base, ending: None, changes }
    }
}
