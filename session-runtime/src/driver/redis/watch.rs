//! Keeps asking sentinels where the primary is for as long as there is a connection to one.
//!
//! What sentinels publish makes it ask at once; it also asks every second, since what is published while a connection
//! is away is never heard. It leaves a primary as soon as a failover begins: a replica is promoted a few tenths of a second
//! later, and what the old primary acknowledges after that is lost.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::{ConnectionInfo, PushInfo, PushKind};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::failure::Cause;
use super::sentinels::{Primary, Sentinels};

/// Asks each sentinel on a connection of its own, until it is dropped.
pub(super) struct Watch {
    _tasks: JoinSet<()>,
}

/// What each sentinel said last.
struct Views<Moved> {
    connected: Primary,
    said: Mutex<Vec<Option<Primary>>>,
    moved: Moved,
}

impl Watch {
    /// Calls `moved` when another server than the one that is `connected` is the primary, or is going to be.
    pub(super) fn begin(
        sentinels: &Arc<Sentinels>,
        connected: Primary,
        moved: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let said = Mutex::new(vec![None; sentinels.all.len()]);
        let views = Arc::new(Views { connected, said, moved });
        let mut tasks = JoinSet::new();
        for (index, sentinel) in sentinels.all.iter().enumerate() {
            let (sentinel, sentinels, views) = (sentinel.clone(), Arc::clone(sentinels), Arc::clone(&views));
            tasks.spawn(async move {
                loop {
                    let Err(cause) =
                        listen(&sentinels, &sentinel, |primary| views.hear(index, Some(primary))).await;
                    tracing::debug!(target: "session", event = "redis.sentinel_silent", %cause, "a sentinel does not answer");
                    views.hear(index, None);
                    tokio::time::sleep(CONNECT_EVERY).await;
                }
            });
        }
        Self { _tasks: tasks }
    }
}

/// Asks for as long as there are answers.
async fn listen(
    sentinels: &Sentinels,
    sentinel: &ConnectionInfo,
    hear: impl Fn(Primary) + Send,
) -> Result<Infallible, Cause> {
    let news = Arc::new(Notify::new());
    let published = Arc::clone(&news);
    let told = move |push: PushInfo| {
        if matches!(push.kind, PushKind::Message | PushKind::Disconnection) {
            published.notify_one();
        }
        Ok(())
    };
    let mut connection = sentinels.reach(sentinel, told).await?;
    if connection.subscribe(EVENTS.as_slice()).await.is_err() {
        tracing::debug!(target: "session", event = "redis.sentinel_polled", "a sentinel tells its news only when it is asked");
    }
    loop {
        hear(sentinels.ask(&mut connection).await?);
        // Early or not, the answer is asked for again.
        let _ = tokio::time::timeout(ASK_EVERY, news.notified()).await;
    }
}

impl<Moved: Fn()> Views<Moved> {
    fn hear(&self, index: usize, primary: Option<Primary>) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = said.get_mut(index) {
            *place = primary;
        }
        let moved = is_elsewhere(&self.connected, &said);
        drop(said);
        if moved {
            (self.moved)();
        }
    }
}

/// Whether the newest word is that another server is the primary, or is going to be. A sentinel that was cut off from the
/// others may still name one of the past: an older word counts only when all of them were heard and none knows better, as
/// after they were set up anew.
fn is_elsewhere(connected: &Primary, said: &[Option<Primary>]) -> bool {
    let Some(newest) = said.iter().flatten().map(|primary| primary.epoch).max() else {
        return false;
    };
    let is_here = |primary: &&Primary| primary.epoch == newest && primary.address == connected.address;
    let here: Vec<&Primary> = said.iter().flatten().filter(is_here).collect();
    match here.as_slice() {
        [_, ..] => here.iter().any(|primary| primary.leaving),
        [] => newest > connected.epoch || said.iter().all(Option::is_some),
    }
}

/// A failover begins, a replica is the primary now, and all know it.
const EVENTS: [&str; 3] = ["+try-failover", "+promoted-slave", "+switch-master"];
const ASK_EVERY: Duration = Duration::from_secs(1);
const CONNECT_EVERY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::super::slots::Address;
    use super::*;

    fn at(port: u16, epoch: u64) -> Primary {
        Primary { address: Address { host: "a".to_owned(), port }, epoch, leaving: false }
    }

    fn elsewhere(said: &[Option<Primary>]) -> bool {
        is_elsewhere(&at(1, 4), said)
    }

    #[test]
    fn one_sentinel_that_knows_of_a_failover_is_enough() {
        assert!(elsewhere(&[None, Some(at(1, 4)), Some(at(2, 5))]));
        assert!(elsewhere(&[Some(at(2, 5)), None, None]));
    }

    #[test]
    fn a_primary_is_left_when_its_failover_begins() {
        let leaving = |epoch| Some(Primary { leaving: true, ..at(1, epoch) });
        assert!(elsewhere(&[Some(at(1, 4)), leaving(4), None]));
        assert!(!elsewhere(&[Some(at(1, 4)), leaving(3), None]), "one of the past");
    }

    #[test]
    fn sentinels_of_the_past_are_not_followed() {
        assert!(!elsewhere(&[Some(at(2, 3)), None, None]));
        assert!(!elsewhere(&[Some(at(2, 3)), Some(at(2, 3)), Some(at(1, 4))]));
        assert!(!elsewhere(&[Some(at(2, 3)), Some(at(2, 4)), None]));
    }

    #[test]
    fn sentinels_that_were_all_set_up_anew_are_followed() {
        assert!(elsewhere(&[at(2, 0), at(2, 0), at(2, 0)].map(Some)));
        assert!(!elsewhere(&[Some(at(2, 0)), Some(at(2, 0)), None]));
    }

    #[test]
    fn the_same_server_is_not_left() {
        assert!(!elsewhere(&[None, None, None]));
        assert!(!elsewhere(&[at(1, 6), at(2, 5), at(2, 5)].map(Some)));
        assert!(!elsewhere(&[at(2, 5), at(1, 5), at(2, 5)].map(Some)), "two names of one server");
    }
}
