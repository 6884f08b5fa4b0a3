//! The manager: configuration in, services and sessions out.

mod builder;
mod manager;
mod sweeper;

pub use self::builder::Builder;
pub use self::manager::Sessions;
pub use self::sweeper::SweeperHandle;
