//! Destroying sessions: one, or all that an index lists.

use std::time::Duration;

use redis::Value;

use crate::clock::Timestamp;
use crate::driver::contract::Owner;
use crate::driver::error::DriverError;

use super::failure::Failure;
use super::layout::NONE;
use super::link::Link;
use super::reading::{corrupt, not_understood};
use super::scripts::{Call, Name, Scripts};

/// Ends sessions of one owner.
#[derive(Clone)]
pub(super) struct Ending {
    pub(super) link: Link,
    pub(super) scripts: Scripts,
    pub(super) now: Timestamp,
    pub(super) owner: String,
}

impl Ending {
    /// Whether there was a live session of the owner's.
    pub(super) async fn end(&self, session: &str) -> Result<bool, DriverError> {
        let remembered = self.now.saturating_add(REMEMBERED);
        let call = Call { script: Name::Destroy, key: session, room: (3, 70) };
        let answer = self.scripts.run(&self.link, call, |command| {
            command.arg(self.now.unix_millis()).arg(&self.owner).arg(remembered.unix_millis());
        });
        match answer.await.map_err(Failure::of_write)? {
            Value::Int(-1) => Err(corrupt("metadata")),
            Value::Int(destroyed) => Ok(destroyed == 1),
            _ => Err(not_understood()),
        }
    }
}

/// The owner as the script compares it.
pub(super) fn owner(owner: Owner<'_>) -> String {
    match owner {
        Owner::Anyone => "*".to_owned(),
        Owner::Nobody => NONE.to_owned(),
        Owner::Principal(principal) => principal.to_string(),
    }
}

/// How long a destroyed session is remembered: as long as a replaced verifier.
const REMEMBERED: Duration = Duration::from_secs(60);
