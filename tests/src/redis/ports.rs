//! Ports that nobody listens on.
//!
//! They are taken from below the range that the system gives to outgoing connections: a client that tries to reconnect
//! to a dead server's port in that range may be connected to itself.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// A free port whose port for the bus of a cluster is free, too.
pub(super) fn free() -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    (0..COUNT).map(|_| next()).find(|port| free(*port) && free(bus(*port))).unwrap()
}

/// The port on which a node of a cluster talks to the others.
pub(super) const fn bus(port: u16) -> u16 {
    port + COUNT
}

/// Test processes that run at once begin at different places.
fn next() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id().wrapping_mul(STRIDE) % u32::from(COUNT)).unwrap();
    FIRST + (begin + TAKEN.fetch_add(1, Ordering::Relaxed)) % COUNT
}

const FIRST: u16 = 12_000;
const COUNT: u16 = 10_000;
/// Prime to the count, and far more than one process takes.
const STRIDE: u32 = 61;
