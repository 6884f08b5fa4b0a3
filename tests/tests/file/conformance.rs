//! The conformance kit, with both durabilities, each check on a folder of its own.

use std::sync::Arc;

use session_runtime::driver_conformance;
use session_runtime::drivers::{Durability, FileConfig, FileDriver};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;

async fn full(clock: ManualClock) -> Subject<FileDriver> {
    subject(clock, Durability::Full)
}

async fn rename(clock: ManualClock) -> Subject<FileDriver> {
    subject(clock, Durability::Rename)
}

fn subject(clock: ManualClock, durability: Durability) -> Subject<FileDriver> {
    // Removed with the subject's way of opening it again, which lives as long as the check.
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let open = move || {
        let config = FileConfig { durability, ..FileConfig::new(folder.path().join("sessions")) };
        FileDriver::open(config).unwrap().with_clock(clock.clone())
    };
    Subject::new(open()).opened_again_by(move || {
        let driver = open();
        async move { driver }
    })
}

driver_conformance!(full, full);
driver_conformance!(rename, rename);
