//! What the Redis driver keeps in the store, what it makes of a store that is not as it should be, and how often it asks.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed step is a failed story"
)]

mod redis_store {
    mod floats;
    mod server;
    mod store;
    mod trips;
}
