//! Where records live: the contract of a server-side driver, its errors, and the drivers of this crate.

mod backend;
mod contract;
mod erased;
mod error;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "redis")]
mod redis;

pub use self::backend::{Backend, IntoBackend};
pub use self::contract::{Created, Driver, Members, Owner};
pub(crate) use self::erased::{BoxFuture, Call, ErasedDriver};
pub use self::error::{Applicability, BoxError, DriverError};
#[cfg(feature = "file")]
pub use self::file::{Durability, FileConfig, FileDriver, LocationError};
#[cfg(feature = "memory")]
pub use self::memory::{MemoryBounds, MemoryDriver};
#[cfg(feature = "redis")]
pub use self::redis::{RedisConfig, RedisConnectError, RedisDriver, RedisTopology};
