//! The way to the servers, whichever topology they stand in.

use redis::{Cmd, Value};

use super::cluster::Cluster;
use super::config::{RedisConfig, RedisTopology};
use super::connect_error::RedisConnectError;
use super::dial::Dial;
use super::failure::Failure;
use super::line::Line;
use super::scripts::Scripts;

#[derive(Clone)]
pub(super) enum Link {
    /// To one server, which in the care of sentinels may change.
    Line(Line),
    /// To each node of a cluster.
    Cluster(Cluster),
}

impl Link {
    pub(super) async fn connect(config: &RedisConfig, scripts: &Scripts) -> Result<Self, RedisConnectError> {
        let dial = match &config.topology {
            RedisTopology::Standalone { url } => Dial::server(url, config, scripts)?,
            RedisTopology::Sentinel { urls, master } => Dial::primary(urls, master, config, scripts)?,
            RedisTopology::Cluster { urls } => {
                return Cluster::connect(config, urls, scripts).await.map(Self::Cluster);
            }
        };
        let unreachable = |cause| RedisConnectError::Unreachable { source: Box::new(cause) };
        Line::connect(dial).await.map(Self::Line).map_err(unreachable)
    }

    /// Sends a command that names one key, once. Only what a server refused to look at is sent again, to where the
    /// refusal says.
    pub(super) fn ask(&self, key: &str, command: Cmd) -> impl Future<Output = Result<Value, Failure>> + Send {
        let call = match self {
            Self::Line(line) => Ok(line.ask(command)),
            // In a box, so that the futures of calls to one server stay small.
            Self::Cluster(cluster) => Err(Box::pin(cluster.ask(key.as_bytes(), command))),
        };
        async move {
            match call {
                Ok(call) => call.await,
                Err(call) => call.await,
            }
        }
    }

    /// Sends a command that names no key to every primary.
    pub(super) async fn ask_all(&self, command: &Cmd) -> Vec<Result<Value, Failure>> {
        match self {
            Self::Line(line) => vec![line.ask(command.clone()).await],
            Self::Cluster(cluster) => cluster.ask_all(command).await,
        }
    }
}
