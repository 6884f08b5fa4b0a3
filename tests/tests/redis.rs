//! The Redis driver against servers that the tests start: the conformance kit, round trips, what lies in the store.

mod redis {
    mod kit;
    mod server;
}
