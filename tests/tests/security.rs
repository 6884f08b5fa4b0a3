//! Attacks, each named after the advisory or the requirement that it comes from, on every driver that it concerns.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed defence")]

mod security {
    mod caching;
    mod cookies;
    mod decoding;
    mod document;
    mod durations;
    mod fixation;
    mod guards;
    mod ids;
    mod late_writes;
    #[path = "../events/listener.rs"]
    mod listener;
    mod logging;
    mod logout;
    mod paths;
    mod stage;
    mod stored_keys;
    mod unknown_ids;
    mod visitors;
}
