//! The manager: configuration in, services and sessions out.

mod builder;
mod devices;
mod manager;
mod principal;
mod sweeper;

pub use self::builder::Builder;
pub use self::devices::Device;
pub use self::manager::Sessions;
pub use self::principal::PrincipalSessions;
pub use self::sweeper::SweeperHandle;
