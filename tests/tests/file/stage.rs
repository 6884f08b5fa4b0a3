//! What the stories stand on here: the file driver, with a folder of its own.

use std::fmt::Write as _;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use session_runtime::Selector;
use session_runtime::drivers::{FileConfig, FileDriver};
use session_runtime::testing::ManualClock;
use tempfile::TempDir;

use session_tests::stage::World;

use super::workers::Worker;

pub(crate) struct Stage {
    world: World<FileDriver>,
    location: PathBuf,
    _folder: TempDir,
}

pub(crate) fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::default();
    let driver = FileDriver::open(location(&folder)).unwrap().with_clock(clock.clone());
    // A disk that is slow to sync is no reason to fail a story.
    let patient = Duration::from_secs(300);
    let world =
        World::over(driver, clock, |builder| builder.driver_deadline(patient).update_deadline(patient));
    Stage { world, location: location(&folder).location, _folder: folder }
}

impl Stage {
    pub(crate) fn folder(&self) -> &Path {
        // What the driver made: the folder around it is the test's.
        self.location.as_path()
    }
}

impl Deref for Stage {
    type Target = World<FileDriver>;

    fn deref(&self) -> &Self::Target {
        &self.world
    }
}

/// How many records are stored.
pub(crate) fn records(stage: &Stage) -> usize {
    files(stage.folder()).iter().filter(|path| is_record(path)).count()
}

/// A location that several processes share.
pub(crate) struct Shared(TempDir);

impl Shared {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One of the processes.
    pub(crate) fn worker(&self) -> Command {
        Worker::command(&self.0.path().join("sessions"))
    }

    pub(crate) fn records(&self) -> usize {
        files(self.0.path()).iter().filter(|path| is_record(path)).count()
    }
}

pub(crate) fn location(folder: &TempDir) -> FileConfig {
    FileConfig::new(folder.path().join("sessions"))
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // A link is looked at, and not followed.
        if fs::symlink_metadata(&path).unwrap().is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Whether this is the file of a record, and not of an index entry: by the length of its name.
pub(crate) fn is_record(path: &Path) -> bool {
    let stem = path.file_stem().unwrap();
    path.extension().is_some_and(|extension| extension == "json") && stem.len() == 32
}

/// The selector that a record's file is named after.
pub(crate) fn selector_of(path: &Path) -> Selector {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let byte = |at: usize| u8::from_str_radix(&stem[at..at + 2], 16).unwrap();
    Selector::from_bytes(std::array::from_fn(|index| byte(2 * index)))
}

/// Bytes as they are written in names of files.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}
