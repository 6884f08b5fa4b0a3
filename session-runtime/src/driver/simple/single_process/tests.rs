mod revoking;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use super::*;
use crate::clock::Timestamp;
use crate::record::{CsrfKey, Deadlines, FieldChange, FieldOp, Fields, Metadata, Principal, SessionChange};
use crate::token::VerifierHash;
use crate::value::JsonText;

/// Logs what it is asked; fails, waits or panics when it is told to.
struct Store {
    records: Mutex<BTreeMap<Selector, Record>>,
    calls: Mutex<Vec<&'static str>>,
    away: AtomicBool,
    panics: AtomicBool,
    unreadable: Mutex<Option<Selector>>,
    out_of_reach: Mutex<Option<Selector>>,
    /// A permit for each write.
    gate: Semaphore,
}

impl Store {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            records: Mutex::default(),
            calls: Mutex::default(),
            away: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            unreadable: Mutex::default(),
            out_of_reach: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        })
    }

    fn called(&self, call: &'static str) -> Result<(), DriverError> {
        self.calls.lock().unwrap().push(call);
        assert!(!self.panics.load(Ordering::SeqCst), "told to");
        if self.away.load(Ordering::SeqCst) { Err(DriverError::unavailable("told to")) } else { Ok(()) }
    }

    fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    fn put(&self, selector: Selector, record: &Record) {
        self.records.lock().unwrap().insert(selector, record.clone());
    }
}

impl SimpleDriver for Store {
    async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        self.called("read")?;
        if *self.unreadable.lock().unwrap() == Some(*selector) {
            return Err(DriverError::Corrupt { source: "told to".into() });
        }
        let is_away = *self.out_of_reach.lock().unwrap() == Some(*selector);
        if is_away {
            Err(DriverError::unavailable("told to"))
        } else {
            Ok(self.records.lock().unwrap().get(selector).cloned())
        }
    }

    async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        self.called("write")?;
        self.gate.acquire().await.unwrap().forget();
        self.put(*selector, record);
        Ok(())
    }

    async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
        self.called("destroy")?;
        self.records.lock().unwrap().remove(selector);
        Ok(())
    }

    async fn touch(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        self.called("touch")?;
        self.put(*selector, record);
        Ok(())
    }

    async fn expired(&self, _: Timestamp, _: usize) -> Result<Vec<Selector>, DriverError> {
        self.called("expired")?;
        Ok(self.records.lock().unwrap().keys().copied().collect())
    }
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn in_seconds(seconds: u64) -> Timestamp {
    now().saturating_add(std::time::Duration::from_secs(seconds))
}

fn user() -> Principal {
    Principal::new(JsonText::trusted("7"))
}

fn record(principal: Option<Principal>, ends: Timestamp) -> Record {
    let metadata = Metadata {
        created_at: now(),
        authenticated_at: None,
        principal,
        epoch: 0,
        verifier: VerifierHash::from_bytes([1; 32]),
        superseded: None,
        deadlines: Deadlines { idle: ends, absolute: in_seconds(1_000) },
        next_flash: 0,
        csrf_key: CsrfKey::from_bytes([5; 16]),
        more: None,
    };
    Record::new(metadata, Fields::new(), Vec::new())
}

fn set(key: &str) -> Commit {
    let op = FieldOp::Set(JsonText::trusted("1"));
    let change = FieldChange { key: key.into(), survives_logout: None, op };
    Commit { fields: vec![change], ..Commit::unchanged(0, now()) }
}

const ONE: Selector = Selector::from_bytes([1; 16]);
const TWO: Selector = Selector::from_bytes([2; 16]);

#[tokio::test]
async fn a_change_is_a_read_and_a_write_and_nothing_is_written_in_vain() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    driver.create(&ONE, &record(None, in_seconds(10))).await.unwrap();
    assert_eq!(store.calls(), ["read", "write"]);
    driver.load(&ONE).await.unwrap();
    assert_eq!(store.calls(), ["read"]);
    driver.apply(&ONE, &set("a")).await.unwrap();
    assert_eq!(store.calls(), ["read", "write"]);
    for in_vain in [set("a"), Commit { epoch: 9, ..set("b") }, Commit::unchanged(0, now())] {
        driver.apply(&ONE, &in_vain).await.unwrap();
        assert_eq!(store.calls(), ["read"], "{in_vain:?}");
    }
    driver.destroy(&ONE, Owner::Principal(user().key())).await.unwrap();
    assert_eq!(store.calls(), ["read"], "not his");
    driver.destroy(&ONE, Owner::Nobody).await.unwrap();
    assert_eq!(store.calls(), ["read", "destroy"]);
}

