//! A full disk, a file system that turned read-only, permissions taken away: typed errors, and the old record intact.
//!
//! Disks are small file systems that a process of the test mounts in a namespace of its own, so that they end with it;
//! that needs root or user namespaces. Permissions do not bind root, who therefore runs the process without the power to
//! pass over them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;

use serde_json::{Value, json};
use session_runtime::drivers::{Driver as _, DriverError};
use tempfile::TempDir;

use super::fixtures::{Place, selector, user};
use super::workers::Worker;

/// A process on a file system of one MiB that only it sees, mounted with further options.
fn on_small_disk(folder: &TempDir, prepare: &str) -> Result<Worker, String> {
    let location = folder.path();
    let prepare = format!(r#"mount -t tmpfs -o size=1m,mode=700 none "$PLACE" && {prepare} exec "$@""#);
    let attempt = |namespace: &[&str]| {
        Worker::start(Worker::behind(namespace, &prepare, location).env("PLACE", location))
    };
    let mounts = |namespace: &[&str]| {
        let mut command = Command::new(namespace[0]);
        command.args(&namespace[1..]).args(["mount", "-t", "tmpfs", "none"]).arg(location);
        command.output().expect("`unshare` of util-linux").status.success()
    };
    match NAMESPACES.iter().find(|namespace| mounts(namespace)) {
        Some(namespace) => attempt(namespace),
        None => panic!("this test mounts a small disk: it needs root or user namespaces"),
    }
}

fn assert_kind(answer: &Value, kind: &str) {
    assert_eq!((&answer["status"], &answer["kind"]), (&json!(503), &json!(kind)), "{answer}");
}

/// The session as it was before the fault.
fn assert_intact(worker: &mut Worker, token: &str) {
    let session = worker.run(token, "load");
    assert_eq!(session["session"]["all"], json!({ "one": "one" }), "the old record");
}

#[test]
fn a_full_disk_is_a_typed_error_and_leaves_the_old_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = on_small_disk(&folder, "").unwrap();
    let token = worker.visit("put one");
    let other = worker.visit("login 42");
    worker.ask(r#"shell head -c 2000000 /dev/zero > "$PLACE/filler""#);
    for script in ["put-large 5000", "put two", "login 7"] {
        assert_kind(&worker.ask(&format!("http {token} {script}")), "full");
        assert_intact(&mut worker, &token);
    }
    assert_kind(&worker.ask("http - put new"), "full");
    let unfinished = worker.ask(r#"shell find "$PLACE" -name '*.tmp' | grep ."#);
    assert_eq!(unfinished["success"], false, "what could not be written was left behind");
    // An ending needs no room.
    worker.run(&other, "logout");
    assert_eq!(worker.run(&other, "load")["session"]["user"], Value::Null);
    worker.ask(r#"shell rm "$PLACE/filler""#);
    worker.run(&token, "put-large 5000");
    let session = worker.run(&token, "load");
    assert_eq!(session["session"]["all"].as_object().unwrap().len(), 2, "there is room again");
}

#[test]
fn a_file_over_the_limit_of_the_process_is_a_typed_error() {
    let folder = tempfile::tempdir().unwrap();
    let limited = r#"trap '' XFSZ; ulimit -f 16; exec "$@""#;
    let mut command = Worker::behind(&["env"], limited, &folder.path().join("sessions"));
    let mut worker = Worker::start(&mut command).unwrap();
    let token = worker.visit("put one");
    assert_kind(&worker.ask(&format!("http {token} put-large 100000")), "full");
    assert_intact(&mut worker, &token);
    worker.run(&token, "put two");
}

#[test]
fn a_file_system_that_turned_read_only_is_a_typed_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = on_small_disk(&folder, "").unwrap();
    let token = worker.visit("put one");
    let remounted = worker.ask(r#"shell mount -o remount,bind,ro "$PLACE""#);
    assert_eq!(remounted["success"], true);
    for script in ["put two", "login 42", "invalidate"] {
        assert_kind(&worker.ask(&format!("http {token} {script}")), NOTHING_APPLIED);
        assert_intact(&mut worker, &token);
    }
    assert_eq!(worker.ask(r#"shell mount -o remount,bind,rw "$PLACE""#)["success"], true);
    worker.run(&token, "put two");
}

#[test]
fn a_read_only_location_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let refused = on_small_disk(&folder, r#"mount -o remount,bind,ro "$PLACE" &&"#);
    let refusal = refused.err().expect("nothing can be written there");
    assert!(refusal.contains(folder.path().to_str().unwrap()), "{refusal}");
    assert!(refusal.to_lowercase().contains("read-only"), "{refusal}");
}

#[test]
fn permissions_taken_away_are_a_typed_error() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    let mut worker = bound_by_permissions(&location).unwrap();
    let token = worker.visit("put one");
    let shards = shards(&location);
    set_mode(&shards, 0o500);
    for script in ["put two", "invalidate"] {
        assert_kind(&worker.ask(&format!("http {token} {script}")), NOTHING_APPLIED);
        assert_intact(&mut worker, &token);
    }
    // What cannot be looked at is no "no session".
    set_mode(&shards, 0o000);
    assert_kind(&worker.ask(&format!("http {token} load")), NOTHING_APPLIED);
    set_mode(&shards, 0o700);
    worker.run(&token, "put two");
}

#[test]
fn a_location_that_cannot_be_written_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    drop(bound_by_permissions(&location).unwrap());
    // The location itself, its halls there already; a place where it cannot be made; and one of its halls.
    let (below, hall) = (location.join("below").join("sessions"), location.join("principals"));
    for (closed, place, told) in
        [(&location, &location, &location), (&location, &below, &below), (&hall, &location, &hall)]
    {
        set_mode(slice::from_ref(closed), 0o500);
        let refusal = bound_by_permissions(place).err().expect("nothing can be written there");
        assert!(refusal.contains(told.to_str().unwrap()), "{refusal}");
        assert!(refusal.contains("ermission denied"), "{refusal}");
        set_mode(slice::from_ref(closed), 0o700);
    }
}

#[tokio::test]
async fn a_location_that_is_away_has_lost_no_session() {
    let place = Place::new();
    let (location, away) = (place.folder.path().join("sessions"), place.folder.path().join("away"));
    place.file(selector(1, 1), None).await;
    fs::rename(&location, &away).unwrap();
    for emptied in [false, true] {
        if emptied {
            // As under a volume that is not mounted.
            fs::create_dir(&location).unwrap();
        }
        let answer = place.driver.load(&selector(1, 1)).await.unwrap_err();
        assert!(matches!(answer, DriverError::Unavailable { .. }), "{answer:?}");
        assert!(place.driver.destroyed_recently(&selector(1, 1)).await.is_err());
        assert!(place.driver.members(user(1).key()).await.is_err());
    }
    fs::remove_dir(&location).unwrap();
    fs::rename(&away, &location).unwrap();
    assert!(place.driver.load(&selector(1, 1)).await.unwrap().is_some());
}

/// A process that permissions bind, be it root's.
fn bound_by_permissions(location: &Path) -> Result<Worker, String> {
    let id = Command::new("id").arg("-u").output().unwrap();
    let program: &[&str] = if id.stdout == b"0\n" { &WITHOUT_OVERRIDE } else { &["env"] };
    Worker::start(&mut Worker::behind(program, r#"exec "$@""#, location))
}

/// The folders that hold files.
fn shards(location: &Path) -> Vec<PathBuf> {
    let halls = ["sessions", "principals"].map(|hall| fs::read_dir(location.join(hall)).unwrap());
    halls.into_iter().flatten().map(|shard| shard.unwrap().path()).collect()
}

fn set_mode(paths: &[PathBuf], mode: u32) {
    for path in paths {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
}

const NOTHING_APPLIED: &str = "unavailable, nothing was applied";
const NAMESPACES: [&[&str]; 2] =
    [&["unshare", "--user", "--map-root-user", "--mount"], &["unshare", "--mount"]];
const WITHOUT_OVERRIDE: [&str; 2] = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
