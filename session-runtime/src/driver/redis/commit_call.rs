//! A commit as the arguments of its script, and the script's answer as what came of it.

use redis::{Cmd, Value};
use smol_str::SmolStr;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, ENTRY_BYTES, FieldChange, FieldOp, Refusal};
use crate::value::{JsonText, Key};

use super::layout::{self, NONE};
use super::reading::{corrupt, not_understood, text};

/// The sum of an addition that was computed here, since Lua would not write it as Rust does: stored by a swap.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) expected: Option<JsonText>,
    pub(super) sum: JsonText,
}

/// A commit, with a computed sum for each change that needs one.
pub(super) struct CommitCall<'a> {
    pub(super) commit: &'a Commit,
    pub(super) now: Timestamp,
    /// In the order of the changes that need one.
    pub(super) computed: &'a [Computed],
}

/// What the script says.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Applied(Applied),
    /// A computed sum was overtaken: compute it anew.
    Overtaken,
    /// The record would grow over its limit.
    TooLarge,
}

/// Whether the change's sum has to be computed here.
pub(super) fn is_computed(change: &FieldChange) -> bool {
    matches!(&change.op, FieldOp::Add(addition) if addition.integer_text().is_none())
}

impl CommitCall<'_> {
    pub(super) fn room(&self) -> (usize, usize) {
        let Commit { fields, flash, .. } = self.commit;
        let count = HEAD + 4 * fields.len() + flash.put.len() + flash.consume.len() + TAIL;
        (count, HEAD * 14 + self.commit.growth() + 40 * fields.len())
    }

    pub(super) fn arguments(&self, command: &mut Cmd) {
        let commit = self.commit;
        let (flash, privilege) = (self.has_flash(), self.has_privilege());
        let flags = [
            (commit.clear, 'c'),
            (commit.removes(), 'e'),
            (flash, 'x'),
            (privilege, 'p'),
            (commit.idle_until.is_some(), 't'),
        ];
        let flags: SmolStr = flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag).collect();
        command.arg(commit.at.unix_millis()).arg(commit.epoch).arg(commit.max_bytes);
        command.arg(flags.as_str()).arg(commit.fields.len());
        let mut computed = self.computed.iter();
        for change in &commit.fields {
            Self::change(command, change, &mut computed);
        }
        if flash {
            self.flash(command);
        }
        if privilege {
            self.privilege(command);
        }
        if let Some(idle) = commit.idle_until {
            command.arg(idle.unix_millis()).arg(self.now.unix_millis());
        }
    }

    fn change<'c>(
        command: &mut Cmd,
        change: &FieldChange,
        computed: &mut impl Iterator<Item = &'c Computed>,
    ) {
        let verb = |plain, kept, as_stored| match change.survives_logout {
            Some(true) => kept,
            Some(false) => plain,
            None => as_stored,
        };
        let key = change.key.as_str();
        match &change.op {
            FieldOp::Set(new) => command.arg(verb("Sf", "Sk", "S")).arg(key).arg(new.as_str()),
            FieldOp::Remove => command.arg("S").arg(key).arg(""),
            FieldOp::Swap { expected, new } => command
                .arg(verb("Wf", "Wk", "W"))
                .arg(key)
                .arg(json(new.as_ref()))
                .arg(json(expected.as_ref())),
            FieldOp::Add(addition) => {
                if let Some(addition) = addition.integer_text() {
                    command.arg(verb("Af", "Ak", "A")).arg(key).arg(addition)
                } else {
                    // One was computed for each; without it the script conflicts.
                    let computed = computed.next();
                    let sum = computed.map_or("", |computed| computed.sum.as_str());
                    let expected = computed.map_or(NONE, |computed| json(computed.expected.as_ref()));
                    command.arg(verb("Wf", "Wk", "W")).arg(key).arg(sum).arg(expected)
                }
            }
        };
    }

    fn has_flash(&self) -> bool {
        let flash = &self.commit.flash;
        !(flash.put.is_empty() && flash.consume.is_empty())
    }

    fn has_privilege(&self) -> bool {
        let commit = self.commit;
        commit.rotation.is_some() || commit.login.is_some() || commit.authenticated
    }

    fn flash(&self, command: &mut Cmd) {
        let flash = &self.commit.flash;
        command.arg(flash.consume.len());
        for id in &flash.consume {
            command.arg(id);
        }
        let weight = |(key, json): &(Key, JsonText)| key.as_str().len() + json.as_str().len() + ENTRY_BYTES;
        command.arg(flash.put.iter().map(weight).sum::<usize>()).arg(flash.put.len());
        for (key, json) in &flash.put {
            command.arg(layout::flash_text(key, json));
        }
    }

    fn privilege(&self, command: &mut Cmd) {
        let commit = self.commit;
        match &commit.rotation {
            Some(rotation) => command
                .arg(commit.epoch.saturating_add(1))
                .arg(layout::hash_text(&rotation.verifier))
                .arg(commit.at.saturating_add(rotation.grace).unix_millis()),
            None => command.arg("").arg(NONE).arg(NONE),
        };
        match &commit.login {
            Some(principal) => command.arg(principal.key().to_string()).arg(principal.json().as_str()),
            None => command.arg("").arg(""),
        };
        let proved = commit.authenticated.then(|| commit.at.unix_millis().to_string());
        command.arg(proved.unwrap_or_default());
    }

    pub(super) fn answer(&self, answer: &Value) -> Result<Answer, DriverError> {
        let parts = match answer {
            Value::Array(parts) => parts.as_slice(),
            word => std::slice::from_ref(word),
        };
        let [word, rest @ ..] = parts else {
            return Err(not_understood());
        };
        Ok(match (text(word)?, rest) {
            ("stored", sums) => Answer::Applied(Applied::Stored(self.sums(sums)?)),
            ("emptied", []) => Answer::Applied(Applied::Emptied),
            ("gone", []) => Answer::Applied(Applied::Gone),
            ("superseded", []) => Answer::Applied(Applied::Superseded),
            ("large", []) => Answer::TooLarge,
            ("corrupt", []) => return Err(corrupt("metadata")),
            (fault, [Value::Int(index)]) => self.refusal(fault, *index)?,
            _ => return Err(not_understood()),
        })
    }

    fn sums(&self, sums: &[Value]) -> Result<Vec<(Key, JsonText)>, DriverError> {
        let (mut sums, mut computed) = (sums.iter(), self.computed.iter());
        let additions = self.commit.fields.iter().filter(|change| matches!(change.op, FieldOp::Add(_)));
        let sum = |change: &FieldChange| {
            let sum = if is_computed(change) {
                computed.next().map(|computed| computed.sum.clone())
            } else {
                sums.next().map(text).transpose()?.map(JsonText::trusted)
            };
            Ok((change.key.clone(), sum.ok_or_else(not_understood)?))
        };
        additions.map(sum).collect()
    }

    fn refusal(&self, fault: &str, index: i64) -> Result<Answer, DriverError> {
        let change = usize::try_from(index).ok().and_then(|index| self.commit.fields.get(index));
        let change = change.ok_or_else(not_understood)?;
        let key = change.key.clone();
        let refusal = match fault {
            "conflict" if is_computed(change) => return Ok(Answer::Overtaken),
            "conflict" => Refusal::Conflict { key },
            "number" => Refusal::NotANumber { key },
            "overflow" => Refusal::Overflow { key },
            _ => return Err(not_understood()),
        };
        Ok(Answer::Applied(Applied::Refused(refusal)))
    }
}

/// JSON is never empty: nothing stands for absence.
fn json(json: Option<&JsonText>) -> &str {
    json.map_or("", JsonText::as_str)
}

/// Arguments before the changes, and after them at most.
const HEAD: usize = 5;
const TAIL: usize = 11;

#[cfg(test)]
mod tests;
