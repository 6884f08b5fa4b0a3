//! A driver with one fault: the calls that have one, around a driver that has none. `apply` stands in
//! `broken_apply`, the index and the sweep in `broken_lists`.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::drivers::{
    Created, Crowd, Driver, DriverError, DriverFate, Members, MemoryDriver, Owner,
};
use session_runtime::record::{Applied, Commit, CsrfKey, Deadlines, Fields, Metadata, PrincipalKey, Record};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;
use session_runtime::{Selector, Timestamp, VerifierHash};

use super::broken_limits::forgetting;
use super::broken_values::with_cut_key;
use super::fault::{Fault, interlude};

/// A driver that keeps the contract, but for the one fault.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(super) sound: Arc<MemoryDriver>,
    pub(super) fault: Option<Fault>,
    pub(super) clock: ManualClock,
    pub(super) restarted: bool,
    /// Records as they were filed, for faults that bring old ones back.
    pub(super) ghosts: Arc<Mutex<BTreeMap<Selector, Record>>>,
    /// Sessions that the index was not told of.
    pub(super) unlisted: Mutex<BTreeSet<Selector>>,
    /// Sessions whose login is on its way.
    pub(super) signing_in: Mutex<BTreeSet<Selector>>,
    /// Sessions that were emptied, and all that ended.
    pub(super) emptied: Mutex<BTreeSet<Selector>>,
    ended: Mutex<BTreeSet<Selector>>,
    pub(super) revoked: Mutex<BTreeSet<PrincipalKey>>,
    /// Who has ever signed in where.
    pub(super) logins: Mutex<Vec<(Selector, PrincipalKey)>>,
    pub(super) raised: AtomicU64,
    pub(super) damaged: Mutex<BTreeSet<Selector>>,
    /// Writes that land after whatever was done meanwhile.
    pub(super) late: Mutex<Vec<(Selector, Record)>>,
    full: AtomicBool,
    pub(super) locked: AtomicBool,
}

/// A driver with this fault, or without any, which can be damaged, filled and opened again.
pub(crate) fn subject(fault: Option<Fault>, clock: ManualClock) -> Subject<Arc<Broken>> {
    let sound = Arc::new(MemoryDriver::new().with_clock(clock.clone()));
    let broken = Arc::new(Broken::new(sound, fault, clock.clone()));
    let (damaged, filled, first) = (broken.clone(), broken.clone(), broken.clone());
    Subject::new(broken)
        .remembering_the_destroyed()
        .corrupted_by(move |selector| {
            damaged.damaged.lock().unwrap().insert(selector);
            async {}
        })
        .filled_by(move || {
            filled.full.store(true, Ordering::SeqCst);
            async {}
        })
        .opened_again_by(move || {
            let again = Broken::new(first.sound.clone(), fault, clock.clone());
            let again = Arc::new(Broken { restarted: true, ghosts: first.ghosts.clone(), ..again });
            async move { again }
        })
}

impl Broken {
    fn new(sound: Arc<MemoryDriver>, fault: Option<Fault>, clock: ManualClock) -> Self {
        Self {
            sound,
            fault,
            clock,
            restarted: false,
            ghosts: Arc::default(),
            unlisted: Mutex::default(),
            signing_in: Mutex::default(),
            emptied: Mutex::default(),
            ended: Mutex::default(),
            revoked: Mutex::default(),
            logins: Mutex::default(),
            raised: AtomicU64::new(0),
            damaged: Mutex::default(),
            late: Mutex::default(),
            full: AtomicBool::new(false),
            locked: AtomicBool::new(false),
        }
    }

    pub(super) fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Puts `record` in place of what is there, as a driver would that knows nothing of commits.
    pub(super) async fn overwrite(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        self.sound.destroy(selector, Owner::Anyone).await?;
        self.sound.create(selector, record).await?;
        Ok(())
    }

    fn is_damaged(&self, selector: &Selector) -> bool {
        self.damaged.lock().unwrap().contains(selector)
    }

    fn is_full(&self) -> bool {
        self.full.load(Ordering::SeqCst)
    }

    pub(super) fn corrupt(&self) -> DriverError {
        let told = if self.is(Fault::RepeatsDamaged) { "no JSON: {\"secret\":\"hunter2" } else { "no JSON" };
        DriverError::Corrupt { source: told.into() }
    }
}

