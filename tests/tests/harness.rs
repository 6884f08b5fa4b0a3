//! The servers and the proxy that other tests stand on.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod harness {
    mod proxies;
    mod servers;
}
