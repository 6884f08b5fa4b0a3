//! What lies in the store, and what happens when it is not as it should be.

use std::time::Duration;

use redis::Value;
use session_runtime::drivers::{Created, Driver, DriverError, Owner, RedisConfig, RedisDriver};
use session_runtime::record::{
    Applied, Commit, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, Metadata, Principal, Record,
};
use session_runtime::{Clock, JsonText, Key, Selector, SystemClock, VerifierHash};
use session_tests::redis::{Options, Server};

struct Store {
    server: Server,
    driver: RedisDriver,
}

impl Store {
    async fn start() -> Self {
        let server = Server::start(&Options::new());
        let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
        Self { server, driver }
    }

    fn say<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        self.server.ask(words)
    }

    async fn file(&self, number: u8, record: &Record) -> Selector {
        let selector = Selector::from_bytes([number; 16]);
        assert_eq!(self.driver.create(&selector, record).await.unwrap(), Created::Filed);
        selector
    }
}

fn record(principal: Option<Principal>) -> Record {
    let now = SystemClock.now();
    let [idle, absolute] = [3_600, 36_000].map(|seconds| now.saturating_add(Duration::from_secs(seconds)));
    let metadata = Metadata {
        created_at: now,
        authenticated_at: None,
        principal,
        epoch: 0,
        verifier: VerifierHash::from_bytes([7; 32]),
        superseded: None,
        deadlines: Deadlines { idle, absolute },
        next_flash: 0,
        csrf_key: CsrfKey::from_bytes([7; 16]),
        more: None,
    };
    let field = |survives_logout| Field { json: json("\"x\""), survives_logout };
    let fields = Fields::from([(Key::from("cart"), field(false)), (Key::from("theme"), field(true))]);
    Record::new(metadata, fields, Vec::new())
}

fn json(text: &str) -> JsonText {
    JsonText::parse(text).unwrap()
}

fn commit(op: FieldOp) -> Commit {
    let fields = vec![FieldChange { key: Key::from("cart"), survives_logout: None, op }];
    Commit { fields, ..Commit::unchanged(0, SystemClock.now()) }
}

fn user() -> Principal {
    Principal::new(json("42"))
}

#[tokio::test]
async fn a_session_is_one_value_and_lives_as_long_as_it_may() {
    let store = Store::start().await;
    let selector = store.file(1, &record(Some(user()))).await;
    let session = format!("session:s:{selector}");
    let value: Vec<u8> = store.say(&["GET", &session]);
    let deadline = record(None).metadata().deadlines.idle.unix_millis();
    let words = std::str::from_utf8(&value[9..70]).unwrap();
    let (until, owner) = words.split_once(' ').unwrap();
    assert!(value[0] == b'1' && until.parse::<u64>().unwrap().abs_diff(deadline) < 60_000, "{words}");
    assert_eq!(owner.split_once('\n').unwrap().0, user().key().to_string());
    let left: u64 = store.say(&["PTTL", &session]);
    assert!(
        (7_100_000..=7_200_000).contains(&left),
        "an hour after its end it is still known that it expired: {left} ms"
    );
    let touched = SystemClock.now().saturating_add(Duration::from_secs(7_200));
    let touch = Commit { idle_until: Some(touched), ..Commit::unchanged(0, SystemClock.now()) };
    store.driver.apply(&selector, &touch).await.unwrap();
    let left: u64 = store.say(&["PTTL", &session]);
    assert!((10_700_000..=10_800_000).contains(&left), "the touched session lives for {left} ms");
    let index = format!("session:p:{}", user().key());
    let left: u64 = store.say(&["PTTL", &index]);
    assert!(
        (35_900_000..=36_000_000).contains(&left),
        "the index lives for {left} ms, not as long as its session"
    );
    let members: Vec<String> = store.say(&["ZRANGE", &index, "0", "-1"]);
    assert!(members.len() == 1 && members[0].starts_with(&format!("{selector}:")), "{members:?}");
}