impl Driver for Broken {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        if self.is_damaged(selector) {
            return if self.is(Fault::DamagedIsAbsent) { Ok(None) } else { Err(self.corrupt()) };
        }
        let late = std::mem::take(&mut *self.late.lock().unwrap());
        for (selector, record) in late {
            self.overwrite(&selector, &record).await?;
        }
        let live = self.sound.load(selector).await?;
        if live.is_none()
            && (self.is(Fault::LoadsExpired) || self.restarted && self.is(Fault::RestartRevives))
        {
            return Ok(self.ghosts.lock().unwrap().get(selector).cloned());
        }
        Ok(live)
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        if self.is_damaged(selector) {
            let replaced = self.is(Fault::ReplacesDamaged) && self.damaged.lock().unwrap().remove(selector);
            return Ok(if replaced { Created::Filed } else { Created::Taken });
        }
        if self.is_full() && !self.is(Fault::EvictsOwned) {
            return Err(DriverError::Full);
        }
        if self.is(Fault::CreateOverwrites) {
            self.overwrite(selector, record).await?;
            return Ok(Created::Filed);
        }
        if self.is(Fault::CreatesInSteps) && self.sound.load(selector).await?.is_none() {
            let bare = Record::new(record.metadata().clone(), Fields::new(), Vec::new());
            self.sound.create(selector, &bare).await?;
            interlude().await;
            self.overwrite(selector, record).await?;
            return Ok(Created::Filed);
        }
        let before = self.ghosts.lock().unwrap().insert(*selector, record.clone());
        if before.is_some() && self.is(Fault::KeepsExpired) {
            return Ok(Created::Taken);
        }
        if self.is(Fault::FilesNoFlash) {
            let bare = Record::new(record.metadata().clone(), record.fields().clone(), Vec::new());
            return self.sound.create(selector, &bare).await;
        }
        if self.is(Fault::CutsCsrfKey) {
            return self.sound.create(selector, &with_cut_key(record)).await;
        }
        if self.is(Fault::IndexesLate) && record.metadata().principal.is_some() {
            self.unlisted.lock().unwrap().insert(*selector);
            let created = self.sound.create(selector, record).await?;
            interlude().await;
            self.unlisted.lock().unwrap().remove(selector);
            return Ok(created);
        }
        let endless = record.metadata().deadlines.absolute == Timestamp::MAX;
        let record = if endless && self.is(Fault::WrapsDeadlines) {
            &with_idle(record, Timestamp::from_unix_millis(0))
        } else {
            record
        };
        self.sound.create(selector, record).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        if self.is_damaged(selector) {
            return if self.is(Fault::DamagedIsAbsent) { Ok(Applied::Gone) } else { Err(self.corrupt()) };
        }
        if self.is_full() && commit.growth() > 0 {
            if self.is(Fault::LosesWhatGrows) {
                self.sound.destroy(selector, Owner::Anyone).await?;
            }
            return Err(DriverError::Full);
        }
        if self.is(Fault::ForgetsDevices) && commit.session().login.is_none() {
            return self.sound.apply(selector, &forgetting(commit)).await;
        }
        match self.fault {
            Some(fault) => self.apply_with_fault(fault, selector, commit.clone()).await,
            None => self.sound.apply(selector, commit).await,
        }
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        if self.is_full() && self.is(Fault::EndsNothingWhenFull) {
            return Err(DriverError::Full);
        }
        if self.is(Fault::UnlistsFirst) {
            self.unlisted.lock().unwrap().insert(*selector);
            interlude().await;
        }
        let owner = if self.is(Fault::DestroysAnyones) { Owner::Anyone } else { owner };
        let there = self.sound.load(selector).await?.is_some_and(|record| owner.owns(&record));
        if self.is(Fault::DestroysInSteps) {
            interlude().await;
        }
        if self.is(Fault::DestroysNothing) {
            return Ok(there);
        }
        let destroyed = self.sound.destroy(selector, owner).await?;
        if destroyed {
            self.ended.lock().unwrap().insert(*selector);
        }
        Ok(if self.is(Fault::DestroysInSteps) { there } else { destroyed })
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        let remembered = self.sound.destroyed_recently(selector).await?;
        let emptied = self.emptied.lock().unwrap().contains(selector);
        let ended = self.ended.lock().unwrap().contains(selector);
        Ok(remembered && !(emptied && self.is(Fault::ForgetsEmptied))
            || ended && self.is(Fault::NeverForgets))
    }

    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        if self.is(Fault::CallsAllExpired) {
            return Ok(DriverFate::Expired);
        }
        self.sound.fate(selector).await
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        self.admit_with_fault(principal, selector, until, most).await
    }

    async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        self.crowd_with_fault(principal, most).await
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        self.members_with_fault(principal).await
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        self.revoke_with_fault(principal, except).await
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        self.sweep_with_fault(limit).await
    }
}

pub(super) fn blank(now: Timestamp) -> Record {
    let deadline = Timestamp::MAX;
    let metadata = Metadata {
        created_at: now,
        authenticated_at: None,
        principal: None,
        epoch: 0,
        verifier: VerifierHash::from_bytes([0; 32]),
        superseded: None,
        deadlines: Deadlines { idle: deadline, absolute: deadline },
        next_flash: 0,
        csrf_key: CsrfKey::from_bytes([0; 16]),
        more: None,
    };
    Record::new(metadata, Fields::new(), Vec::new())
}

pub(super) fn with_idle(record: &Record, idle: Timestamp) -> Record {
    let metadata = record.metadata();
    let metadata = Metadata { deadlines: Deadlines { idle, ..metadata.deadlines }, ..metadata.clone() };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}
