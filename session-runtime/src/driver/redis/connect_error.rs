//! Why a driver could not be made.

use crate::driver::error::BoxError;

/// Why [`RedisDriver::connect`](super::RedisDriver::connect) gave no driver. No variant repeats a URL or a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisConnectError {
    /// A URL is not one of Redis: `redis://` or `unix://`, with the feature `redis-tls` also `rediss://`.
    #[error("an address of Redis is not a valid URL")]
    Url,
    /// The list of addresses is empty.
    #[error("there is no address of Redis")]
    NoAddress,
    /// The prefix is empty or contains braces, which would decide where Redis Cluster puts a key.
    #[error("the prefix of the keys is empty or contains braces")]
    Prefix,
    /// A timeout is zero.
    #[error("a timeout of Redis is zero")]
    Timeout,
    /// No server answered, or none of them is the primary, or it refuses the user or the password.
    #[error("Redis cannot be reached")]
    Unreachable {
        /// What the client says.
        source: BoxError,
    },
}
