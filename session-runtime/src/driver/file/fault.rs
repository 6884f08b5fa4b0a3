//! What the file system says, in the words of the contract. No message repeats what a file holds.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::driver::error::{Applicability, BoxError, DriverError};
use crate::record::DocumentError;

/// Why a location cannot hold sessions. Every message names the path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// It cannot be made, read or written.
    #[error("the session location {} cannot be used: cannot {step} there", .path.display())]
    Unusable {
        /// The location.
        path: PathBuf,
        /// What was tried.
        step: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// It is a file, or something else that holds no files.
    #[error("the session location {} is no folder", .path.display())]
    NoFolder {
        /// The location.
        path: PathBuf,
    },
    /// Other users of this machine may look into it or write there.
    #[error("the session location {} is open to other users (mode {mode:03o}); close it with chmod 700", .path.display())]
    Exposed {
        /// The location, or the folder in it that is open.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another user of this machine owns it, and could replace what is in it.
    #[error("the session location {} belongs to another user (uid {owner}); give it to yours with chown", .path.display())]
    Foreign {
        /// The location, or the folder in it that is his.
        path: PathBuf,
        /// The number of that user.
        owner: u32,
    },
}

/// What was done to which file when the system refused. Names of files are made from selectors, which may be logged.
#[derive(Debug)]
struct Refused {
    step: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The cause is part of the text, since reports of a driver's error show one cause only.
        write!(f, "cannot {} {}: {}", self.step, self.path.display(), self.source)
    }
}

impl std::error::Error for Refused {}

/// Why what lies under a name of ours cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("it is no regular file")]
    NoFile,
    #[error("it is no UTF-8 text")]
    NoText,
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error("it is no document of a principal: {0}")]
    Entry(crate::value::JsonFault),
    #[error("it is a document of version {0}")]
    Version(u64),
}

#[derive(Debug)]
struct UnreadableFile {
    path: PathBuf,
    why: Unreadable,
}

impl fmt::Display for UnreadableFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

impl std::error::Error for UnreadableFile {}

/// Nothing was applied when `step` failed.
pub(super) fn refused<'p>(step: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> DriverError + 'p {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            DriverError::Full
        }
        _ => DriverError::unavailable(Refused { step, path: path.to_owned(), source }),
    }
}

/// The change was made when `step` failed, but may not outlive a loss of power.
pub(super) fn unsettled<'p>(
    step: &'static str,
    path: &'p Path,
) -> impl FnOnce(io::Error) -> DriverError + 'p {
    move |source| unknown(Refused { step, path: path.to_owned(), source })
}

pub(super) fn unknown(source: impl Into<BoxError>) -> DriverError {
    DriverError::Unavailable { applied: Applicability::Unknown, source: source.into() }
}

pub(super) fn corrupt(path: &Path, why: impl Into<Unreadable>) -> DriverError {
    DriverError::Corrupt { source: UnreadableFile { path: path.to_owned(), why: why.into() }.into() }
}
