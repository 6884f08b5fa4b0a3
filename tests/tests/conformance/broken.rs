//! A driver with one fault: the calls that have one, around a driver that has none. `apply` stands in `broken_apply`.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::drivers::{Created, Driver, DriverError, Members, MemoryDriver, Owner};
use session_runtime::record::{Applied, Commit, Deadlines, Metadata, PrincipalKey, Record};
use session_runtime::testing::ManualClock;
use session_runtime::testing::conformance::Subject;
use session_runtime::{Clock as _, Selector, Timestamp, VerifierHash};

use super::fault::{Fault, interlude};

/// A driver that keeps the contract, but for the one fault.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(super) sound: Arc<MemoryDriver>,
    pub(super) fault: Option<Fault>,
    pub(super) clock: ManualClock,
    restarted: bool,
    /// Records as they were filed, for faults that bring old ones back.
    pub(super) ghosts: Arc<Mutex<BTreeMap<Selector, Record>>>,
    /// Sessions that the index was not told of.
    pub(super) unlisted: Mutex<BTreeSet<Selector>>,
    /// Sessions whose login is on its way.
    pub(super) signing_in: Mutex<BTreeSet<Selector>>,
    /// Sessions that were emptied, and all that ended.
    pub(super) emptied: Mutex<BTreeSet<Selector>>,
    ended: Mutex<BTreeSet<Selector>>,
    revoked: Mutex<BTreeSet<PrincipalKey>>,
    damaged: Mutex<BTreeSet<Selector>>,
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

    fn corrupt(&self) -> DriverError {
        let told = if self.is(Fault::RepeatsDamaged) { "no JSON: {\"secret\":\"hunter2" } else { "no JSON" };
        DriverError::Corrupt { source: told.into() }
    }

    fn expired_ghosts(&self) -> Vec<(Selector, Record)> {
        let now = self.clock.now();
        let ghosts = self.ghosts.lock().unwrap();
        let expired = ghosts.iter().filter(|(_, record)| record.is_expired(now));
        expired.map(|(selector, record)| (*selector, record.clone())).collect()
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
            let bare = Record::new(record.metadata().clone(), BTreeMap::new(), Vec::new());
            self.sound.create(selector, &bare).await?;
            interlude().await;
            self.overwrite(selector, record).await?;
            return Ok(Created::Filed);
        }
        self.ghosts.lock().unwrap().insert(*selector, record.clone());
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

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let mut members = self.sound.members(principal).await?;
        if self.is(Fault::CleansYoung) {
            let young = self.signing_in.lock().unwrap().clone();
            self.unlisted.lock().unwrap().extend(young);
        }
        members.selectors.retain(|selector| !self.unlisted.lock().unwrap().contains(selector));
        let restarted = |fault| self.restarted && self.is(fault);
        if self.is(Fault::KeepsGeneration) || restarted(Fault::RestartForgetsGenerations) {
            members.generation = 0;
        }
        let shunned = self.is(Fault::ShunsRevoked) && self.revoked.lock().unwrap().contains(principal);
        let hidden = self.is(Fault::DamageHidesOthers) && !self.damaged.lock().unwrap().is_empty();
        if shunned || hidden || restarted(Fault::RestartLosesIndex) {
            members.selectors.clear();
        }
        Ok(members)
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        if self.is(Fault::RevokeStopsAtDamaged) && !self.damaged.lock().unwrap().is_empty() {
            return Err(self.corrupt());
        }
        self.revoked.lock().unwrap().insert(*principal);
        let except = except.filter(|_| !self.is(Fault::RevokesExcepted));
        let there = self.sound.members(principal).await?.selectors.len();
        if self.is(Fault::RevokesInSteps) {
            interlude().await;
        }
        let revoked = self.sound.revoke_all(principal, except).await?;
        let his = |(_, record): &(_, Record)| Owner::Principal(principal).owns(record);
        Ok(match self.fault {
            Some(Fault::RevokesInSteps) => there,
            Some(Fault::CountsExpired) => {
                revoked + self.expired_ghosts().iter().filter(|ghost| his(ghost)).count()
            }
            _ => revoked,
        })
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        let damaged = self.damaged.lock().unwrap().pop_first();
        if let Some(damaged) = damaged {
            if self.is(Fault::SweepsDamaged) {
                self.sound.destroy(&damaged, Owner::Anyone).await?;
            } else {
                self.damaged.lock().unwrap().insert(damaged);
            }
            if self.is(Fault::SweepStopsAtDamaged) {
                return Err(self.corrupt());
            }
        }
        let due: Vec<Selector> =
            self.expired_ghosts().into_iter().map(|(selector, _)| selector).take(limit).collect();
        if self.is(Fault::SweepsInSteps) {
            interlude().await;
            self.ghosts.lock().unwrap().retain(|selector, _| !due.contains(selector));
            self.sound.sweep(limit).await?;
            return Ok(due.len());
        }
        let limit = if self.is(Fault::SweepsEverything) { usize::MAX } else { limit };
        self.sound.sweep(limit).await
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
    };
    Record::new(metadata, BTreeMap::new(), Vec::new())
}

pub(super) fn with_idle(record: &Record, idle: Timestamp) -> Record {
    let metadata = record.metadata();
    let metadata = Metadata { deadlines: Deadlines { idle, ..metadata.deadlines }, ..metadata.clone() };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}
