//! Destroying sessions: one, or all that an index lists.

use std::time::Duration;

use redis::Value;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;

use super::failure::Failure;
use super::layout;
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
        let call = Call { script: Name::Destroy, key: session, room: (3, 80) };
        let answer = self.scripts.run(&self.link, call, |command| {
            command.arg(self.now.unix_millis()).arg(&self.owner).arg(remembered(self.now));
        });
        match answer.await.map_err(Failure::of_write)? {
            Value::Int(-1) => Err(corrupt()),
            Value::Int(destroyed) => Ok(destroyed == 1),
            _ => Err(not_understood()),
        }
    }
}

/// What is left of a session that ends now.
pub(super) fn remembered(now: Timestamp) -> String {
    layout::destroyed(now.saturating_add(REMEMBERED))
}

/// How long a destroyed session is remembered: as long as a replaced verifier.
pub(super) const REMEMBERED: Duration = Duration::from_secs(60);
