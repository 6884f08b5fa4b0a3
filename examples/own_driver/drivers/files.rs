//! A store that can only get and put: a folder with one text file per session. `SingleProcess` makes a driver of it.
//!
//! It is not for production: nothing is flushed to the disk, and anybody who can read the folder can read the files.

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use session_runtime::drivers::{DriverError, SimpleDriver};
use session_runtime::record::Record;
use session_runtime::{Selector, Timestamp};
use tokio::fs;

/// A folder of sessions.
#[derive(Clone)]
pub(crate) struct Files {
    folder: PathBuf,
}

impl Files {
    /// The files in `folder`, which is created if it is not there.
    pub(crate) async fn open(folder: PathBuf) -> Result<Self, Error> {
        fs::create_dir_all(&folder).await?;
        Ok(Self { folder })
    }

    /// The selectors of all files.
    pub(crate) async fn selectors(&self) -> Result<Vec<Selector>, Error> {
        let (mut selectors, mut entries) = (Vec::new(), fs::read_dir(&self.folder).await?);
        while let Some(entry) = entries.next_entry().await? {
            selectors.extend(entry.file_name().to_str().and_then(selector_of));
        }
        Ok(selectors)
    }

    /// Of the selector only: nothing that a visitor chose becomes a name.
    pub(crate) fn path(&self, selector: &Selector) -> PathBuf {
        self.folder.join(format!("{:032x}", u128::from_be_bytes(*selector.as_bytes())))
    }
}

impl SimpleDriver for Files {
    async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        match fs::read_to_string(self.path(selector)).await {
            Ok(text) => Ok(Some(Record::from_document(&text)?)), // what cannot be read is corrupt, not missing
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        let path = self.path(selector);
        let unfinished = path.with_extension("new");
        fs::write(&unfinished, record.to_document()).await.map_err(failed)?;
        fs::rename(&unfinished, &path).await.map_err(failed) // who reads sees the old file or the new one
    }

    async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
        match fs::remove_file(self.path(selector)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }

    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<Selector>, DriverError> {
        let mut expired = Vec::new();
        for selector in self.selectors().await.map_err(failed)? {
            let record = self.read(&selector).await;
            if expired.len() < limit && record.is_ok_and(|found| found.is_some_and(|it| it.is_expired(now))) {
                expired.push(selector);
            }
        }
        Ok(expired)
    }
}

fn selector_of(name: &str) -> Option<Selector> {
    let number = u128::from_str_radix(name, 16).ok().filter(|_| name.len() == 32)?;
    Some(Selector::from_bytes(number.to_be_bytes()))
}

/// Until the file is renamed nothing is applied.
fn failed(error: Error) -> DriverError {
    match error.kind() {
        ErrorKind::StorageFull => DriverError::Full,
        ErrorKind::InvalidData => DriverError::Corrupt { source: error.into() },
        _ => DriverError::unavailable(error),
    }
}
