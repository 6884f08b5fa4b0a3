//! Stores that can only get and put, behind the adapter for one process.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::drivers::{DriverError, SimpleDriver, SingleProcess};
use session_runtime::record::Record;
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::{Subject, examine, reopening};
use session_runtime::{Clock, Selector, Timestamp, driver_conformance};
use tokio::task::yield_now;

/// Documents by selector. Calls take their time, and go on when they are given up, as those of threads and of servers
/// do.
#[derive(Clone, Debug)]
struct Texts {
    stored: Arc<Mutex<BTreeMap<Selector, String>>>,
    /// How many changes there were: one takes longer, another less long.
    changes: Arc<AtomicUsize>,
    /// Goes by this clock and removes what has expired by itself, if there is one.
    own_time: Option<ManualClock>,
}

impl Texts {
    fn new() -> Self {
        Self { stored: Arc::default(), changes: Arc::default(), own_time: None }
    }

    fn expiring(clock: ManualClock) -> Self {
        Self { own_time: Some(clock), ..Self::new() }
    }

    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut BTreeMap<Selector, String>) -> T + Send + 'static,
    ) -> T {
        let texts = self.stored.clone();
        let pause = self.changes.fetch_add(1, Ordering::Relaxed) * 7 % 23;
        let running = tokio::spawn(async move {
            for _ in 0..pause * pause {
                yield_now().await;
            }
            change(&mut texts.lock().unwrap())
        });
        running.await.unwrap()
    }

    fn damage(&self, selector: Selector) {
        let _ =
            self.stored.lock().unwrap().insert(selector, "{\"version\":1,\"fields\":{\"secret\":".to_owned());
    }
}

impl SimpleDriver for Texts {
    async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        yield_now().await;
        let text = self.stored.lock().unwrap().get(selector).cloned();
        let record = text.map(|text| Record::from_document(&text)).transpose()?;
        let expired =
            |record: &Record| self.own_time.as_ref().is_some_and(|own| record.is_expired(own.now()));
        Ok(record.filter(|record| !expired(record)))
    }

    async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        let (selector, text) = (*selector, record.to_document());
        self.change(move |texts| drop(texts.insert(selector, text))).await;
        Ok(())
    }

    async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
        let selector = *selector;
        self.change(move |texts| drop(texts.remove(&selector))).await;
        Ok(())
    }

    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<Selector>, DriverError> {
        if self.own_time.is_some() {
            return Ok(Vec::new());
        }
        let texts = self.stored.lock().unwrap();
        let expired = |text: &String| Record::from_document(text).is_ok_and(|record| record.is_expired(now));
        Ok(texts
            .iter()
            .filter(|(_, text)| expired(text))
            .map(|(selector, _)| *selector)
            .take(limit)
            .collect())
    }
}

async fn reopened(texts: Texts, clock: ManualClock) -> SingleProcess<Texts> {
    let selectors: Vec<Selector> = texts.stored.lock().unwrap().keys().copied().collect();
    SingleProcess::with_clock(texts, clock).reindexed(selectors).await.unwrap()
}

/// The whole profile of the adapter, over a store that can list its selectors.
async fn listed(clock: ManualClock) -> Subject<SingleProcess<Texts>> {
    let texts = Texts::new();
    let damaged = texts.clone();
    Subject::new(SingleProcess::with_clock(texts.clone(), clock.clone()))
        .in_one_process()
        .remembering_the_destroyed()
        .corrupted_by(move |selector| {
            damaged.damage(selector);
            async {}
        })
        .opened_again_by(move || reopened(texts.clone(), clock.clone()))
}

/// Over a store that cannot, and that removes what has expired by itself.
async fn unlisted(clock: ManualClock) -> Subject<SingleProcess<Texts>> {
    let texts = Texts::expiring(clock.clone());
    Subject::new(SingleProcess::with_clock(texts.clone(), clock.clone()))
        .in_one_process()
        .forgetting_its_index()
        .expiring_by_itself()
        .remembering_the_destroyed()
        .opened_again_by(move || {
            let opened = SingleProcess::with_clock(texts.clone(), clock.clone());
            async move { opened }
        })
}

driver_conformance!(single_process, listed);
driver_conformance!(single_process_over_an_expiring_store, unlisted);

/// The same driver without the profile: what is left out is what it cannot do.
async fn overrated(clock: ManualClock) -> Subject<SingleProcess<Texts>> {
    let texts = Texts::new();
    Subject::new(SingleProcess::with_clock(texts.clone(), clock.clone())).opened_again_by(move || {
        let opened = SingleProcess::with_clock(texts.clone(), clock.clone());
        async move { opened }
    })
}

#[test]
#[should_panic(expected = "64 additions through two drivers")]
fn two_processes_lose_additions() {
    examine(overrated, reopening::additions_of_two_processes_add_up);
}

#[test]
#[should_panic(expected = "a revocation by another process")]
fn two_processes_miss_revocations() {
    examine(overrated, reopening::two_processes_see_each_other);
}

#[test]
#[should_panic(expected = "a generation after a restart")]
fn a_restart_begins_generations_anew() {
    examine(overrated, reopening::what_was_stored_is_there_after_a_restart);
}

#[test]
#[should_panic(expected = "the index after a restart")]
fn a_restart_loses_the_index() {
    examine(overrated, reopening::the_index_is_there_after_a_restart);
}
