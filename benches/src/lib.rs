//! What is measured: one request through a bare service, through ours, and through a peer's, in process and on one
//! thread. The programs in `bin/` measure time, allocations and instructions of the same scenarios.

mod ours;
mod peer;
#[cfg(feature = "redis")]
pub mod redis;
mod scenario;

pub use self::ours::{Ours, future_sizes};
pub use self::peer::Peer;
pub use self::scenario::{Rig, Scenario};
