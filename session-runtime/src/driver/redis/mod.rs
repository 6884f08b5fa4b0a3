//! The driver that keeps records in Redis or Valkey.
//!
//! `config` says where the servers are; `dial` makes a connection, `line` keeps one, `cluster` one to each primary
//! (`slots` says which holds what), `link` is either; `tls` says whom they trust, `sentinels` asks where the primary is, and `watch` whether it still
//! is; `failure` is what went wrong on the way. `layout` is how a record is filed, `reading` how it is read back,
//! `commit_call` how a commit is handed to the script that applies it, `sums` what that script cannot compute, `ending`
//! how sessions are destroyed, `index` the sessions of a principal;
//! `redis_driver` is the driver over all of them, and `steps` what its methods are made of.

mod announced;
mod cluster;
mod commit_call;
mod config;
mod connect_error;
mod dial;
mod ending;
mod failure;
mod index;
mod layout;
mod line;
mod link;
mod policy;
mod reading;
mod redis_driver;
mod scripts;
mod sentinels;
mod slots;
mod steps;
mod sums;
mod tls;
mod watch;

pub use self::config::{RedisConfig, RedisTopology};
pub use self::connect_error::RedisConnectError;
pub use self::redis_driver::RedisDriver;
