//! Records in this process: a sharded map, an order of deadlines beside it, and the principal index.

mod eviction;
mod graves;
mod ledger;
mod limits;
mod memory_driver;
mod occupancy;
mod roster;

pub(super) use self::graves::Graves;
pub use self::memory_driver::MemoryDriver;
pub use self::occupancy::MemoryBounds;
pub(super) use self::roster::{Rosters, is_settled};
