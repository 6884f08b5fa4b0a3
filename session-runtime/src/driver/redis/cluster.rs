//! Connections to the nodes of a cluster. The client's own retries are off, because it does not tell a call that was
//! refused from one whose answer got lost; redirections are followed here.

use std::time::Duration;

use redis::aio::ConnectionLike as _;
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{RoutingInfo, SingleNodeRoutingInfo};
use redis::{Cmd, ErrorKind, Pipeline, ProtocolVersion, RedisError, RedisResult, ServerErrorKind, Value};

use super::config::{RedisConfig, RedisTopology};
use super::connect_error::RedisConnectError;
use super::dial::addresses;
use super::failure::{Cause, Failure};
use super::scripts::Scripts;

#[derive(Clone)]
pub(super) struct Cluster {
    connection: ClusterConnection,
    limit: Duration,
}

impl Cluster {
    pub(super) async fn connect(config: &RedisConfig, scripts: &Scripts) -> Result<Self, RedisConnectError> {
        let RedisTopology::Cluster { urls } = &config.topology else {
            return Err(RedisConnectError::NoAddress);
        };
        let client = ClusterClientBuilder::new(addresses(urls)?)
            .retries(0)
            .connection_timeout(config.connect_timeout)
            .response_timeout(config.response_timeout)
            .use_protocol(ProtocolVersion::RESP3)
            .build()
            .map_err(|_| RedisConnectError::Url)?;
        let unreachable = |cause: Cause| RedisConnectError::Unreachable { source: Box::new(cause) };
        let mut connection =
            client.get_async_connection().await.map_err(|error| unreachable(Cause::of(&error)))?;
        for text in scripts.texts() {
            // Sent to every primary. What a server refuses here it will say again when it is called.
            let _ = redis::cmd("SCRIPT").arg("LOAD").arg(text).query_async::<Value>(&mut connection).await;
        }
        Ok(Self { connection, limit: config.connect_timeout.saturating_add(config.response_timeout) })
    }

    pub(super) async fn ask(&self, command: &Cmd) -> Result<Value, Failure> {
        let asked = tokio::time::timeout(self.limit, self.follow(command)).await;
        asked.unwrap_or(Err(Failure::Lost(Cause::Late)))
    }

    /// Follows redirections: they say that the node did nothing.
    async fn follow(&self, command: &Cmd) -> Result<Value, Failure> {
        let mut connection = self.connection.clone();
        let mut answer = connection.req_packed_command(command).await;
        for _ in 0..MOST_REDIRECTIONS {
            let error = match answer.and_then(Value::extract_error) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let Some(redirection) = Redirection::of(&error) else {
                return Err(Failure::of(&error));
            };
            answer = redirection.ask(&mut connection, command).await;
        }
        answer.and_then(Value::extract_error).map_err(|error| Failure::of(&error))
    }
}

struct Redirection {
    node: SingleNodeRoutingInfo,
    asking: bool,
}

impl Redirection {
    fn of(error: &RedisError) -> Option<Self> {
        let (address, _) = error.redirect_node()?;
        let (host, port) = address.rsplit_once(':')?;
        let node = SingleNodeRoutingInfo::ByAddress { host: host.to_owned(), port: port.parse().ok()? };
        Some(Self { node, asking: error.kind() == ErrorKind::Server(ServerErrorKind::Ask) })
    }

    async fn ask(self, connection: &mut ClusterConnection, command: &Cmd) -> RedisResult<Value> {
        if !self.asking {
            return connection.route_command(command.clone(), RoutingInfo::SingleNode(self.node)).await;
        }
        let mut both = Pipeline::new();
        both.cmd("ASKING").add_command(command.clone());
        let answers = connection.route_pipeline(both, 0, 2, self.node).await?;
        answers.into_iter().next_back().ok_or_else(|| (ErrorKind::Client, "no answer").into())
    }
}

/// A slot that is moving redirects twice: to where it was, and to where it goes.
const MOST_REDIRECTIONS: usize = 5;
