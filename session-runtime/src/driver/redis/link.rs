//! The way to the servers, whichever topology they stand in.

use redis::{Cmd, Value};

use super::cluster::Cluster;
use super::config::RedisConfig;
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
        let unreachable = |cause| RedisConnectError::Unreachable { source: Box::new(cause) };
        match Dial::new(config, scripts.clone())? {
            Some(dial) => Line::connect(dial).await.map(Self::Line).map_err(unreachable),
            None => Cluster::connect(config, scripts).await.map(Self::Cluster),
        }
    }

    /// Sends a command once. Only what a server refused to look at is sent again, where the refusal says to.
    pub(super) async fn ask(&self, command: &Cmd) -> Result<Value, Failure> {
        match self {
            Self::Line(line) => line.ask(command).await,
            // In a box, so that the futures of calls to one server stay small.
            Self::Cluster(cluster) => Box::pin(cluster.ask(command)).await,
        }
    }
}
