//! Redis as the tests need it: servers of their own on free ports of this machine, in every topology, which can be
//! killed and started again, and a proxy that does to connections what networks do.
//!
//! Whatever goes wrong in here is a failed test, so that all of it panics and says what the servers wrote.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    missing_debug_implementations,
    reason = "a failed step is a failed test, and nobody prints a server"
)]

mod authority;
mod cluster;
mod monitor;
mod options;
mod ports;
mod process;
mod proxy;
mod sentinel;
mod server;
mod wait;

pub use self::authority::Authority;
pub use self::cluster::{Cluster, Move};
pub use self::monitor::{Monitor, Seen};
pub use self::options::Options;
pub use self::proxy::{Proxy, Trick};
pub use self::sentinel::Sentinels;
pub use self::server::Server;
pub use self::wait::{until, until_within};
