//! The lock of one shard against other processes: an advisory lock on a file that is never deleted, since a lock on a
//! deleted file holds nobody back.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::driver::error::DriverError;

use super::disk::Disk;
use super::fault::refused;
use super::layout::Shard;

/// A locked shard. The system unlocks it when this is dropped, and when the process ends in whatever way.
#[derive(Debug)]
pub(super) struct ShardLock {
    _file: File,
}

impl Disk {
    /// Waits until the shard is ours. Its folder is made on the way, if it is missing.
    pub(super) fn lock(&self, shard: Shard) -> Result<ShardLock, DriverError> {
        let path = self.layout.lock(shard);
        let file = match open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folder(&self.layout.folder(shard))?;
                open(&path)
            }
            opened => opened,
        };
        let file = file.map_err(refused("open", &path))?;
        file.lock().map_err(refused("lock", &path))?;
        Ok(ShardLock { _file: file })
    }

    fn make_folder(&self, folder: &Path) -> Result<(), DriverError> {
        match make_private_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            made => made.map_err(refused("make the folder", folder))?,
        }
        // A record in a folder that was lost would be lost with it.
        self.sync_folder_of(folder).map_err(refused("sync the folder of", folder))
    }
}

/// A folder that nobody else may look into.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How a file is opened, or made, that nobody else may read.
pub(super) fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn open(path: &Path) -> io::Result<File> {
    private_file().truncate(false).open(path)
}
