//! Where records live: the contract of a server-side driver, its errors, and the drivers of this crate.

mod answers;
mod backend;
mod contract;
mod cookie;
mod crowds;
mod erased;
mod error;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod registry;
mod shared;
mod simple;

pub use self::answers::{Created, Crowd, DriverFate, Members, Owner};
pub(crate) use self::backend::Kind;
pub use self::backend::{Backend, IntoBackend};
pub use self::contract::Driver;
pub use self::cookie::{CookieDriver, Revocation, RevocationStore};
pub(crate) use self::cookie::{MOST_BYTES, Nothing};
pub(crate) use self::erased::{BoxFuture, Call, ErasedDriver};
pub use self::error::{Applicability, BoxError, DriverError};
#[cfg(feature = "file")]
pub use self::file::{Durability, FileConfig, FileDriver, LocationError};
#[cfg(feature = "memory")]
pub use self::memory::{MemoryBounds, MemoryDriver};
#[cfg(feature = "redis")]
pub use self::redis::{RedisConfig, RedisConnectError, RedisDriver, RedisTopology};
pub use self::registry::{DriverRegistry, RegistryError};
pub use self::simple::SimpleDriver;
#[cfg(feature = "memory")]
pub use self::simple::SingleProcess;
