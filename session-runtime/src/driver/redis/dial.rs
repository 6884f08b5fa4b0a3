//! How a connection to the one server that counts is made: by its address, or by asking sentinels for it.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion,
    PushInfo, RedisError, RedisResult, Value,
};

use super::config::RedisConfig;
use super::connect_error::RedisConnectError;
use super::failure::Cause;
use super::scripts::Scripts;
use super::sentinels::{Primary, Sentinels};
use super::slots::Address;
use super::tls;
use super::watch::Watch;

pub(super) struct Dial {
    to: To,
    connect_timeout: Duration,
    response_timeout: Duration,
    scripts: Scripts,
}

enum To {
    Server(Box<Client>),
    Primary(Arc<Sentinels>),
}

/// A connection, and which server it leads to where that may change.
pub(super) struct Dialed {
    pub(super) connection: MultiplexedConnection,
    primary: Option<Primary>,
}

impl Dial {
    /// To one server.
    pub(super) fn server(
        url: &str,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let client = Client::open(address(url, config)?).map_err(invalid)?;
        Ok(Self::new(To::Server(Box::new(client)), config, scripts))
    }

    /// To the primary that sentinels know.
    pub(super) fn primary(
        urls: &[String],
        name: &str,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let asking = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(config.connect_timeout))
            .set_response_timeout(Some(config.response_timeout));
        let sentinels = Sentinels { all: addresses(urls, config)?, name: name.to_owned(), config: asking };
        Ok(Self::new(To::Primary(Arc::new(sentinels)), config, scripts))
    }

    /// To a node of a cluster, in the manner of another one.
    pub(super) fn node(
        like: &ConnectionInfo,
        address: &Address,
        config: &RedisConfig,
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let client = Client::open(at(like, address)).map_err(invalid)?;
        Ok(Self::new(To::Server(Box::new(client)), config, scripts))
    }

    fn new(to: To, config: &RedisConfig, scripts: &Scripts) -> Self {
        let RedisConfig { connect_timeout, response_timeout, .. } = *config;
        Self { to, connect_timeout, response_timeout, scripts: scripts.clone() }
    }

    pub(super) async fn connect<Notice>(&self, notice: Notice) -> Result<Dialed, Cause>
    where
        Notice: Fn(PushInfo) -> Result<(), ()> + Send + Sync + 'static,
    {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.connect_timeout))
            .set_response_timeout(Some(self.response_timeout))
            .set_pipeline_buffer_size(CALLS_IN_FLIGHT)
            .set_push_sender(notice);
        let connecting = async {
            let mut dialed = self.open(&config).await?;
            self.scripts.load(&mut dialed.connection).await;
            Ok(dialed)
        };
        let step = self.connect_timeout.saturating_add(self.response_timeout);
        let limit = step.saturating_mul(self.most_steps());
        tokio::time::timeout(limit, connecting).await.unwrap_or(Err(Cause::Late))
    }

    /// Calls `moved` when another server takes the place of the one that was reached, where that may be.
    pub(super) fn watch(&self, dialed: &Dialed, moved: impl Fn() + Send + Sync + 'static) -> Option<Watch> {
        match (&self.to, &dialed.primary) {
            (To::Primary(sentinels), Some(primary)) => Some(Watch::begin(sentinels, primary.clone(), moved)),
            _ => None,
        }
    }

    /// How many connections are made one after the other: to a sentinel with and without password, to the server.
    const fn most_steps(&self) -> u32 {
        match self.to {
            To::Server(_) => 1,
            To::Primary(_) => 3,
        }
    }

    async fn open(&self, config: &AsyncConnectionConfig) -> Result<Dialed, Cause> {
        let failed = |error: RedisError| Cause::of(&error);
        let sentinels = match &self.to {
            To::Server(client) => {
                let connection = client.get_multiplexed_async_connection_with_config(config).await;
                return Ok(Dialed { connection: connection.map_err(failed)?, primary: None });
            }
            To::Primary(sentinels) => sentinels,
        };
        let primary = sentinels.primary().await?;
        let like = sentinels.all.first().ok_or(Cause::NoPrimary)?;
        let client = Client::open(at(like, &primary.address)).map_err(failed)?;
        let connection = client.get_multiplexed_async_connection_with_config(config).await;
        let mut connection = connection.map_err(failed)?;
        if is_replica(&mut connection).await.map_err(failed)? {
            return Err(Cause::NoPrimary);
        }
        Ok(Dialed { connection, primary: Some(primary) })
    }
}

/// Sentinels may be wrong. A server that keeps its role to itself is believed them.
async fn is_replica(connection: &mut MultiplexedConnection) -> RedisResult<bool> {
    match connection.send_packed_command(&redis::cmd("ROLE")).await? {
        Value::Array(facts) => {
            Ok(!matches!(facts.first(), Some(Value::BulkString(role)) if role == b"master"))
        }
        _ => Ok(false),
    }
}

/// Another server, reached in the manner of this one: with its user, password, database and TLS.
fn at(like: &ConnectionInfo, address: &Address) -> ConnectionInfo {
    let Address { host, port } = address.clone();
    let addr = match like.addr().clone() {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure, tls_params }
        }
        _ => ConnectionAddr::Tcp(host, port),
    };
    like.clone().set_addr(addr)
}

/// The addresses of nodes or sentinels; at least one.
pub(super) fn addresses(
    urls: &[String],
    config: &RedisConfig,
) -> Result<Vec<ConnectionInfo>, RedisConnectError> {
    if urls.is_empty() {
        return Err(RedisConnectError::NoAddress);
    }
    urls.iter().map(|url| address(url, config)).collect()
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
fn address(url: &str, config: &RedisConfig) -> Result<ConnectionInfo, RedisConnectError> {
    let info = url.into_connection_info().map_err(invalid)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    tls::trusting(info.set_redis_settings(settings), config.root_certificates.as_deref())
}

fn invalid(_: RedisError) -> RedisConnectError {
    RedisConnectError::Url
}

/// More calls than that wait for room in front of the connection.
const CALLS_IN_FLIGHT: usize = 1_024;
