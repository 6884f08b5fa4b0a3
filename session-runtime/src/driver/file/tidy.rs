//! What a sweep looks for in one shard, and what it takes away. Looking needs no lock and reads no file: the time of
//! modification of each says when it is due. What was found is judged again, by its content, under the lock.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::disk::Disk;
use super::fault::refused;
use super::layout::{Named, PLACES, Shard};

/// The first shard from some place on where something is due, or where looking stopped.
pub(super) struct Found {
    /// `PLACES` when none was left to look at.
    pub(super) place: usize,
    /// A shard that cannot be listed has a place, too, so that the next look can begin behind it.
    pub(super) due: Result<Vec<Due>, DriverError>,
}

#[derive(Clone, Debug)]
pub(super) struct Due {
    path: PathBuf,
    pub(super) named: Named,
}

/// What was taken away.
#[derive(Debug, Default)]
pub(super) struct Tidied {
    pub(super) records: usize,
    /// Whose they were, for the index.
    pub(super) left: Vec<(PrincipalKey, Selector)>,
}

impl Disk {
    /// Looks from `place` on until something is due, or enough files were looked at for one go.
    pub(super) fn look(&self, place: usize) -> Found {
        let now = self.clock.now();
        let mut seen = 0;
        for place in place..PLACES {
            let Some(shard) = Shard::at(place) else { break };
            let due = self.look_into(shard, now, &mut seen);
            if seen >= LOOKS || !matches!(&due, Ok(due) if due.is_empty()) {
                return Found { place, due };
            }
        }
        Found { place: PLACES, due: Ok(Vec::new()) }
    }

    fn look_into(&self, shard: Shard, now: Timestamp, seen: &mut usize) -> Result<Vec<Due>, DriverError> {
        let folder = self.layout.folder(shard);
        let files = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files.map_err(refused("list", &folder))?,
        };
        let mut due = Vec::new();
        for file in files {
            let file = file.map_err(refused("list", &folder))?;
            *seen += 1;
            if let Some(named) = file.file_name().to_str().and_then(|name| shard.read_name(name))
                && (named == Named::Unfinished || is_due(&file, now))
            {
                due.push(Due { path: file.path(), named });
            }
        }
        Ok(due)
    }

    /// Takes away what is over. The caller holds the lock of the shard that all of `due` was found in.
    pub(super) fn tidy(&self, due: Vec<Due>) -> Result<Tidied, DriverError> {
        let mut tidied = Tidied::default();
        for Due { path, named } in due {
            match named {
                // Whoever makes one holds the lock that we hold: its maker is dead, or has renamed it.
                Named::Unfinished => self.remove_lightly(&path)?,
                Named::Grave(selector) if !self.is_buried(&selector).unwrap_or(true) => {
                    self.remove_lightly(&path)?;
                }
                Named::Record(selector) => self.tidy_record(selector, &path, &mut tidied)?,
                Named::Entry(principal) => leave_unreadable(self.clean(&principal))?.unwrap_or_default(),
                Named::Grave(_) => {}
            }
        }
        Ok(tidied)
    }

    fn tidy_record(&self, selector: Selector, path: &Path, tidied: &mut Tidied) -> Result<(), DriverError> {
        let Some(record) = leave_unreadable(self.record(&selector))?.flatten() else {
            return Ok(());
        };
        if !record.is_expired(self.clock.now()) {
            self.put_off(path, record.metadata().deadlines.effective());
            return Ok(());
        }
        self.remove_lightly(path)?;
        tidied.records += 1;
        tidied.left.extend(record.metadata().principal.as_ref().map(|owner| (*owner.key(), selector)));
        Ok(())
    }
}

fn is_due(file: &DirEntry, now: Timestamp) -> bool {
    let time = file.metadata().and_then(|found| found.modified());
    // Where the system does not tell, the file does.
    time.is_ok_and(|time| time <= SystemTime::from(now))
}

/// What cannot be read stays where it is, and keeps no sweep from the rest.
fn leave_unreadable<T>(answer: Result<T, DriverError>) -> Result<Option<T>, DriverError> {
    match answer {
        Err(DriverError::Corrupt { .. }) => Ok(None),
        answer => answer.map(Some),
    }
}

/// How many files are looked at in one go, give or take a shard.
const LOOKS: usize = 4_096;
