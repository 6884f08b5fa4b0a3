//! Whom connections by TLS trust.

use redis::ConnectionInfo;

use super::connect_error::RedisConnectError;

#[cfg(feature = "redis-tls")]
pub(super) use self::with_tls::{is_distrust, trusting};

/// Without TLS there is nobody to trust.
#[cfg(not(feature = "redis-tls"))]
pub(super) fn trusting(
    info: ConnectionInfo,
    roots: Option<&str>,
) -> Result<ConnectionInfo, RedisConnectError> {
    if roots.is_some() { Err(RedisConnectError::RootCertificates) } else { Ok(info) }
}

#[cfg(not(feature = "redis-tls"))]
pub(super) const fn is_distrust(_: &redis::RedisError) -> bool {
    false
}

#[cfg(feature = "redis-tls")]
mod with_tls {
    use std::error::Error;
    use std::io;
    use std::sync::Arc;

    use redis::{Client, ConnectionAddr, RedisError, TlsCertificates};
    use rustls::crypto::CryptoProvider;

    use super::{ConnectionInfo, RedisConnectError};

    /// The address, with these certificates instead of the usual ones where there are any.
    pub(crate) fn trusting(
        info: ConnectionInfo,
        roots: Option<&str>,
    ) -> Result<ConnectionInfo, RedisConnectError> {
        let by_tls = matches!(info.addr(), ConnectionAddr::TcpTls { .. });
        if by_tls && CryptoProvider::get_default().is_none() {
            // Somebody else may have been faster, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let Some(roots) = roots else { return Ok(info) };
        if !by_tls || !roots.contains(BEGIN) {
            return Err(RedisConnectError::RootCertificates);
        }
        let certificates = TlsCertificates { client_tls: None, root_cert: Some(roots.as_bytes().to_vec()) };
        let client = Client::build_with_tls(info, certificates);
        client
            .map(|client| client.get_connection_info().clone())
            .map_err(|_| RedisConnectError::RootCertificates)
    }

    /// Whether the server's certificate was refused.
    pub(crate) fn is_distrust(error: &RedisError) -> bool {
        let shared = error.source().and_then(|source| source.downcast_ref::<Arc<dyn Error + Send + Sync>>());
        let of_io = shared.and_then(|shared| shared.downcast_ref::<io::Error>());
        let of_tls = of_io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref());
        matches!(of_tls, Some(rustls::Error::InvalidCertificate(_)))
    }

    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
}
