//! The recorded operations of one field: they compose in call order and are replayed together.

use std::fmt;

use crate::error::SessionError;
use crate::record::{Addition, FieldOp};
use crate::value::{JsonText, Key};

/// What an update computes from what it finds. Runs again on every conflict.
pub(crate) type Update = dyn FnMut(Option<&JsonText>) -> Result<Option<JsonText>, SessionError> + Send;

/// One operation that depends on what is stored.
pub(crate) enum Step {
    Add(Addition),
    Update(Box<Update>),
    /// Takes the field away if it still reads what this request saw.
    Forget,
}

/// What was done to a field in this request.
pub(crate) enum Op {
    /// It becomes what the view says, whatever is stored.
    Put,
    /// One addition in the store.
    Add(Addition),
    /// Steps, swapped in against the text they were computed from.
    Replay(Vec<Step>),
}

/// One field that this request changed.
pub(crate) struct Pending {
    /// What the request sees: its own writes over what was loaded.
    pub(crate) view: Option<JsonText>,
    pub(crate) op: Op,
    pub(crate) survives_logout: Option<bool>,
    /// Older names of the field, from which a replay starts where the field itself is absent.
    pub(crate) aliases: &'static [&'static str],
}

impl Pending {
    pub(crate) fn put(view: Option<JsonText>, survives_logout: Option<bool>) -> Self {
        Self { view, op: Op::Put, survives_logout, aliases: &[] }
    }

    /// Records one more step whose result is `view`.
    pub(crate) fn then(&mut self, step: Step, view: Option<JsonText>, survives_logout: Option<bool>) {
        self.view = view;
        self.survives_logout = survives_logout.or(self.survives_logout);
        self.op = match (std::mem::replace(&mut self.op, Op::Put), step) {
            (Op::Put, _) => Op::Put,
            (Op::Add(first), Step::Add(second)) => match first.followed_by(second) {
                Some(both) => Op::Add(both),
                None => Op::Replay(vec![Step::Add(first), Step::Add(second)]),
            },
            (Op::Add(first), step) => Op::Replay(vec![Step::Add(first), step]),
            (Op::Replay(mut steps), step) => {
                steps.push(step);
                Op::Replay(steps)
            }
        };
    }

    /// Takes over operations that were recorded on top of these.
    pub(crate) fn absorb(&mut self, newer: Self) {
        let Self { view, op, survives_logout, .. } = newer;
        match op {
            Op::Put => *self = Self::put(view, survives_logout.or(self.survives_logout)),
            Op::Add(addition) => self.then(Step::Add(addition), view, survives_logout),
            Op::Replay(steps) => {
                for step in steps {
                    self.then(step, view.clone(), survives_logout);
                }
            }
        }
    }

    /// What a commit says of this field, computed against `stored`.
    pub(crate) fn change(&self, stored: Option<&JsonText>) -> FieldOp {
        match (&self.op, &self.view) {
            (Op::Put, Some(json)) => FieldOp::Set(json.clone()),
            (Op::Put, None) => FieldOp::Remove,
            (Op::Add(addition), _) => FieldOp::Add(*addition),
            (Op::Replay(_), view) => FieldOp::Swap { expected: stored.cloned(), new: view.clone() },
        }
    }

    /// Computes the view anew from what is stored now. Runs code of the application.
    pub(crate) fn replay(&mut self, key: &Key, stored: Option<&JsonText>) -> Result<(), SessionError> {
        match &mut self.op {
            Op::Put => {}
            Op::Add(addition) => self.view = add(key, *addition, stored)?,
            Op::Replay(steps) => {
                let mut value = stored.cloned();
                for step in steps {
                    value = match step {
                        Step::Add(addition) => add(key, *addition, value.as_ref())?,
                        Step::Update(update) => update(value.as_ref())?,
                        Step::Forget => None,
                    };
                }
                self.view = value;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = match &self.op {
            Op::Put => "put",
            Op::Add(_) => "add",
            Op::Replay(_) => "replay",
        };
        f.debug_struct("Pending").field("op", &op).field("view", &self.view).finish_non_exhaustive()
    }
}

fn add(key: &Key, addition: Addition, stored: Option<&JsonText>) -> Result<Option<JsonText>, SessionError> {
    addition.apply(stored).map(Some).map_err(|fault| SessionError::number(key.clone(), fault))
}
