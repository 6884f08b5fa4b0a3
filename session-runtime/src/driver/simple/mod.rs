//! For stores that can only get and put: a smaller contract, and the adapter that makes a driver of it for one process.
//!
//! `contract` says what an author writes, `single_process` is the adapter, `locks` and `index` are what it keeps in
//! memory, `desk` does the work under a lock.

mod contract;
#[cfg(feature = "memory")]
mod desk;
#[cfg(feature = "memory")]
mod index;
#[cfg(feature = "memory")]
mod locks;
#[cfg(feature = "memory")]
mod single_process;

pub use self::contract::SimpleDriver;
#[cfg(feature = "memory")]
pub use self::single_process::SingleProcess;
