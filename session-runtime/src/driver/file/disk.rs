//! Reading files whole and replacing them in one step. Everything here blocks, and belongs on a thread that may.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use tempfile::{Builder, NamedTempFile};

use crate::clock::{Clock, Timestamp};
use crate::driver::error::DriverError;

use super::config::Durability;
use super::fault::{Unreadable, corrupt, refused, unsettled};
use super::layout::{Layout, UNFINISHED};

#[derive(Clone)]
pub(super) struct Disk {
    pub(super) layout: Layout,
    pub(super) durability: Durability,
    pub(super) clock: Arc<dyn Clock>,
}

/// A file about to take its place.
pub(super) struct Writing<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    /// When a sweep should look at the file: kept as its time of modification, so that it needs not be read for that.
    pub(super) due: Timestamp,
}

impl Disk {
    /// The whole text of a file; `None` where there is none. What is no regular file is not followed, nor waited for.
    pub(super) fn read(&self, path: &Path) -> Result<Option<String>, DriverError> {
        match self.read_bytes(path) {
            Ok(None) => Err(corrupt(path, Unreadable::NoFile)),
            Ok(Some(bytes)) => {
                let text = String::from_utf8(bytes).map_err(|_| corrupt(path, Unreadable::NoText))?;
                Ok(Some(text))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.layout.is_there() => Ok(None),
            Err(error) => Err(refused("read", path)(error)),
        }
    }

    #[expect(clippy::unused_self, reason = "a step of `read`")]
    fn read_bytes(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        if fs::symlink_metadata(path)?.is_file() { fs::read(path).map(Some) } else { Ok(None) }
    }

    /// Replaces what is there, or fails and leaves it.
    pub(super) fn replace(&self, writing: &Writing<'_>) -> Result<(), DriverError> {
        self.prepared(writing)?
            .persist(writing.path)
            .map_err(|error| refused("replace", writing.path)(error.error))?;
        self.settle(writing.path)
    }

    /// Replaces what is there by something that would be told anew if a loss of power undid it.
    pub(super) fn replace_lightly(&self, writing: &Writing<'_>) -> Result<(), DriverError> {
        let placed = self.prepared(writing)?.persist(writing.path);
        placed.map(drop).map_err(|error| refused("replace", writing.path)(error.error))
    }

    /// Files what is new; `false` where something is already.
    pub(super) fn file(&self, writing: &Writing<'_>) -> Result<bool, DriverError> {
        match self.prepared(writing)?.persist_noclobber(writing.path) {
            Ok(_) => self.settle(writing.path).map(|()| true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(refused("file", writing.path)(error.error)),
        }
    }

    /// Takes a file away for good; missing is fine.
    pub(super) fn remove(&self, path: &Path) -> Result<(), DriverError> {
        self.remove_lightly(path)?;
        self.settle(path)
    }

    /// Takes away what a sweep would take away again.
    #[expect(clippy::unused_self, reason = "the twin of `remove`")]
    pub(super) fn remove_lightly(&self, path: &Path) -> Result<(), DriverError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(refused("remove", path)),
        }
    }

    /// Has sweeps look at a file later than they would.
    #[expect(clippy::unused_self, reason = "beside what sets the hint first")]
    pub(super) fn put_off(&self, path: &Path, due: Timestamp) {
        // Only a hint: where it cannot be kept, the next sweep reads the file again.
        let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(due.into()));
    }

    /// Makes what was done to names in the file's folder outlive a loss of power.
    fn settle(&self, path: &Path) -> Result<(), DriverError> {
        self.sync_folder_of(path).map_err(unsettled("sync the folder of", path))
    }

    pub(super) fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        match path.parent() {
            // Elsewhere folders cannot be opened, and renaming is as firm as it gets.
            Some(folder) if cfg!(unix) && self.durability == Durability::Full => {
                File::open(folder)?.sync_all()
            }
            _ => Ok(()),
        }
    }

    /// The whole file, beside the place that it will take. Gone again if it never does, unless the process is killed.
    fn prepared(&self, writing: &Writing<'_>) -> Result<NamedTempFile, DriverError> {
        // It has a path in a shard's folder.
        let folder = writing.path.parent().unwrap_or(self.layout.root());
        self.written(folder, writing).map_err(refused("write beside", writing.path))
    }

    fn written(&self, folder: &Path, writing: &Writing<'_>) -> io::Result<NamedTempFile> {
        let mut file = unfinished(folder)?;
        file.write_all(writing.text.as_bytes())?;
        // Only a hint: where it cannot be kept, a sweep reads the file.
        let _ = file.as_file().set_modified(writing.due.into());
        if self.durability == Durability::Full {
            file.as_file().sync_all()?;
        }
        Ok(file)
    }
}

/// A new file that is gone when it is dropped, mode 0600.
pub(super) fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix("").suffix(&format!(".{UNFINISHED}")).tempfile_in(folder)
}
