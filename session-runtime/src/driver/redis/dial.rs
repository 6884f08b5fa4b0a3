//! How a connection to the one server that counts is made: by its address, or by asking sentinels for it.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion,
    PushInfo, RedisConnectionInfo, RedisResult, TlsMode,
};

use super::config::RedisConfig;
use super::connect_error::RedisConnectError;
use super::failure::Cause;
use super::scripts::Scripts;
use super::slots::Address;

pub(super) struct Dial {
    to: To,
    connect_timeout: Duration,
    response_timeout: Duration,
    scripts: Scripts,
}

enum To {
    Server(Client),
    Primary { sentinels: Vec<ConnectionInfo>, name: String, node: SentinelNodeConnectionInfo },
}

impl Dial {
    /// To one server.
    pub(super) fn server(
        url: &str,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let client = Client::open(address(url)?).map_err(invalid)?;
        Ok(Self::new(To::Server(client), config, scripts))
    }

    /// To the primary that sentinels know.
    pub(super) fn primary(
        urls: &[String],
        name: &str,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let sentinels = addresses(urls)?;
        let node = sentinels.first().map(node).unwrap_or_default();
        Ok(Self::new(To::Primary { sentinels, name: name.to_owned(), node }, config, scripts))
    }

    /// To a node of a cluster, in the manner of another one.
    pub(super) fn node(
        like: &ConnectionInfo,
        address: &Address,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let Address { host, port } = address.clone();
        let addr = match like.addr().clone() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
                ConnectionAddr::TcpTls { host, port, insecure, tls_params }
            }
            _ => ConnectionAddr::Tcp(host, port),
        };
        let client = Client::open(like.clone().set_addr(addr)).map_err(invalid)?;
        Ok(Self::new(To::Server(client), config, scripts))
    }

    fn new(to: To, config: &RedisConfig, scripts: &Scripts) -> Self {
        let RedisConfig { connect_timeout, response_timeout, .. } = *config;
        Self { to, connect_timeout, response_timeout, scripts: scripts.clone() }
    }

    pub(super) async fn connect<Notice>(&self, notice: Notice) -> Result<MultiplexedConnection, Cause>
    where
        Notice: Fn(PushInfo) -> Result<(), ()> + Send + Sync + 'static,
    {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.connect_timeout))
            .set_response_timeout(Some(self.response_timeout))
            .set_pipeline_buffer_size(CALLS_IN_FLIGHT)
            .set_push_sender(notice);
        let servers = match &self.to {
            To::Server(_) => 1,
            To::Primary { sentinels, .. } => 2 * sentinels.len() + 1,
        };
        let limit = self.connect_timeout.saturating_mul(u32::try_from(servers).unwrap_or(u32::MAX));
        let connecting = async {
            let mut connection = self.open(&config).await?;
            self.scripts.load(&mut connection).await;
            RedisResult::Ok(connection)
        };
        match tokio::time::timeout(limit.saturating_add(self.response_timeout), connecting).await {
            Ok(connection) => connection.map_err(|error| Cause::of(&error)),
            Err(_) => Err(Cause::Late),
        }
    }

    async fn open(&self, config: &AsyncConnectionConfig) -> RedisResult<MultiplexedConnection> {
        let (sentinels, name, node) = match &self.to {
            To::Server(client) => return client.get_multiplexed_async_connection_with_config(config).await,
            To::Primary { sentinels, name, node } => (sentinels, name, node),
        };
        match primary(sentinels.clone(), name, node, config).await {
            Err(_) if sentinels.iter().any(has_password) => {
                // Sentinels that ask for no password may refuse to be given one.
                let open = sentinels.iter().cloned().map(without_password).collect();
                primary(open, name, node, config).await
            }
            answer => answer,
        }
    }
}

async fn primary(
    sentinels: Vec<ConnectionInfo>,
    name: &str,
    node: &SentinelNodeConnectionInfo,
    config: &AsyncConnectionConfig,
) -> RedisResult<MultiplexedConnection> {
    // A client of its own each time: one that is kept would also keep connections to sentinels that are gone.
    let (name, node) = (name.to_owned(), Some(node.clone()));
    let mut client = SentinelClient::build(sentinels, name, node, SentinelServerType::Master)?;
    client.get_async_connection_with_config(config).await
}

/// The addresses of nodes or sentinels; at least one.
pub(super) fn addresses(urls: &[String]) -> Result<Vec<ConnectionInfo>, RedisConnectError> {
    if urls.is_empty() {
        return Err(RedisConnectError::NoAddress);
    }
    urls.iter().map(|url| address(url)).collect()
}

/// Where a node is.
pub(super) fn address_of(info: &ConnectionInfo) -> Option<Address> {
    match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            Some(Address { host: host.clone(), port: *port })
        }
        _ => None,
    }
}

/// RESP3 tells of a broken connection before the next call finds out.
fn address(url: &str) -> Result<ConnectionInfo, RedisConnectError> {
    let info = url.into_connection_info().map_err(invalid)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

fn invalid(_: redis::RedisError) -> RedisConnectError {
    RedisConnectError::Url
}

/// User, password, database and TLS of a sentinel's address serve for the servers too.
fn node(sentinel: &ConnectionInfo) -> SentinelNodeConnectionInfo {
    let node =
        SentinelNodeConnectionInfo::default().set_redis_connection_info(sentinel.redis_settings().clone());
    match sentinel.addr() {
        ConnectionAddr::TcpTls { insecure: false, .. } => node.set_tls_mode(TlsMode::Secure),
        ConnectionAddr::TcpTls { insecure: true, .. } => node.set_tls_mode(TlsMode::Insecure),
        _ => node,
    }
}

fn has_password(info: &ConnectionInfo) -> bool {
    info.redis_settings().password().is_some()
}

fn without_password(info: ConnectionInfo) -> ConnectionInfo {
    info.set_redis_settings(RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3))
}

/// More calls than that wait for room in front of the connection.
const CALLS_IN_FLIGHT: usize = 1_024;
