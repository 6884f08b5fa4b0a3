//! The conformance kit, with both durabilities, each check on a folder of its own.

use std::sync::Arc;

use session_runtime::driver_conformance;
use session_runtime::drivers::{Durability, FileConfig, FileDriver};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;

use super::stage::{files, is_record, selector_of};

async fn full(clock: ManualClock) -> Subject<FileDriver> {
    subject(clock, Durability::Full)
}

async fn rename(clock: ManualClock) -> Subject<FileDriver> {
    subject(clock, Durability::Rename)
}

fn subject(clock: ManualClock, durability: Durability) -> Subject<FileDriver> {
    // Removed with the subject's way of opening it again, which lives as long as the check.
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let damaged = folder.clone();
    let open = move || {
        let config = FileConfig { durability, ..FileConfig::new(folder.path().join("sessions")) };
        FileDriver::open(config).unwrap().with_clock(clock.clone())
    };
    let subject = Subject::new(open()).remembering_the_destroyed();
    let subject = subject.opened_again_by(move || {
        let driver = open();
        async move { driver }
    });
    subject.corrupted_by(move |selector| {
        let files = files(damaged.path());
        let record = files.iter().find(|path| is_record(path) && selector_of(path) == selector);
        std::fs::write(record.unwrap(), "hunter2").unwrap();
        async {}
    })
}

driver_conformance!(full, full);
driver_conformance!(rename, rename);
