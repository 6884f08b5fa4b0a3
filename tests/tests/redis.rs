//! Sessions in Redis: servers that are killed, cut off, full, moved and replaced, and what becomes of sessions then.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed step is a failed story, and figures are told"
)]

mod redis {
    mod at_rest;
    mod cluster;
    mod cluster_wire;
    #[path = "../stories/concurrency.rs"]
    mod concurrency;
    mod conformance;
    mod floats;
    mod index;
    mod kills;
    mod limits;
    mod load;
    mod lost_replies;
    mod numbers;
    mod outages;
    #[path = "../stories/processes.rs"]
    mod processes;
    mod round_trips;
    mod scripts;
    mod sentinel;
    mod stage;
    mod store;
    mod strangers;
    mod switch;
    mod tls;
    #[path = "../file/workers.rs"]
    #[expect(dead_code, reason = "the processes here are fewer")]
    mod workers;
}