#[tokio::test]
async fn a_touch_alone_is_a_touch() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    store.put(ONE, &record(None, in_seconds(10)));
    let touch = Commit { idle_until: Some(in_seconds(20)), ..Commit::unchanged(0, now()) };
    driver.apply(&ONE, &touch).await.unwrap();
    assert_eq!(store.calls(), ["read", "touch"]);
    let more = Commit { idle_until: Some(in_seconds(30)), ..set("a") };
    let login =
        Commit { session: SessionChange { login: Some(user()), ..SessionChange::NONE }.into(), ..touch };
    for commit in [more, login] {
        driver.apply(&ONE, &commit).await.unwrap();
        assert_eq!(store.calls(), ["read", "write"], "{commit:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_used_after_a_restart_is_listed_again() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    store.put(ONE, &record(Some(user()), in_seconds(10)));
    assert!(driver.members(user().key()).await.unwrap().selectors.is_empty(), "the index is lost");
    let touch = Commit { idle_until: Some(in_seconds(20)), ..Commit::unchanged(0, now()) };
    driver.apply(&ONE, &touch).await.unwrap();
    assert_eq!(driver.members(user().key()).await.unwrap().selectors, [ONE]);
}

#[tokio::test]
async fn reindexing_lists_the_living_and_passes_over_the_rest() {
    let store = Store::new();
    let (expired, unreadable) = (Selector::from_bytes([3; 16]), Selector::from_bytes([4; 16]));
    store.put(ONE, &record(Some(user()), in_seconds(10)));
    store.put(TWO, &record(None, in_seconds(10)));
    store.put(expired, &record(Some(user()), now()));
    *store.unreadable.lock().unwrap() = Some(unreadable);
    let all = [unreadable, expired, ONE, TWO, Selector::from_bytes([5; 16])];
    let driver = SingleProcess::new(store.clone()).reindexed(all).await.unwrap();
    assert_eq!(driver.members(user().key()).await.unwrap().selectors, [ONE]);
    store.away.store(true, Ordering::SeqCst);
    let reindexed = SingleProcess::new(store).reindexed([ONE]).await;
    assert!(matches!(reindexed, Err(DriverError::Unavailable { .. })), "half an index would be none");
}

#[tokio::test]
async fn a_change_that_is_given_up_keeps_its_lock_until_it_is_written() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    store.put(ONE, &record(None, in_seconds(10)));
    let _ = store.gate.forget_permits(Semaphore::MAX_PERMITS);
    let (first, second) = (set("first"), set("second"));
    tokio::select! {
        biased;
        answer = driver.apply(&ONE, &first) => panic!("the gate is closed: {answer:?}"),
        () = async { while !store.calls.lock().unwrap().contains(&"write") { tokio::task::yield_now().await } } => {}
    }
    let mut second = std::pin::pin!(driver.apply(&ONE, &second));
    tokio::select! {
        biased;
        answer = &mut second => panic!("it has no lock: {answer:?}"),
        () = tokio::task::yield_now() => {}
    }
    assert_eq!(store.calls(), ["read", "write"], "the second waits for the first");
    store.gate.add_permits(2);
    second.await.unwrap();
    let fields = driver.load(&ONE).await.unwrap().unwrap().fields().clone();
    assert_eq!(fields.keys().map(crate::value::Key::as_str).collect::<Vec<_>>(), ["first", "second"]);
}

#[tokio::test]
async fn a_session_is_listed_before_it_is_stored() {
    let store = Store::new();
    let driver = Arc::new(SingleProcess::new(store.clone()));
    store.put(TWO, &record(None, in_seconds(10)));
    let _ = store.gate.forget_permits(Semaphore::MAX_PERMITS);
    let creating = tokio::spawn({
        let driver = driver.clone();
        async move { driver.create(&ONE, &record(Some(user()), in_seconds(10))).await }
    });
    let signing_in = tokio::spawn({
        let driver = driver.clone();
        async move {
            driver
                .apply(
                    &TWO,
                    &Commit {
                        session: SessionChange { login: Some(user()), ..SessionChange::NONE }.into(),
                        ..set("a")
                    },
                )
                .await
        }
    });
    while store.calls.lock().unwrap().iter().filter(|call| **call == "write").count() < 2 {
        tokio::task::yield_now().await;
    }
    let mut listed = driver.members(user().key()).await.unwrap().selectors;
    listed.sort();
    assert_eq!(listed, [ONE, TWO], "neither is stored yet");
    store.gate.add_permits(2);
    assert_eq!(creating.await.unwrap().unwrap(), Created::Filed);
    assert_eq!(signing_in.await.unwrap().unwrap(), Applied::Stored(Vec::new()));
}

#[tokio::test]
async fn a_store_that_panics_leaves_no_lock_behind() {
    let store = Store::new();
    let driver = Arc::new(SingleProcess::new(store.clone()));
    store.put(ONE, &record(None, in_seconds(10)));
    store.panics.store(true, Ordering::SeqCst);
    let panicked = tokio::spawn({
        let driver = driver.clone();
        async move { driver.apply(&ONE, &set("a")).await }
    });
    assert!(panicked.await.unwrap_err().is_panic(), "a panic of the store is a panic of the call");
    store.panics.store(false, Ordering::SeqCst);
    assert_eq!(driver.apply(&ONE, &set("a")).await.unwrap(), Applied::Stored(Vec::new()));
}

#[tokio::test]
async fn a_sweep_looks_again_at_what_it_is_told() {
    let store = Store::new();
    let driver = SingleProcess::new(store.clone());
    let unreadable = Selector::from_bytes([0; 16]);
    store.put(unreadable, &record(None, now()));
    *store.unreadable.lock().unwrap() = Some(unreadable);
    store.put(ONE, &record(None, in_seconds(10)));
    store.put(TWO, &record(None, now()));
    assert_eq!(driver.sweep(3).await.unwrap(), 1, "`expired` names all three");
    let left: Vec<Selector> = store.records.lock().unwrap().keys().copied().collect();
    assert_eq!(left, [unreadable, ONE]);
}
