//! Sums that Lua would not write as Rust does: computed here from what is stored, to be stored by a swap.

use redis::{Cmd, Value};

use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, FieldChange, FieldOp, NumberFault, Refusal};
use crate::value::JsonText;

use super::commit_call::{Computed, is_computed};
use super::failure::Failure;
use super::layout::METADATA;
use super::link::Link;
use super::reading::{self, not_understood, text};

/// The sums of a commit, or what comes of it without any writing.
pub(super) async fn compute(
    link: &Link,
    session: &str,
    commit: &Commit,
) -> Result<Result<Vec<Computed>, Applied>, DriverError> {
    let changes: Vec<&FieldChange> = commit.fields.iter().filter(|change| is_computed(change)).collect();
    let mut stored = Vec::new();
    if !commit.clear {
        let answer = link.ask(session, &question(session, &changes)).await.map_err(Failure::of_read)?;
        let Value::Array(values) = answer else { return Err(not_understood()) };
        let [metadata, values @ ..] = values.as_slice() else { return Err(not_understood()) };
        let Some(metadata) = reading::live(metadata, commit.at)? else { return Ok(Err(Applied::Gone)) };
        if metadata.epoch != commit.epoch {
            return Ok(Err(Applied::Superseded));
        }
        let (pairs, _) = values.as_chunks::<2>();
        for [plain, kept] in pairs {
            let value = if matches!(plain, Value::Nil) { kept } else { plain };
            stored.push(match value {
                Value::Nil => None,
                value => Some(JsonText::trusted(text(value)?)),
            });
        }
    }
    let stored = stored.into_iter().chain(std::iter::repeat(None));
    Ok(changes.into_iter().zip(stored).map(|(change, stored)| sum(change, stored)).collect())
}

fn question(session: &str, changes: &[&FieldChange]) -> Cmd {
    let mut command = redis::cmd("HMGET");
    command.arg(session).arg(METADATA);
    for change in changes {
        command.arg(format!("f{}", change.key)).arg(format!("k{}", change.key));
    }
    command
}

fn sum(change: &FieldChange, stored: Option<JsonText>) -> Result<Computed, Applied> {
    let FieldOp::Add(addition) = &change.op else {
        return Err(Applied::Refused(Refusal::NotANumber { key: change.key.clone() }));
    };
    let key = || change.key.clone();
    match addition.apply(stored.as_ref()) {
        Ok(sum) => Ok(Computed { expected: stored, sum }),
        Err(NumberFault::NotANumber) => Err(Applied::Refused(Refusal::NotANumber { key: key() })),
        Err(NumberFault::Overflow) => Err(Applied::Refused(Refusal::Overflow { key: key() })),
    }
}
