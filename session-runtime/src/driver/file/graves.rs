//! The memory of destroyed sessions: a small file beside where the record was, which says until when.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::token::Selector;

use super::disk::Disk;
use super::lock::private_file;

impl Disk {
    /// Remembers for a minute that a session was destroyed. An ending never fails for want of this memory, least of all
    /// on a full disk.
    pub(super) fn bury(&self, selector: &Selector) {
        if let Err(error) = self.dig(selector, self.clock.now().saturating_add(BURIED)) {
            tracing::debug!(target: "session", event = "file.grave_not_written", error = &error as &dyn std::error::Error, "a grave was not written");
        }
    }

    /// Written in place: nobody reads it before the record is gone, and it need not outlive the system.
    fn dig(&self, selector: &Selector, until: Timestamp) -> io::Result<()> {
        let mut file = private_file().truncate(true).open(self.layout.grave(selector))?;
        file.write_all(until.unix_millis().to_string().as_bytes())?;
        file.set_modified(until.into())
    }

    pub(super) fn is_buried(&self, selector: &Selector) -> Result<bool, DriverError> {
        let Some(text) = self.read(&self.layout.grave(selector))? else {
            return Ok(false);
        };
        // What a killed process left half written belongs to a session that it did not come to destroy.
        let until = text.parse().map(Timestamp::from_unix_millis);
        Ok(until.is_ok_and(|until| until > self.clock.now()))
    }
}

/// How long a destroyed session is remembered: as long as a replaced verifier.
const BURIED: Duration = Duration::from_secs(60);
