//! Flash that arrived and is carried on: whole entries are kept, parts of them are put anew.

use crate::error::SessionError;
use crate::record::{FlashEntry, NewFlash};
use crate::state::RequestState;
use crate::value::JsonText;

use super::bags::is_reserved;
use super::flash_parts::{Path, omit, pick, union};
use super::untyped::UntypedSession;

impl UntypedSession {
    /// Keeps everything that arrived for one more request, with the input and the errors of forms. What is flashed anew
    /// under a name wins over what is kept, whichever comes first.
    ///
    /// In a request that redirects after it has received flash, this is the one call that carries it on.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`]; [`SessionError::FlashTooLarge`] where the session has no
    /// room for it beside what the request has recorded, and nothing is kept then.
    pub fn reflash(&self) -> Result<(), SessionError> {
        self.keep(|_| true)
    }

    /// Keeps what arrived under these names. A name may be a dot path: then that part of a message is kept, where it
    /// was in it. Several calls add up.
    ///
    /// # Errors
    /// As [`reflash`](UntypedSession::reflash).
    pub fn reflash_only(&self, keys: &[&str]) -> Result<(), SessionError> {
        self.carry(|key, json| {
            if keys.contains(&key) {
                return Carried::Whole;
            }
            let paths = paths_into(key, keys);
            let part = if paths.is_empty() { None } else { pick(json, &paths) };
            part.map_or(Carried::Nothing, Carried::Part)
        })
    }

    /// Keeps what arrived under all other names. A name may be a dot path: then the rest of that message is kept.
    ///
    /// # Errors
    /// As [`reflash`](UntypedSession::reflash).
    pub fn reflash_except(&self, keys: &[&str]) -> Result<(), SessionError> {
        self.carry(|key, json| {
            if keys.contains(&key) {
                return Carried::Nothing;
            }
            let paths = paths_into(key, keys);
            if paths.is_empty() {
                return Carried::Whole;
            }
            match omit(json, &paths) {
                Some(left) if left == json => Carried::Whole,
                left => left.map_or(Carried::Nothing, Carried::Part),
            }
        })
    }

    /// Keeps whole entries, whosever they are.
    pub(super) fn keep(&self, kept: impl Fn(&str) -> bool) -> Result<(), SessionError> {
        self.changing_what_is_kept(|state| {
            let RequestState { arrived, ground, .. } = state;
            for entry in arrived.iter().filter(|entry| kept(entry.key.as_str())) {
                ground.changes.kept.insert(entry.id);
                ground.changes.reflashed.retain(|part| part.key != entry.key);
            }
        })
    }

    fn carry(&self, choose: impl Fn(&str, &str) -> Carried) -> Result<(), SessionError> {
        self.changing_what_is_kept(|state| {
            let own = |entry: &&FlashEntry| !is_reserved(entry.key.as_str());
            let arrived: Vec<FlashEntry> = state.arrived.iter().filter(own).cloned().collect();
            for entry in arrived {
                match choose(entry.key.as_str(), entry.json.as_str()) {
                    Carried::Nothing => {}
                    Carried::Whole => {
                        state.ground.changes.kept.insert(entry.id);
                        state.ground.changes.reflashed.retain(|part| part.key != entry.key);
                    }
                    // What is kept as a whole has the part already.
                    Carried::Part(_) if state.ground.changes.kept.contains(&entry.id) => {}
                    Carried::Part(part) => carry_part(state, entry, part),
                }
            }
        })
    }

    /// Runs `change`, and takes it back if the session would grow over its limit by it.
    fn changing_what_is_kept(&self, change: impl FnOnce(&mut RequestState)) -> Result<(), SessionError> {
        self.record(|state| {
            let before = (
                state.ground.changes.kept.clone(),
                state.ground.changes.reflashed.clone(),
                state.spent.clone(),
            );
            change(state);
            self.exchange.make_room(state, &[]).inspect_err(|_| {
                let (kept, reflashed, spent) = before;
                state.ground.changes.kept = kept;
                state.ground.changes.reflashed = reflashed;
                state.spent = spent;
            })
        })?
    }
}

/// What becomes of a message that arrived.
enum Carried {
    Nothing,
    Whole,
    Part(String),
}

/// Puts a part of what arrived anew, with what was taken of it before.
fn carry_part(state: &mut RequestState, entry: FlashEntry, part: String) {
    let FlashEntry { id, key, until, .. } = entry;
    let reflashed = &mut state.ground.changes.reflashed;
    match reflashed.iter_mut().find(|before| before.key == key) {
        Some(before) => before.json = JsonText::trusted(union(before.json.as_str(), &part)),
        None => reflashed.push(NewFlash { key, json: JsonText::trusted(part), until }),
    }
    if until.is_some() {
        // The part takes the place of the whole.
        state.spent.insert(id);
    }
}

/// The rest of the dot paths that lead into the message under `key`, which may hold dots itself.
fn paths_into<'k>(key: &str, keys: &[&'k str]) -> Vec<Path<'k>> {
    let below = |path: &&'k str| path.strip_prefix(key)?.strip_prefix('.');
    keys.iter().filter_map(below).map(|rest| rest.split('.').collect()).collect()
}
