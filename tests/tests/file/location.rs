//! The location: what is refused at start-up, what lies there, and what sweeps take away.

use std::error::Error as _;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use session_runtime::Clock as _;
use session_runtime::drivers::{Driver as _, FileDriver, LocationError, Owner};
use session_runtime::record::{Fields, Record};

use super::fixtures::{IDLE, Place, selector, user};
use super::stage::is_record;

#[test]
fn a_location_that_is_open_to_others_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    drop(FileDriver::open(location.as_path()).unwrap());
    let inside = location.join("principals");
    for (open, mode) in [(&location, 0o755), (&location, 0o701), (&location, 0o770), (&inside, 0o750)] {
        fs::set_permissions(open, Permissions::from_mode(mode)).unwrap();
        let refusal = FileDriver::open(location.as_path()).unwrap_err();
        assert!(
            matches!(&refusal, LocationError::Exposed { path, mode: found } if path == open && *found == mode)
        );
        assert!(refusal.to_string().contains(open.to_str().unwrap()), "{refusal}");
        assert_eq!(fs::metadata(open).unwrap().permissions().mode() & 0o777, mode);
        fs::set_permissions(open, Permissions::from_mode(0o700)).unwrap();
    }
    FileDriver::open(location).unwrap();
}

#[test]
fn a_location_that_is_no_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    fs::write(&location, "mine").unwrap();
    let refusal = FileDriver::open(location.as_path()).unwrap_err();
    assert!(matches!(&refusal, LocationError::NoFolder { path } if *path == location), "{refusal}");
    assert!(refusal.to_string().contains(location.to_str().unwrap()));
    let below = location.join("below");
    let refusal = FileDriver::open(below.as_path()).unwrap_err();
    assert!(refusal.to_string().contains(below.to_str().unwrap()), "{refusal}");
    assert_eq!(fs::read(location).unwrap(), b"mine");
}

#[test]
fn many_may_open_a_new_location_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let location = folder.path().join(format!("{round}/below/sessions"));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| FileDriver::open(location.as_path()).unwrap());
            }
        });
        let left: Vec<_> = fs::read_dir(location).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 3, "two halls and a lock: {left:?}");
    }
}

#[tokio::test]
async fn names_are_the_same_in_capitals_and_in_small_letters() {
    let place = Place::new();
    for last in 0..=255 {
        place.file(selector(last, last), Some(&user(u64::from(last)))).await;
    }
    place.driver.destroy(&selector(0, 0), Owner::Anyone).await.unwrap();
    let root = place.folder.path().join("sessions");
    for path in place.files() {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        assert_eq!(name, name.to_lowercase());
    }
}

#[tokio::test]
async fn a_destroyed_session_is_remembered_for_a_minute_by_all_processes() {
    let place = Place::new();
    let [destroyed, revoked, expired] = [selector(1, 1), selector(2, 2), selector(3, 3)];
    place.file(destroyed, None).await;
    place.file(revoked, Some(&user(1))).await;
    place.file(expired, None).await;
    assert!(!place.other().destroyed_recently(&destroyed).await.unwrap());
    place.driver.destroy(&destroyed, Owner::Anyone).await.unwrap();
    place.driver.revoke_all(user(1).key(), None).await.unwrap();
    for (seconds, remembered) in [(0, true), (59, true), (1, false)] {
        place.clock.advance(Duration::from_secs(seconds));
        place.sweep().await;
        for selector in [destroyed, revoked] {
            assert_eq!(place.other().destroyed_recently(&selector).await.unwrap(), remembered);
        }
    }
    assert_eq!(graves(&place), 0, "what is forgotten is swept");
    place.clock.advance(IDLE);
    assert_eq!(place.sweep().await, 1);
    assert!(!place.driver.destroyed_recently(&expired).await.unwrap(), "what expired was not destroyed");
}

fn graves(place: &Place) -> usize {
    place.files().iter().filter(|path| path.extension().is_some_and(|extension| extension == "gone")).count()
}

/// The time of modification is a hint to sweeps; a copy from a backup has another one.
#[tokio::test]
async fn a_live_session_is_not_swept_whatever_the_times_of_its_files() {
    let place = Place::new();
    place.file(selector(1, 1), Some(&user(1))).await;
    place.clock.advance(Duration::from_secs(3_600));
    for path in place.files() {
        set_modified(&path, SystemTime::UNIX_EPOCH);
    }
    assert_eq!(place.sweep().await, 0);
    assert_eq!(place.driver.members(user(1).key()).await.unwrap().selectors, [selector(1, 1)]);
    let modified = fs::metadata(place.path(selector(1, 1))).unwrap().modified().unwrap();
    assert!(modified > SystemTime::from(place.clock.now()), "the next sweep need not read it");
    place.clock.advance(Duration::from_secs(3_600));
    assert_eq!(place.sweep().await, 1);
}

/// More files than are looked at in one go, and the one that has expired behind all of them.
#[tokio::test]
async fn a_sweep_finds_what_expired_among_many() {
    let place = Place::new();
    place.file(selector(0, 0), None).await;
    let model = place.path(selector(0, 0));
    let text = fs::read(&model).unwrap();
    for number in 0..10_000_u32 {
        let path = model.with_file_name(format!("00{number:030x}.json"));
        fs::write(&path, &text).unwrap();
        set_modified(&path, fs::metadata(&model).unwrap().modified().unwrap());
    }
    place.clock.advance(IDLE / 2);
    let mut late = place.record(None).metadata().clone();
    late.deadlines.idle = place.clock.now();
    for last in 0..5 {
        let record = Record::new(late.clone(), Fields::default(), Vec::new());
        place.driver.create(&selector(0xff, last), &record).await.unwrap();
    }
    let mut batches = Vec::new();
    while batches.last() != Some(&0) {
        batches.push(place.driver.sweep(2).await.unwrap());
    }
    assert_eq!(batches, [2, 2, 1, 0]);
    assert_eq!(place.files().iter().filter(|path| is_record(path)).count(), 10_001);
}

#[tokio::test]
async fn a_shard_that_cannot_be_listed_keeps_no_sweep_from_the_others() {
    let place = Place::new();
    for first in [1, 2, 3] {
        place.file(selector(first, first), None).await;
    }
    let shard = place.path(selector(2, 2)).parent().unwrap().to_owned();
    fs::remove_dir_all(&shard).unwrap();
    fs::write(&shard, "no folder").unwrap();
    place.clock.advance(IDLE);
    let mut swept = 0;
    let mut failures = 0;
    for _ in 0..4 {
        match place.driver.sweep(10).await {
            Ok(batch) => swept += batch,
            Err(error) => {
                let cause = error.source().unwrap().to_string();
                assert!(cause.contains(shard.to_str().unwrap()), "{cause}");
                failures += 1;
            }
        }
    }
    assert_eq!(failures, 2, "every other sweep ends at the shard, and the next one begins behind it");
    let left = place.files().iter().filter(|path| is_record(path)).count();
    assert_eq!((swept, left), (1, 0), "what was removed before the failure is not counted");
}

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}
