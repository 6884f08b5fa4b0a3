//! Where records live: the contract of a server-side driver, its errors, and the drivers of this crate.

mod backend;
mod contract;
mod erased;
mod error;
#[cfg(feature = "memory")]
mod memory;
mod registry;
mod simple;

pub use self::backend::{Backend, IntoBackend};
pub use self::contract::{Created, Driver, Members, Owner};
pub(crate) use self::erased::{BoxFuture, Call, ErasedDriver};
pub use self::error::{Applicability, BoxError, DriverError};
#[cfg(feature = "memory")]
pub use self::memory::{MemoryBounds, MemoryDriver};
pub use self::registry::{DriverRegistry, RegistryError};
pub use self::simple::SimpleDriver;
#[cfg(feature = "memory")]
pub use self::simple::SingleProcess;
