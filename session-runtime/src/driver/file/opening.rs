//! Whether a location can hold sessions, found out at start-up and not by the first visitor.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use super::config::{Durability, FileConfig};
use super::disk::unfinished;
use super::fault::LocationError;
use super::layout::{Layout, UNFINISHED};
use super::lock::{make_private_folder, private_file};

/// Makes what is missing, and tries what the driver will do.
pub(super) fn open(config: &FileConfig) -> Result<Layout, LocationError> {
    let asked = &config.location;
    if let Some(parent) = asked.parent() {
        fs::create_dir_all(parent).map_err(unusable(asked, "make its parents"))?;
    }
    make_private(asked)?;
    // A relative location would move with the working directory.
    let root = asked.canonicalize().map_err(unusable(asked, "find the way"))?;
    let layout = Layout::new(root.clone());
    for hall in layout.halls() {
        make_private(&hall)?;
    }
    tidy(&root).map_err(unusable(&root, "list files"))?;
    let [sessions, principals] = layout.halls();
    for folder in [&root, &sessions, &principals] {
        let written = try_writing(folder).map_err(unusable(folder, "write and rename files"))?;
        owned_alike(folder, &written)?;
    }
    try_locking(&root).map_err(unusable(&root, "lock files"))?;
    if cfg!(unix) && config.durability == Durability::Full {
        File::open(&root).and_then(|root| root.sync_all()).map_err(unusable(&root, "sync folders"))?;
        // The parent may be a folder that this user cannot open; and one that was there long ago needs no sync.
        let _ = root.parent().map(|parent| File::open(parent).and_then(|parent| parent.sync_all()));
    }
    Ok(layout)
}

/// The folder is there, and closed to others.
fn make_private(folder: &Path) -> Result<(), LocationError> {
    match make_private_folder(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(unusable(folder, "make the folder")(error));
        }
        _ => {}
    }
    let found = fs::metadata(folder).map_err(unusable(folder, "look"))?;
    if !found.is_dir() {
        return Err(LocationError::NoFolder { path: folder.to_owned() });
    }
    match exposure(&found) {
        0 => Ok(()),
        mode => Err(LocationError::Exposed { path: folder.to_owned(), mode }),
    }
}

fn unusable<'p>(path: &'p Path, step: &'static str) -> impl FnOnce(io::Error) -> LocationError + 'p {
    move |source| LocationError::Unusable { path: path.to_owned(), step, source }
}

/// The mode, if others have any part in it.
#[cfg(unix)]
fn exposure(found: &fs::Metadata) -> u32 {
    let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777;
    if mode.trailing_zeros() >= OTHERS_BITS { 0 } else { mode }
}

#[cfg(not(unix))]
fn exposure(_: &fs::Metadata) -> u32 {
    0
}

/// The folder's owner is he who writes there; what was `written` tells who that is, also where users are mapped.
#[cfg(unix)]
fn owned_alike(folder: &Path, written: &fs::Metadata) -> Result<(), LocationError> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = fs::metadata(folder).map_err(unusable(folder, "look"))?.uid();
    let same = owner == written.uid();
    if same { Ok(()) } else { Err(LocationError::Foreign { path: folder.to_owned(), owner }) }
}

#[cfg(not(unix))]
fn owned_alike(_: &Path, _: &fs::Metadata) -> Result<(), LocationError> {
    Ok(())
}

/// Takes away what processes left that were killed while they opened the location.
fn tidy(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        let is_unfinished = path.extension().is_some_and(|extension| extension == UNFINISHED);
        let age = || path.symlink_metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_unfinished && age().is_some_and(|age| age > LEFT_BEHIND) {
            // Another one may be quicker.
            let _ = fs::remove_file(path);
        }
    }
    Ok(())
}

/// What was written.
fn try_writing(root: &Path) -> io::Result<fs::Metadata> {
    let mut file = unfinished(root)?;
    file.write_all(b"can this location hold sessions?")?;
    file.as_file().sync_all()?;
    let renamed = root.join("probe");
    // Two processes may start at once: each renames its own over the other's.
    let file = file.persist(&renamed).map_err(|error| error.error)?;
    let written = file.metadata()?;
    drop(file);
    match fs::remove_file(renamed) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(written),
    }
}

fn try_locking(root: &Path) -> io::Result<()> {
    let path = root.join("lock");
    let file = private_file().truncate(false).open(path)?;
    // Only long enough to see that it can be done.
    file.lock_shared()?;
    file.unlock()
}

/// Nobody is that slow between making a file and giving it its place.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// The lowest bits of a mode, which say what the group and all others may do.
#[cfg(unix)]
const OTHERS_BITS: u32 = 6;

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::chown;

    use super::*;

    /// Only root can make somebody else's folder; for others `/` is one that nobody has to write to.
    #[test]
    fn a_folder_of_another_user_is_told_from_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        let written = try_writing(folder.path()).unwrap();
        owned_alike(folder.path(), &written).unwrap();
        let foreign =
            if chown(folder.path(), Some(65_534), None).is_ok() { folder.path() } else { Path::new("/") };
        let refusal = owned_alike(foreign, &written).unwrap_err();
        assert!(matches!(&refusal, LocationError::Foreign { path, .. } if path == foreign), "{refusal}");
    }
}
