//! Sessions that their browsers carry: what is sealed, what opens, what was revoked, what does not fit.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed story")]

mod cookie {
    mod chunks;
    mod events;
    mod keys;
    mod lifetimes;
    mod races;
    mod revocation;
    mod sealed;
    mod server;
    mod stores;
    mod tampering;
}
