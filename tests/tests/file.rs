//! The file driver: the contract, faults that were really injected, and what it leaves on disk.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed step is a failed test"
)]

mod file {
    mod at_rest;
    #[path = "../stories/concurrency.rs"]
    mod concurrency;
    mod conformance;
    mod damage;
    mod faults;
    mod fixtures;
    mod index;
    mod killed;
    mod location;
    #[path = "../stories/processes.rs"]
    mod processes;
    mod stage;
    mod synced;
    mod waiting;
    mod workers;
}
