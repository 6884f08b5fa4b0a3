//! The files of sessions. Reading needs no lock, since a file is replaced in one step; all else is done under the lock
//! of the record's shard.

use std::path::Path;

use crate::driver::answers::{Created, DriverFate, Owner};
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Record, Verdict};
use crate::token::Selector;

use super::disk::{Disk, Writing};
use super::fault::corrupt;

/// What a commit came to, and whose the session was before it, if it changed hands.
pub(super) struct Outcome {
    pub(super) applied: Applied,
    pub(super) left: Option<PrincipalKey>,
}

/// Whether a record is what the index says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verified {
    His,
    /// Gone, expired, nobody's or another's.
    NotHis,
    /// It cannot be read now.
    Unknown,
}

impl Disk {
    /// The record, expired or not.
    pub(super) fn record(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let path = self.layout.record(selector);
        let Some(text) = self.read(&path)? else { return Ok(None) };
        Record::from_document(&text).map(Some).map_err(|why| corrupt(&path, why))
    }

    pub(super) fn live_record(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let record = self.record(selector)?;
        Ok(record.filter(|record| !record.is_expired(self.clock.now())))
    }

    /// What became of a session that is not there.
    pub(super) fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        if self.is_buried(selector)? {
            return Ok(DriverFate::Destroyed);
        }
        let expired = self.record(selector)?.is_some_and(|record| record.is_expired(self.clock.now()));
        Ok(if expired { DriverFate::Expired } else { DriverFate::Unknown })
    }

    /// Whether the principal owns a live session under this selector.
    pub(super) fn verify(&self, selector: &Selector, principal: &PrincipalKey) -> Verified {
        match self.live_record(selector) {
            Ok(Some(record)) if Owner::Principal(principal).owns(&record) => Verified::His,
            Ok(_) => Verified::NotHis,
            Err(_) => Verified::Unknown,
        }
    }

    /// Files a new record. With a principal, the caller holds the lock of his shard too.
    pub(super) fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let path = self.layout.record(selector);
        if path.symlink_metadata().is_ok() {
            match self.record(selector) {
                Ok(Some(stored)) if stored.is_expired(self.clock.now()) => self.remove(&path)?,
                _ => return Ok(Created::Taken),
            }
        }
        if let Some(principal) = &record.metadata().principal {
            self.enter(principal.key(), selector)?;
        }
        let filed = self.file(&writing(&path, &document(record)?, record))?;
        Ok(if filed { Created::Filed } else { Created::Taken })
    }

    /// Applies a commit. With a login, the caller holds the lock of the principal's shard too.
    pub(super) fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Outcome, DriverError> {
        let stayed = |applied| Outcome { applied, left: None };
        let Some(stored) = self.record(selector)? else {
            return Ok(stayed(Applied::Gone));
        };
        match stored.apply(commit) {
            Verdict::Leave(answer) => Ok(stayed(answer)),
            Verdict::Destroy => {
                self.end(selector)?;
                Ok(stayed(Applied::Emptied))
            }
            Verdict::Store(record, sums) => {
                if let Some(principal) = &commit.session().login {
                    self.enter(principal.key(), selector)?;
                }
                if record != stored {
                    let path = self.layout.record(selector);
                    self.replace(&writing(&path, &document(&record)?, &record))?;
                }
                let before = stored.metadata().principal.as_ref().map(|principal| *principal.key());
                let after = record.metadata().principal.as_ref().map(|principal| *principal.key());
                Ok(Outcome { applied: Applied::Stored(sums), left: before.filter(|_| before != after) })
            }
        }
    }

    /// Destroys a live record that is its owner's, and gives it back.
    pub(super) fn destroy(
        &self,
        selector: &Selector,
        owner: Owner<'_>,
    ) -> Result<Option<Record>, DriverError> {
        let Some(record) = self.live_record(selector)?.filter(|record| owner.owns(record)) else {
            return Ok(None);
        };
        self.end(selector)?;
        Ok(Some(record))
    }

    fn end(&self, selector: &Selector) -> Result<(), DriverError> {
        // Remembered before it is gone: nobody may find neither the session nor the memory of it.
        self.bury(selector);
        self.remove(&self.layout.record(selector))
    }
}

fn writing<'a>(path: &'a Path, text: &'a str, record: &Record) -> Writing<'a> {
    Writing { path, text, due: record.metadata().deadlines.effective() }
}

/// Never an empty file in place of a session.
fn document(record: &Record) -> Result<String, DriverError> {
    let text = record.to_document();
    if text.is_empty() {
        Err(DriverError::unavailable("the record cannot be written as JSON"))
    } else {
        Ok(text)
    }
}
