#![cfg(feature = "memory")]

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::driver::MemoryDriver;

use super::*;

/// Two drivers, and how many times each was made.
fn registry() -> (DriverRegistry, [Arc<AtomicUsize>; 2]) {
    let made: [Arc<AtomicUsize>; 2] = Default::default();
    let [first, second] = made.clone();
    let count = |made: Arc<AtomicUsize>| {
        move || async move {
            made.fetch_add(1, Ordering::SeqCst);
            Ok(MemoryDriver::new())
        }
    };
    (DriverRegistry::new().with("zebra", count(first)).with("ant", count(second)), made)
}

async fn refused(opening: impl Future<Output = Result<Backend, RegistryError>>) -> RegistryError {
    opening.await.unwrap_err()
}

#[tokio::test]
async fn only_the_chosen_driver_is_made() {
    let (registry, made) = registry();
    assert_eq!(registry.names().collect::<Vec<_>>(), ["zebra", "ant"]);
    registry.open("ant").await.unwrap();
    assert_eq!(made.map(|made| made.load(Ordering::SeqCst)), [0, 1]);
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_the_known_ones_in_order() {
    let error = refused(registry().0.open("Ant")).await;
    assert_eq!(error.to_string(), "there is no session driver `Ant`, known are: zebra, ant");
    assert!(matches!(error, RegistryError::Unknown { asked: Some(asked), .. } if asked == "Ant"));
}

#[tokio::test]
async fn what_does_not_look_like_a_name_is_not_repeated() {
    for address in ["redis://:s3cret@db", &"s3cret".repeat(7), "s3cret\n"] {
        let error = refused(registry().0.open(address)).await;
        for told in [error.to_string(), format!("{error:?}")] {
            assert!(!told.contains("s3cret"), "{told}");
            assert!(told.contains("zebra") && told.contains("ant"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_name_is_given_once_whatever_is_opened() {
    for name in ["ant", "zebra", "unknown"] {
        let (registry, made) = registry();
        let twice = registry.with("zebra", || async { Ok(MemoryDriver::new()) });
        let error = refused(twice.open(name)).await;
        assert_eq!(error.to_string(), "two session drivers are registered as `zebra`");
        assert_eq!(made.map(|made| made.load(Ordering::SeqCst)), [0, 0], "nothing is opened");
    }
}

#[tokio::test]
async fn a_factory_that_fails_is_named_and_its_cause_kept() {
    let registry = registry().0.with("files", || async {
        std::fs::read("/nowhere/at/all")?;
        Ok(MemoryDriver::new())
    });
    let error = refused(registry.open("files")).await;
    assert_eq!(error.to_string(), "the session driver `files` cannot be opened");
    let cause = error.source().unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(cause.kind(), std::io::ErrorKind::NotFound);
}

#[tokio::test]
async fn without_the_variable_the_default_is_opened() {
    let (registry, made) = registry();
    registry.open_from_env("SESSION_DRIVER_THAT_NOBODY_SETS", "zebra").await.unwrap();
    assert_eq!(made.map(|made| made.load(Ordering::SeqCst)), [1, 0]);
    let error = refused(self::registry().0.open_from_env("SESSION_DRIVER_THAT_NOBODY_SETS", "gnu")).await;
    assert_eq!(error.to_string(), "there is no session driver `gnu`, known are: zebra, ant");
}

#[tokio::test]
async fn the_variable_of_the_environment_is_read() {
    // Cargo sets it for every test.
    let package = env!("CARGO_PKG_NAME");
    let error = refused(registry().0.open_from_env("CARGO_PKG_NAME", "zebra")).await;
    assert_eq!(error.to_string(), format!("there is no session driver `{package}`, known are: zebra, ant"));
}

#[test]
fn the_variable_counts_before_the_default() {
    assert_eq!(chosen("DRIVER", None, "ant").unwrap(), "ant");
    assert_eq!(chosen("DRIVER", Some("zebra".into()), "ant").unwrap(), "zebra");
    assert_eq!(chosen("DRIVER", Some(" zebra\n".into()), "ant").unwrap(), "zebra");
}

#[test]
fn a_variable_without_a_name_is_no_default() {
    for empty in ["", " ", "\t\n"] {
        let error = chosen("DRIVER", Some(empty.into()), "ant").unwrap_err();
        assert_eq!(error.to_string(), "`DRIVER` is empty: it must name a session driver, or not be set");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_an_error() {
    use std::os::unix::ffi::OsStringExt as _;

    let error = chosen("DRIVER", Some(OsString::from_vec(vec![b'a', 0xff])), "ant").unwrap_err();
    assert!(matches!(error, RegistryError::NotUnicode { variable } if variable == "DRIVER"));
}

#[test]
fn debug_shows_the_names() {
    assert_eq!(format!("{:?}", registry().0), "DriverRegistry { names: [\"zebra\", \"ant\"] }");
}
