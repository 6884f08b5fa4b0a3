//! The driver: which shards a call locks, and what it does there, in which order.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::answers::{Created, DriverFate, Members, Owner};
use crate::driver::contract::Driver;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, Principal, PrincipalKey, Record};
use crate::token::Selector;

use super::config::FileConfig;
use super::disk::Disk;
use super::fault::LocationError;
use super::gates::{Gates, abandoned};
use super::layout::Shard;
use super::opening;

/// Keeps each record in a file of its own, for all processes of one machine.
///
/// A record is one JSON document that people can read. It is written beside the old one, synced, and renamed over it;
/// whoever reads sees the one or the other, never half. Commits are atomic under a lock that holds between threads and
/// processes. What is acknowledged survives the end of the process in any way, and with [`Durability::Full`], the
/// default, loss of power too.
///
/// # The location
/// A folder that belongs to sessions alone, on a file system of this machine: over a network file system neither its
/// locks nor its renames can be relied on. Files have mode 0600 and folders 0700; a location that is open to other users
/// is refused, not changed, since it may not be ours to close, and so is one that belongs to somebody else. A location that
/// is away while the process runs, a volume that is not mounted for instance, is [`DriverError::Unavailable`]: no session in it
/// is taken for one that has ended. Lock files are never deleted, nor may you delete them
/// while a process runs. Stop all processes, and the whole folder may be copied or removed.
///
/// Values lie in the files as they are; tokens do not, only the hash of the secret half. What cannot be read is answered
/// as [`DriverError::Corrupt`] and left in place. A full disk is [`DriverError::Full`], and the old record stays.
///
/// # Running it
/// Calls need a tokio runtime, whose blocking threads do the work: at most 64 for reading and 64 for writing, and at
/// most one per lock. The driver starts no task: have expired records removed by
/// [`Sessions::spawn_sweeper`](crate::Sessions::spawn_sweeper), which also removes what killed processes left. They are
/// never returned, swept or not. Clones share everything.
///
/// A process that is stopped while it holds a lock holds up the others' calls on that shard. Those give up after the
/// [driver deadline](crate::Builder::driver_deadline), but their threads wait on, and a runtime that is dropped waits for
/// them: end with [`Runtime::shutdown_timeout`](tokio::runtime::Runtime::shutdown_timeout) where that must not be.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{Durability, FileConfig, FileDriver};
///
/// # let folder = tempfile::tempdir()?;
/// # let location = folder.path().join("sessions");
/// let driver = FileDriver::open(location.as_path())?;
/// let sessions = Sessions::builder(driver).build()?;
///
/// // Where the latest commits may be lost with the power:
/// let config = FileConfig { durability: Durability::Rename, ..FileConfig::new(location) };
/// let driver = FileDriver::open(config)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Durability::Full`]: super::Durability::Full
#[derive(Clone)]
pub struct FileDriver {
    disk: Arc<Disk>,
    gates: Arc<Gates>,
    /// The place where the next sweep goes on.
    pub(super) swept: Arc<Mutex<usize>>,
}

impl FileDriver {
    /// A driver on this location, which is made if it is missing, and tried. Blocks for a moment: call it at start-up.
    ///
    /// # Errors
    /// [`LocationError`] when files cannot be written, renamed or locked there, others could read them, or the folder is
    /// somebody else's. It names the path.
    pub fn open(config: impl Into<FileConfig>) -> Result<Self, LocationError> {
        let config = config.into();
        let layout = opening::open(&config)?;
        let disk = Disk { layout, durability: config.durability, clock: Arc::new(SystemClock) };
        Ok(Self { disk: Arc::new(disk), gates: Arc::new(Gates::new()), swept: Arc::default() })
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        let disk = Disk { clock: Arc::new(clock), ..(*self.disk).clone() };
        Self { disk: Arc::new(disk), ..self }
    }

    pub(super) async fn read<T, Job>(&self, job: Job) -> Result<T, DriverError>
    where
        T: Send + 'static,
        Job: FnOnce(&Disk) -> Result<T, DriverError> + Send + 'static,
    {
        self.gates.run(&self.disk, &[], job).await
    }

    pub(super) async fn write<T, Job>(&self, shards: &[Shard], job: Job) -> Result<T, DriverError>
    where
        T: Send + 'static,
        Job: FnOnce(&Disk) -> Result<T, DriverError> + Send + 'static,
    {
        self.gates.run(&self.disk, shards, job).await
    }

    /// Takes sessions that are no longer the principal's out of the index. If that fails, the entries are verified away
    /// by whoever reads them, and a call whose work is done does not fail for it.
    pub(super) async fn forget(&self, principal: PrincipalKey, gone: Vec<Selector>) {
        let shard = Shard::of_principal(&principal);
        let left = self.write(&[shard], move |disk| disk.leave(&principal, &gone)).await;
        put_up_with(left, "index entries were left behind");
    }

