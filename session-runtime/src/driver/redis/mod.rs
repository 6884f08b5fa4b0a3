//! The driver that keeps records in Redis or Valkey.
//!
//! `config` says where the servers are; `dial` makes a connection, `line` keeps one (`calls` are made on it), `cluster`
//! one to each primary (`slots` says which holds what), `link` is either; `tls` says whom they trust, `sentinels` asks
//! where the primary is, and `watch` whether it still is; `failure` is what went wrong on the way. `layout` is how a
//! record is filed, `reading` how it is read back, `revisions` how two states of one are told apart, `applying` how a
//! commit leads from one to the next, `ending` how sessions are destroyed, `index` the sessions of a principal;
//! `redis_driver` is the driver over all of them, and `steps` what its methods are made of.

mod announced;
mod applying;
mod calls;
mod cluster;
mod config;
mod connect_error;
mod dial;
mod ending;
mod failure;
mod index;
mod layout;
mod limits;
mod line;
mod link;
mod policy;
mod reading;
mod redis_driver;
mod revisions;
mod scripts;
mod sentinels;
mod slots;
mod steps;
mod tls;
mod watch;

pub use self::config::{RedisConfig, RedisTopology};
pub use self::connect_error::RedisConnectError;
pub use self::redis_driver::RedisDriver;
