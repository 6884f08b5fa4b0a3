//! What the owner of a location decides about it.

use std::path::{Path, PathBuf};

/// Where a [`FileDriver`](super::FileDriver) keeps its files, and how firmly.
///
/// ```
/// use session_runtime::drivers::{Durability, FileConfig};
///
/// let config = FileConfig { durability: Durability::Rename, ..FileConfig::new("/var/lib/shop/sessions") };
/// assert_eq!(FileConfig::new("/tmp/x").durability, Durability::Full);
/// # drop(config);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileConfig {
    /// The folder, on a local file system. It is made if it is missing, with its parents; what is there must be
    /// closed to other users (mode 0700), and must hold nothing else.
    pub location: PathBuf,
    /// What a commit that was acknowledged survives, [`Durability::Full`] by default.
    pub durability: Durability,
}

impl FileConfig {
    /// The default configuration over this folder.
    #[must_use]
    pub fn new(location: impl Into<PathBuf>) -> Self {
        Self { location: location.into(), durability: Durability::default() }
    }
}

impl From<PathBuf> for FileConfig {
    fn from(location: PathBuf) -> Self {
        Self::new(location)
    }
}

impl From<&Path> for FileConfig {
    fn from(location: &Path) -> Self {
        Self::new(location)
    }
}

impl From<&str> for FileConfig {
    fn from(location: &str) -> Self {
        Self::new(location)
    }
}

/// What an acknowledged commit survives. A reader never sees half a record, with either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power: file and folder are synced before the commit is acknowledged. The default.
    #[default]
    Full,
    /// The end of the process in any way, SIGKILL included, but not a crash of the system: the latest commits may be
    /// lost with it, and on some file systems a session that was written moments before may be unreadable
    /// afterwards. Several times faster for one commit after another; commits of many sessions at once share their
    /// syncs, and may gain nothing.
    Rename,
}