    async fn end(&self, selector: Selector, whose: Whose) -> Result<Option<Record>, DriverError> {
        self.write(&[Shard::of(&selector)], move |disk| disk.destroy(&selector, whose.owner())).await
    }

    async fn revoke(&self, principal: PrincipalKey, except: Option<Selector>) -> Result<usize, DriverError> {
        let shard = Shard::of_principal(&principal);
        let members = self.write(&[shard], move |disk| disk.raise(&principal)).await?;
        let (mut gone, mut ended, mut failure) = (Vec::new(), 0, None);
        for selector in members.into_iter().filter(|selector| Some(*selector) != except) {
            match self.end(selector, Whose::Principals(principal)).await {
                Ok(record) => {
                    ended += usize::from(record.is_some());
                    gone.push(selector);
                }
                // Nobody can open it either, and it keeps its entry.
                Err(error @ DriverError::Corrupt { .. }) => {
                    put_up_with(Err(error), "a session that cannot be read was not revoked");
                }
                // One that cannot be ended does not spare the others.
                Err(error) => failure = Some(error),
            }
        }
        self.forget(principal, gone).await;
        match failure {
            None => Ok(ended),
            Some(error) => Err(super::fault::unknown(error)),
        }
    }
}

impl Driver for FileDriver {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let selector = *selector;
        self.read(move |disk| disk.live_record(&selector)).await
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let (selector, record) = (*selector, record.clone());
        let principal = record.metadata().principal.as_ref().map(|principal| *principal.key());
        let shards = shards(&selector, principal.as_ref());
        self.write(&shards, move |disk| disk.create(&selector, &record)).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let (selector, commit) = (*selector, commit.clone());
        let shards = shards(&selector, commit.session().login.as_ref().map(Principal::key));
        let outcome = self.write(&shards, move |disk| disk.apply(&selector, &commit)).await?;
        if let Some(principal) = outcome.left {
            self.forget(principal, vec![selector]).await;
        }
        Ok(outcome.applied)
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        let Some(record) = self.end(*selector, Whose::of(owner)).await? else {
            return Ok(false);
        };
        if let Some(principal) = &record.metadata().principal {
            self.forget(*principal.key(), vec![*selector]).await;
        }
        Ok(true)
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        let selector = *selector;
        self.read(move |disk| disk.is_buried(&selector)).await
    }

    /// What has expired is remembered until it is swept.
    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        let selector = *selector;
        self.read(move |disk| disk.fate(&selector)).await
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        _until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        let (principal, selector) = (*principal, *selector);
        let shard = Shard::of_principal(&principal);
        self.write(&[shard], move |disk| disk.admit(&principal, &selector, most)).await
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        let principal = *principal;
        self.read(move |disk| disk.generation(&principal)).await
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let principal = *principal;
        let listed = self.read(move |disk| disk.members(&principal)).await?;
        if listed.outdated {
            let shard = Shard::of_principal(&principal);
            let cleaned = self.write(&[shard], move |disk| disk.clean(&principal)).await;
            put_up_with(cleaned, "the index was not cleaned");
        }
        Ok(listed.members)
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let (driver, principal, except) = (self.clone(), *principal, except.copied());
        // On a task, so that it ends what it has listed although its caller gives up.
        let revoked = tokio::spawn(async move { driver.revoke(principal, except).await });
        revoked.await.unwrap_or_else(|error| Err(abandoned(error)))
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        self.sweep_on(limit).await
    }
}

impl fmt::Debug for FileDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDriver")
            .field("location", &self.disk.layout.root())
            .field("durability", &self.disk.durability)
            .finish_non_exhaustive()
    }
}

/// An [`Owner`] that can be taken along to another thread.
#[derive(Clone, Copy)]
enum Whose {
    Anyones,
    Nobodys,
    Principals(PrincipalKey),
}

impl Whose {
    const fn of(owner: Owner<'_>) -> Self {
        match owner {
            Owner::Anyone => Self::Anyones,
            Owner::Nobody => Self::Nobodys,
            Owner::Principal(key) => Self::Principals(*key),
        }
    }

    const fn owner(&self) -> Owner<'_> {
        match self {
            Self::Anyones => Owner::Anyone,
            Self::Nobodys => Owner::Nobody,
            Self::Principals(key) => Owner::Principal(key),
        }
    }
}

/// The shards that a write concerns, in the order of locking.
fn shards(selector: &Selector, principal: Option<&PrincipalKey>) -> Vec<Shard> {
    principal.map(Shard::of_principal).into_iter().chain([Shard::of(selector)]).collect()
}

fn put_up_with(answer: Result<(), DriverError>, what: &'static str) {
    if let Err(error) = answer {
        tracing::warn!(target: "session", event = "file.left_behind", error = &error as &dyn std::error::Error, what);
    }
}
