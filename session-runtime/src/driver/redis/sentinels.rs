//! Asks sentinels which server is the primary.
//!
//! They do not all know at the same moment: the one that leads a failover knows first. The epoch of their configuration,
//! by which they convince each other, tells whose word is newer.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, Pipeline, PushInfo, RedisConnectionInfo, RedisError,
    RedisResult,
};
use tokio::task::JoinSet;

use super::failure::Cause;
use super::slots::Address;

/// The sentinels, and the name under which they watch the primary.
pub(super) struct Sentinels {
    pub(super) all: Vec<ConnectionInfo>,
    pub(super) name: String,
    /// How connections to them are made.
    pub(super) config: AsyncConnectionConfig,
}

/// What a sentinel says of the primary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Primary {
    pub(super) address: Address,
    /// Counts up with every failover.
    pub(super) epoch: u64,
    /// A replica is being promoted in its place: what the primary acknowledges from now on may be lost.
    pub(super) leaving: bool,
}

/// What a sentinel knows of a primary, by name.
type Facts = HashMap<String, String>;

impl Sentinels {
    /// Asks all of them at once; the newest word counts. Once one has answered, the others have a moment left.
    ///
    /// A primary that is about to be replaced is none.
    pub(super) async fn primary(self: &Arc<Self>) -> Result<Primary, Cause> {
        let newest = self.newest().await?;
        if newest.leaving { Err(Cause::Replaced) } else { Ok(newest) }
    }

    async fn newest(self: &Arc<Self>) -> Result<Primary, Cause> {
        let mut asking = JoinSet::new();
        for sentinel in &self.all {
            let (sentinel, sentinels) = (sentinel.clone(), Arc::clone(self));
            asking.spawn(async move {
                let mut connection = sentinels.reach(&sentinel, |_| Ok(())).await?;
                sentinels.ask(&mut connection).await
            });
        }
        let mut newest = Err(Cause::NotConnected(None));
        loop {
            let next = match &newest {
                Ok(_) => tokio::time::timeout(GRACE, asking.join_next()).await.unwrap_or_default(),
                Err(_) => asking.join_next().await,
            };
            let Some(answer) = next else { return newest };
            if let Ok(answer) = answer {
                newest = newer(newest, answer);
            }
        }
    }

    /// Connects to one of them; `heard` is told of what it publishes, and when the connection ends.
    pub(super) async fn reach(
        &self,
        sentinel: &ConnectionInfo,
        heard: impl Fn(PushInfo) -> Result<(), ()> + Send + Sync + 'static,
    ) -> Result<MultiplexedConnection, Cause> {
        let config = self.config.clone().set_push_sender(heard);
        let answer = match open(sentinel.clone(), &config).await {
            // Sentinels that ask for no password may refuse to be given one.
            Err(error) if has_password(sentinel) && was_heard(&error) => {
                open(without_password(sentinel.clone()), &config).await
            }
            answer => answer,
        };
        answer.map_err(|error| Cause::of(&error))
    }

    /// The epoch is asked first, so that an old address is never taken for a new one. From the promotion on, the sentinel
    /// that leads a failover names the new address, while the facts are still those of the old one.
    pub(super) async fn ask(&self, connection: &mut MultiplexedConnection) -> Result<Primary, Cause> {
        let mut both = Pipeline::new();
        both.cmd("SENTINEL").arg("MASTER").arg(&self.name);
        both.cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(&self.name);
        match both.query_async::<(Facts, Option<(String, u16)>)>(connection).await {
            Ok((facts, Some((host, port)))) => {
                let fact = |name: &str| facts.get(name).map(String::as_str);
                let epoch =
                    fact("config-epoch").and_then(|epoch| epoch.parse().ok()).ok_or(Cause::Protocol)?;
                let leaving = fact("flags").is_some_and(|flags| flags.contains("failover_in_progress"))
                    && fact("ip") == Some(&host)
                    && fact("port").and_then(|port| port.parse().ok()) == Some(port);
                Ok(Primary { address: Address { host, port }, epoch, leaving })
            }
            Ok((_, None)) => Err(Cause::NoPrimary),
            Err(error) if error.code() == Some("ERR") => Err(Cause::NoPrimary),
            Err(error) => Err(Cause::of(&error)),
        }
    }
}

async fn open(
    sentinel: ConnectionInfo,
    config: &AsyncConnectionConfig,
) -> RedisResult<MultiplexedConnection> {
    // The database is one of the servers'.
    let settings = sentinel.redis_settings().clone().set_db(0);
    let client = Client::open(sentinel.set_redis_settings(settings))?;
    client.get_multiplexed_async_connection_with_config(config).await
}

/// That no sentinel knows the name says more than that another one cannot be reached.
fn newer(one: Result<Primary, Cause>, other: Result<Primary, Cause>) -> Result<Primary, Cause> {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let age = |primary: &Primary| (primary.epoch, primary.leaving);
            Ok(if age(&other) > age(&one) { other } else { one })
        }
        (Ok(known), Err(_)) | (Err(_), Ok(known)) => Ok(known),
        (Err(Cause::NoPrimary), Err(_)) => Err(Cause::NoPrimary),
        (Err(_), other) => other,
    }
}

/// Whether it was the sentinel that refused, not the way to it.
fn was_heard(error: &RedisError) -> bool {
    !error.is_io_error() && !error.is_timeout()
}

fn has_password(info: &ConnectionInfo) -> bool {
    info.redis_settings().password().is_some()
}

fn without_password(info: ConnectionInfo) -> ConnectionInfo {
    let settings = RedisConnectionInfo::default().set_protocol(info.redis_settings().protocol());
    info.set_redis_settings(settings)
}

/// So that a sentinel that is gone holds up nobody.
const GRACE: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16, epoch: u64) -> Primary {
        Primary { address: Address { host: "a".to_owned(), port }, epoch, leaving: false }
    }

    #[test]
    fn the_word_of_the_highest_epoch_counts_in_any_order() {
        assert_eq!(newer(Ok(at(1, 4)), Ok(at(2, 5))), Ok(at(2, 5)));
        assert_eq!(newer(Ok(at(2, 5)), Ok(at(1, 4))), Ok(at(2, 5)));
        assert_eq!(newer(Ok(at(1, 4)), Ok(at(2, 4))), Ok(at(1, 4)), "the first of equals");
        let leaving = Primary { leaving: true, ..at(1, 4) };
        assert_eq!(newer(Ok(at(1, 4)), Ok(leaving.clone())), Ok(leaving.clone()));
        assert_eq!(newer(Ok(leaving.clone()), Ok(at(1, 4))), Ok(leaving.clone()));
        assert_eq!(newer(Ok(leaving), Ok(at(2, 5))), Ok(at(2, 5)));
    }

    #[test]
    fn an_answer_counts_more_than_none_and_an_unknown_name_more_than_silence() {
        let (late, unknown) = (Cause::Late, Cause::NoPrimary);
        assert_eq!(newer(Err(late.clone()), Ok(at(1, 0))), Ok(at(1, 0)));
        assert_eq!(newer(Ok(at(1, 0)), Err(unknown.clone())), Ok(at(1, 0)));
        assert_eq!(newer(Err(unknown.clone()), Err(late.clone())), Err(unknown.clone()));
        assert_eq!(newer(Err(late), Err(unknown.clone())), Err(unknown));
    }
}
