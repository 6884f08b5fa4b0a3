//! Keeps asking sentinels where the primary is for as long as there is a connection to one.
//!
//! It polls. A sentinel also publishes what it does, but who listens alone misses what is said while his connection is
//! away, and hears of a switch not before all replicas follow the new primary. Asked four times a second, each sentinel
//! tells it as soon as it knows; in front of that stands the second in which it finds out itself.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::ConnectionInfo;
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
    /// Calls `moved` when another server than the one that is `connected` is the primary.
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
                    tracing::debug!(target: "session", %cause, "a sentinel does not answer");
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
) -> Result<std::convert::Infallible, Cause> {
    let mut connection = sentinels.reach(sentinel).await?;
    loop {
        hear(sentinels.ask(&mut connection).await?);
        tokio::time::sleep(ASK_EVERY).await;
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

/// Whether the newest word is that another server is the primary. A sentinel that was cut off from the others may still
/// name one of the past: an older word counts only when all of them were heard and none knows better, as after they were
/// set up anew.
fn is_elsewhere(connected: &Primary, said: &[Option<Primary>]) -> bool {
    let Some(newest) = said.iter().flatten().map(|primary| primary.epoch).max() else {
        return false;
    };
    let confirmed = |primary: &Primary| primary.epoch == newest && primary.address == connected.address;
    !said.iter().flatten().any(confirmed) && (newest > connected.epoch || said.iter().all(Option::is_some))
}

const ASK_EVERY: Duration = Duration::from_millis(250);
const CONNECT_EVERY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::super::slots::Address;
    use super::*;

    fn at(port: u16, epoch: u64) -> Primary {
        Primary { address: Address { host: "a".to_owned(), port }, epoch }
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
