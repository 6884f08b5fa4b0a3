//! Records in files: one document per session, written beside the old one and renamed over it, under locks that hold
//! between threads and between processes; the principal index beside them.
//!
//! `layout` names files, `disk` reads and replaces them, `lock` holds a shard against other processes and `gates`
//! against our own threads; `records`, `roster` and `graves` know what is in the files; `tidy` removes what is over;
//! `opening` judges a location before the driver stands on it.

mod config;
mod disk;
mod fault;
mod file_driver;
mod gates;
mod graves;
mod layout;
mod lock;
mod opening;
mod records;
mod roster;
mod sweeping;
mod tidy;

pub use self::config::{Durability, FileConfig};
pub use self::fault::LocationError;
pub use self::file_driver::FileDriver;
