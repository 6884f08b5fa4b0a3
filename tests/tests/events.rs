//! Events: their names, what each outcome tells, and what none of them may tell.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed story")]

mod events {
    mod canaries;
    mod listener;
    mod log;
    mod names;
    mod outcomes;
    mod strangers;
}
