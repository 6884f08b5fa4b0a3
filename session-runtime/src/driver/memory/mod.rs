//! Records in this process: a sharded map, an order of deadlines beside it, and the principal index.

mod eviction;
mod ledger;
mod memory_driver;
mod occupancy;
mod roster;

pub use self::memory_driver::MemoryDriver;
pub use self::occupancy::MemoryBounds;
