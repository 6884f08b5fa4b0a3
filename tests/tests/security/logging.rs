//! What is told to logs: the decisions that count, and nothing that opens a session.

use std::num::NonZeroUsize;
use std::time::Duration;

use session_runtime::drivers::MemoryDriver;
use session_runtime::{LimitPolicy, Sessions};

use super::listener::Listener;

/// ASVS 7.1.1 and 7.1.2: also what nobody wrote down.
#[test]
fn asvs_7_1_1_the_lifetimes_that_count_are_told_at_start() {
    let listener = Listener::listen();
    let _ = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let told = listener.told().join("\n");
    for part in
        ["session.configured", "idle_timeout=7200s", "absolute_lifetime=2592000s", "limit=None", "__Host-id"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    let decided = Sessions::builder(MemoryDriver::new())
        .idle_timeout(Duration::from_secs(60))
        .absolute_lifetime(Duration::from_secs(600))
        .max_sessions_per_principal(NonZeroUsize::MIN, LimitPolicy::RefuseNew);
    decided.build().unwrap();
    let told = listener.told().join("\n");
    for part in ["idle_timeout=60s", "absolute_lifetime=600s", "RefuseNew"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // What is refused does not start.
    Sessions::builder(MemoryDriver::new()).idle_timeout(Duration::ZERO).build().unwrap_err();
    assert!(!listener.told().join("\n").contains("session.configured"));
}
