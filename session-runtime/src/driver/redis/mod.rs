//! The driver that keeps records in Redis or Valkey.

mod config;
mod connect_error;
mod redis_driver;

pub use self::config::{RedisConfig, RedisTopology};
pub use self::connect_error::RedisConnectError;
pub use self::redis_driver::RedisDriver;
