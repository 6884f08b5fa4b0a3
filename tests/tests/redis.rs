//! The conformance kit on the Redis driver, against servers that the tests start.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed step is a failed story"
)]

mod redis {
    mod kit;
    mod server;
}
