//! Files that something else has damaged: typed errors, left in place, and nobody else's business.

use std::error::Error as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use session_runtime::drivers::{Created, Driver as _, DriverError, Owner};

use super::fixtures::{Place, selector, user};

/// What damages a file, given a healthy file of the same kind.
type Inflict = fn(&Path, &Path);

/// Every way in which a file can be damaged.
const DAMAGES: [(&str, Inflict); 9] = [
    ("empty", |path, _| fs::write(path, "").unwrap()),
    ("no JSON", |path, _| fs::write(path, "hunter2").unwrap()),
    ("another JSON", |path, _| fs::write(path, r#"{"version":2,"hunter2":"hunter2"}"#).unwrap()),
    ("cut off", |path, _| fs::write(path, &fs::read(path).unwrap()[..100]).unwrap()),
    ("another version", |path, _| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, text.replace("\"version\": ", "\"version\": 9")).unwrap();
    }),
    ("no text", |path, _| fs::write(path, b"\xff\xfehunter2").unwrap()),
    ("a folder", |path, _| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    }),
    ("a link to a healthy file", |path, healthy| {
        fs::remove_file(path).unwrap();
        symlink(healthy, path).unwrap();
    }),
    ("a link to nothing", |path, _| {
        fs::remove_file(path).unwrap();
        symlink("nothing", path).unwrap();
    }),
];

#[tokio::test]
async fn a_damaged_record_is_corrupt_and_left_in_place() {
    for (damage, inflict) in DAMAGES {
        let place = Place::new();
        let (hurt, healthy) = (selector(1, 1), selector(1, 2));
        place.file(hurt, None).await;
        place.file(healthy, None).await;
        let path = place.path(hurt);
        inflict(&path, &place.path(healthy));
        let before = seen(&path);
        assert_corrupt(damage, place.driver.load(&hurt).await);
        assert_corrupt(damage, place.driver.apply(&hurt, &place.set("a")).await);
        assert_corrupt(damage, place.driver.destroy(&hurt, Owner::Anyone).await);
        let created = place.driver.create(&hurt, &place.record(None)).await.unwrap();
        assert_eq!(created, Created::Taken, "{damage}: nobody gets its name");
        place.driver.apply(&healthy, &place.set("a")).await.unwrap();
        assert!(place.driver.load(&healthy).await.unwrap().is_some(), "{damage}: its neighbour");
        // When everything has expired long ago, it is still there.
        place.clock.advance(Duration::from_secs(3_600 * 24 * 400));
        assert_eq!(place.sweep().await, 1, "{damage}: its neighbour is swept");
        assert_eq!(seen(&path), before, "{damage}: it stays as it is");
    }
}

#[tokio::test]
async fn a_damaged_index_entry_is_corrupt_and_left_in_place() {
    for (damage, inflict) in DAMAGES {
        let place = Place::new();
        let (signed_in, other) = (selector(1, 1), selector(2, 2));
        place.file(other, Some(&user(2))).await;
        let healthy = place.entries().remove(0);
        place.file(signed_in, Some(&user(1))).await;
        let path = place.entries().into_iter().find(|path| *path != healthy).unwrap();
        inflict(&path, &healthy);
        let before = seen(&path);
        assert_corrupt(damage, place.driver.members(user(1).key()).await);
        assert_corrupt(damage, place.driver.revoke_all(user(1).key(), None).await);
        place.file(selector(3, 3), None).await;
        assert_corrupt(damage, place.driver.apply(&selector(3, 3), &place.login(&user(1))).await);
        let anonymous = place.driver.load(&selector(3, 3)).await.unwrap().unwrap();
        assert!(anonymous.metadata().principal.is_none(), "{damage}: a login that the index does not know");
        // Sessions go on, and end.
        place.driver.apply(&signed_in, &place.set("a")).await.unwrap();
        assert!(place.driver.destroy(&signed_in, Owner::Principal(user(1).key())).await.unwrap());
        assert_eq!(place.driver.members(user(2).key()).await.unwrap().selectors, [other], "{damage}");
        place.clock.advance(Duration::from_secs(3_600 * 24 * 400));
        place.sweep().await;
        assert_eq!(seen(&path), before, "{damage}: it stays as it is");
    }
}

#[tokio::test]
async fn a_damaged_record_spares_the_other_sessions_of_its_principal() {
    let place = Place::new();
    let (hurt, healthy) = (selector(1, 1), selector(2, 2));
    place.file(hurt, Some(&user(1))).await;
    place.file(healthy, Some(&user(1))).await;
    let (path, text) = (place.path(hurt), fs::read(place.path(hurt)).unwrap());
    fs::write(&path, "").unwrap();
    place.clock.advance(Duration::from_secs(61));
    assert_eq!(place.driver.members(user(1).key()).await.unwrap().selectors, [healthy]);
    assert_eq!(place.driver.revoke_all(user(1).key(), None).await.unwrap(), 1);
    assert_eq!(place.driver.load(&healthy).await.unwrap(), None);
    // Whoever mends it finds it in the index.
    fs::write(&path, text).unwrap();
    assert_eq!(place.driver.members(user(1).key()).await.unwrap().selectors, [hurt]);
    assert_eq!(place.driver.revoke_all(user(1).key(), None).await.unwrap(), 1);
}

fn assert_corrupt<T: std::fmt::Debug>(damage: &str, answer: Result<T, DriverError>) {
    match answer {
        Err(error @ DriverError::Corrupt { .. }) => {
            let told = format!("{error} {error:?} {}", error.source().unwrap());
            assert!(!told.contains("hunter2"), "{damage}: an error tells what is stored: {told}");
        }
        other => panic!("{damage}: {other:?}"),
    }
}

/// What is under a path: the bytes of a file, the target of a link.
fn seen(path: &Path) -> String {
    let found = fs::symlink_metadata(path).unwrap();
    if found.is_symlink() {
        format!("link to {}", fs::read_link(path).unwrap().display())
    } else if found.is_dir() {
        "folder".to_owned()
    } else {
        format!("{:?}", fs::read(path).unwrap())
    }
}
