//! What keeps the sessions of the stories: the driver that the environment names.

use std::fs;
use std::path::Path;

use session_runtime::drivers::{
    Created, Crowd, Driver, DriverError, DriverFate, Durability, FileConfig, FileDriver, Members,
    MemoryDriver, Owner, RedisConfig, RedisDriver, SingleProcess,
};
use session_runtime::record::{Applied, Commit, PrincipalKey, Record};
use session_runtime::testing::ManualClock;
use session_runtime::{Clock as _, Selector, SystemClock, Timestamp};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::redis::{Options, Server};

use super::shelf::Shelf;

/// The variable that says what the stories play on: `memory` (the default), `cookie`, `file`, `simple` or `redis`.
pub const STORIES_ON: &str = "STORIES_ON";

/// A driver, on a store of its own.
#[derive(Debug)]
pub struct Store(Kind);

#[derive(Debug)]
enum Kind {
    Memory(MemoryDriver),
    /// Of revocations only: the sessions are in their browsers' cookies.
    Revocations(MemoryDriver),
    File(FileDriver, TempDir),
    Simple(SingleProcess<Shelf>, Shelf),
    Redis(Box<Redis>),
}

struct Redis {
    server: Server,
    clock: ManualClock,
    /// Connected at the first call, since its connection belongs to the runtime of the story.
    driver: OnceCell<RedisDriver>,
}

/// What is the same on every driver.
macro_rules! on {
    ($store:expr, $driver:ident => $call:expr) => {
        match &$store.0 {
            Kind::Memory($driver) | Kind::Revocations($driver) => $call.await,
            Kind::File($driver, _) => $call.await,
            Kind::Simple($driver, _) => $call.await,
            Kind::Redis(redis) => {
                let $driver = redis.driver().await;
                $call.await
            }
        }
    };
}

impl Store {
    /// A fresh one, and the clock that it goes by.
    ///
    /// # Panics
    /// If the environment names none, or it cannot be started.
    #[must_use]
    pub fn chosen() -> (Self, ManualClock) {
        Self::on(std::env::var(STORIES_ON).as_deref().unwrap_or("memory"))
    }

    /// The same by name, for what has to hold on several in one test.
    ///
    /// # Panics
    /// If there is no driver of this name, or it cannot be started.
    #[must_use]
    pub fn on(name: &str) -> (Self, ManualClock) {
        let clock = ManualClock::default();
        let kind = match name {
            "memory" => Kind::Memory(MemoryDriver::new().with_clock(clock.clone())),
            "cookie" => Kind::Revocations(MemoryDriver::new().with_clock(clock.clone())),
            "file" => {
                let folder = tempfile::tempdir().unwrap();
                let location = FileConfig::new(folder.path().join("sessions"));
                let config = FileConfig { durability: Durability::Rename, ..location };
                Kind::File(FileDriver::open(config).unwrap().with_clock(clock.clone()), folder)
            }
            "simple" => {
                let shelf = Shelf::default();
                Kind::Simple(SingleProcess::with_clock(shelf.clone(), clock.clone()), shelf)
            }
            "redis" => {
                // The server removes what expires by its own clock.
                clock.set(SystemClock.now());
                let server = Server::start(&Options::new());
                let clock = clock.clone();
                Kind::Redis(Box::new(Redis { server, clock, driver: OnceCell::new() }))
            }
            other => panic!("`{other}` is none of memory, cookie, file, simple and redis"),
        };
        (Self(kind), clock)
    }

    pub(super) const fn is_of_revocations(&self) -> bool {
        matches!(self.0, Kind::Revocations(_))
    }

    /// How many records there are.
    ///
    /// # Panics
    /// If the store cannot be looked at.
    #[must_use]
    pub fn records(&self) -> usize {
        match &self.0 {
            Kind::Memory(driver) | Kind::Revocations(driver) => driver.len(),
            Kind::File(_, folder) => record_files(folder.path()),
            Kind::Simple(_, records) => records.len(),
            Kind::Redis(redis) => records_on(&redis.server),
        }
    }
}

impl Redis {
    async fn driver(&self) -> &RedisDriver {
        let connect = async || {
            let driver = RedisDriver::connect(RedisConfig::standalone(self.server.url())).await;
            driver.unwrap().with_clock(self.clock.clone())
        };
        self.driver.get_or_init(connect).await
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

/// Records on a server; what a destroyed session leaves for a minute is none.
#[must_use]
pub fn records_on(server: &Server) -> usize {
    let keys: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
    let beginnings = keys.iter().map(|key| server.ask::<String>(&["GETRANGE", key, "0", "0"]));
    beginnings.filter(|beginning| beginning == "1").count()
}

/// Files of records below a folder: their names are selectors, and those of the index are longer.
fn record_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let is_record = path.extension().is_some_and(|extension| extension == "json")
                && path.file_stem().is_some_and(|stem| stem.len() == 32);
            if path.is_dir() { record_files(&path) } else { usize::from(is_record) }
        })
        .sum()
}

impl Driver for Store {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        on!(self, driver => driver.load(selector))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        on!(self, driver => driver.create(selector, record))
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        on!(self, driver => driver.apply(selector, commit))
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        on!(self, driver => driver.destroy(selector, owner))
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        on!(self, driver => driver.destroyed_recently(selector))
    }

    async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, DriverError> {
        on!(self, driver => driver.announce(principal, selector, until))
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        on!(self, driver => driver.admit(principal, selector, until, most))
    }

    async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        on!(self, driver => driver.crowd(principal, most))
    }

    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        on!(self, driver => driver.fate(selector))
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        on!(self, driver => driver.generation(principal))
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        on!(self, driver => driver.members(principal))
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        on!(self, driver => driver.revoke_all(principal, except))
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        on!(self, driver => driver.sweep(limit))
    }
}
