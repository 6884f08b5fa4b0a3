//! Why a driver could not be made.

use crate::driver::error::BoxError;

/// Why [`RedisDriver::connect`](super::RedisDriver::connect) gave no driver. No variant repeats a URL or a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisConnectError {
    /// A URL is not one of Redis: `redis://` or `unix://`, with the feature `redis-tls` also `rediss://`.
    #[error(
        "an address of Redis is none that begins with redis://, unix:// or, with the feature redis-tls, rediss://"
    )]
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
    /// The [root certificates](super::RedisConfig::root_certificates) are not certificates as PEM text, or an address is
    /// not one of TLS (`rediss://`, feature `redis-tls`), where they would protect nothing.
    #[error("the root certificates are not PEM text, or an address of Redis is not one of TLS")]
    RootCertificates,
    /// No server answered, or its certificate is not trusted, or none of them is the primary, or it refuses the user or the password.
    #[error("Redis cannot be reached")]
    Unreachable {
        /// What the client says.
        source: BoxError,
    },
}