#[tokio::test]
async fn a_destroyed_session_leaves_nothing_but_that_for_a_minute() {
    let store = Store::start().await;
    let selector = store.file(1, &record(None)).await;
    assert!(store.driver.destroy(&selector, Owner::Nobody).await.unwrap());
    let session = format!("session:s:{selector}");
    let value: String = store.say(&["GET", &session]);
    let until: u64 = value.strip_prefix("0 ").unwrap().parse().unwrap();
    let minute = SystemClock.now().saturating_add(Duration::from_secs(60));
    assert!(until.abs_diff(minute.unix_millis()) < 10_000, "{value}");
    let left: u64 = store.say(&["PTTL", &session]);
    assert!((50_000..=60_000).contains(&left), "remembered for {left} ms");
    assert!(store.driver.destroyed_recently(&selector).await.unwrap());
    assert_eq!(store.driver.create(&selector, &record(None)).await.unwrap(), Created::Taken);
    assert_eq!(store.driver.load(&selector).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_read_is_corrupt_and_stays() {
    let store = Store::start().await;
    let selector = Selector::from_bytes([3; 16]);
    let session = format!("session:s:{selector}");
    let damages: [&[&str]; 5] = [
        &["SET", &session, "text"],
        &["SET", &session, ""],
        &["SET", &session, "1revisionX -\nsecret"],
        &["SET", &session, "0 secret"],
        &["HSET", &session, "m", "secret"],
    ];
    for damage in damages {
        let _: Value = store.say(&["DEL", &session]);
        let _: Value = store.say(damage);
        let before: Value = store.say(&["DUMP", &session]);
        let errors = [
            store.driver.load(&selector).await.unwrap_err(),
            store.driver.apply(&selector, &commit(FieldOp::Remove)).await.unwrap_err(),
            store.driver.destroy(&selector, Owner::Anyone).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, DriverError::Corrupt { .. }), "{damage:?}: {error:?}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?} repeats what is stored");
        }
        assert_eq!(store.say::<Value>(&["DUMP", &session]), before, "{damage:?} was changed");
    }
}

#[tokio::test]
async fn scripts_survive_a_flush() {
    let store = Store::start().await;
    let selector = store.file(1, &record(None)).await;
    let _: Value = store.say(&["SCRIPT", "FLUSH"]);
    let applied = store.driver.apply(&selector, &commit(FieldOp::Set(json("2")))).await.unwrap();
    assert_eq!(applied, Applied::Stored(Vec::new()));
    assert_eq!(store.driver.load(&selector).await.unwrap().unwrap().field("cart").unwrap().json, json("2"));
}

#[tokio::test]
async fn endings_removals_and_touches_pass_when_memory_is_full() {
    let store = Store::start().await;
    let [his, nobodys] = [store.file(1, &record(Some(user()))).await, store.file(2, &record(None)).await];
    let _: Value = store.say(&["CONFIG", "SET", "maxmemory", "1"]);
    let full = |answer: Result<Applied, DriverError>| matches!(answer, Err(DriverError::Full));
    let set = commit(FieldOp::Set(json("\"much longer than before\"")));
    assert!(full(store.driver.apply(&nobodys, &set).await), "what grows must be refused");
    let created = store.driver.create(&Selector::from_bytes([9; 16]), &record(None)).await;
    assert!(matches!(created, Err(DriverError::Full)), "{created:?}");
    let idle_until = Some(SystemClock.now().saturating_add(Duration::from_secs(7_000)));
    let touch = Commit { idle_until, ..Commit::unchanged(0, SystemClock.now()) };
    for commit in [touch, commit(FieldOp::Remove)] {
        assert_eq!(store.driver.apply(&nobodys, &commit).await.unwrap(), Applied::Stored(Vec::new()));
    }
    assert!(store.driver.destroy(&nobodys, Owner::Nobody).await.unwrap(), "an ending");
    assert!(store.driver.destroyed_recently(&nobodys).await.unwrap());
    assert_eq!(store.driver.revoke_all(user().key(), None).await.unwrap(), 1, "a revocation");
    assert_eq!(store.driver.load(&his).await.unwrap(), None);
}

#[tokio::test]
async fn prefixes_keep_applications_apart() {
    let store = Store::start().await;
    let selector = store.file(1, &record(None)).await;
    let config = RedisConfig { prefix: "other".into(), ..RedisConfig::standalone(store.server.url()) };
    let other = RedisDriver::connect(config).await.unwrap();
    assert_eq!(other.load(&selector).await.unwrap(), None);
    assert_eq!(other.create(&selector, &record(None)).await.unwrap(), Created::Filed);
}

#[tokio::test]
async fn stale_entries_of_an_index_are_cleaned_once_they_are_old() {
    let mut store = Store::start().await;
    let clock = session_runtime::testing::ManualClock::at(SystemClock.now());
    store.driver = store.driver.with_clock(clock.clone());
    let selector = store.file(1, &record(Some(user()))).await;
    let index = format!("session:p:{}", user().key());
    assert!(store.driver.destroy(&selector, Owner::Anyone).await.unwrap());
    for (seconds, left) in [(0, 1), (59, 1), (1, 0)] {
        clock.advance(Duration::from_secs(seconds));
        assert!(store.driver.members(user().key()).await.unwrap().selectors.is_empty());
        assert_eq!(store.say::<u64>(&["ZCARD", &index]), left, "after {seconds} more seconds");
    }
}
