//! A driver with one fault, of those that stores of sessions were seen to have.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use session_runtime::drivers::{Created, Driver, DriverError, Members, MemoryDriver, Owner};
use session_runtime::record::{Applied, Commit, Deadlines, FieldOp, Metadata, PrincipalKey, Record, Verdict};
use session_runtime::testing::ManualClock;
use session_runtime::{JsonText, Key, Selector, Timestamp, VerifierHash};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `apply` files a record where none is (CVE-2025-46336).
    Upserts,
    /// `create` replaces what is there.
    CreateOverwrites,
    /// `load` answers records that have expired.
    LoadsExpired,
    /// A touch of an expired record makes it live again.
    TouchRevives,
    /// A commit is applied whatever epoch it was loaded under.
    IgnoresEpoch,
    /// The changes in front of a refused one are applied.
    AppliesHalf,
    /// An addition is read, computed and written in three steps.
    AddsInSteps,
    /// Every commit is: the whole record is read, computed, and written over whatever is there by then.
    Rewrites,
    /// An addition goes through floating point.
    AddsAsFloat,
    /// A swap replaces whatever is there.
    SwapsBlindly,
    /// A commit writes back every field as it was loaded, and so undoes what others wrote.
    DropsForeignFields,
    /// Consuming one entry of flash consumes all of them.
    ConsumesAllFlash,
    /// A touch may lower the idle deadline.
    TouchLowers,
    /// `destroy` does not ask whose the record is.
    DestroysAnyones,
    /// A login is not entered in the index.
    ForgetsLogins,
    /// `revoke_all` leaves the generation as it was.
    KeepsGeneration,
    /// `revoke_all` destroys the excepted session, too.
    RevokesExcepted,
    /// `sweep` removes all there is to remove.
    SweepsEverything,
    /// Keys are compared without regard to case.
    FoldsKeys,
    /// The limit of size is not looked at.
    IgnoresLimit,
    /// A removal leaves an empty record behind.
    KeepsEmptied,
}

/// A driver that keeps the contract, but for the one fault.
#[derive(Debug)]
pub(crate) struct Broken {
    sound: MemoryDriver,
    fault: Option<Fault>,
    /// Records as they were filed, for faults that bring old ones back.
    ghosts: Mutex<BTreeMap<Selector, Record>>,
    /// Sessions that the index was not told of.
    unlisted: Mutex<BTreeSet<Selector>>,
}

impl Broken {
    pub(crate) fn by(fault: Fault, clock: ManualClock) -> Self {
        Self { fault: Some(fault), ..Self::by_nothing(clock) }
    }

    pub(crate) fn by_nothing(clock: ManualClock) -> Self {
        let sound = MemoryDriver::new().with_clock(clock);
        Self { sound, fault: None, ghosts: Mutex::default(), unlisted: Mutex::default() }
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Puts `record` in place of what is there, as a driver would that knows nothing of commits.
    async fn overwrite(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        self.sound.destroy(selector, Owner::Anyone).await?;
        self.sound.create(selector, record).await?;
        Ok(())
    }

    async fn apply_with_fault(
        &self,
        fault: Fault,
        selector: &Selector,
        mut commit: Commit,
    ) -> Result<Applied, DriverError> {
        let stored = self.sound.load(selector).await?;
        match fault {
            Fault::Upserts if stored.is_none() => self.overwrite(selector, &blank(commit.at)).await?,
            Fault::TouchRevives if stored.is_none() => self.revive(selector, &commit).await?,
            Fault::IgnoresEpoch => commit.epoch = stored.map_or(0, |record| record.metadata().epoch),
            Fault::Rewrites => return self.rewrite(selector, &commit).await,
            Fault::AddsInSteps | Fault::AddsAsFloat => {
                let sums = self.twist_fields(&mut commit, stored.as_ref());
                tokio::task::yield_now().await;
                let answer = self.sound.apply(selector, &commit).await?;
                return Ok(if answer == Applied::Stored(Vec::new()) {
                    Applied::Stored(sums)
                } else {
                    answer
                });
            }
            Fault::DropsForeignFields => commit.clear = true,
            Fault::ConsumesAllFlash if !commit.flash.consume.is_empty() => {
                commit.flash.consume = (0..64).collect();
            }
            Fault::ForgetsLogins if commit.login.is_some() => {
                self.unlisted.lock().unwrap().insert(*selector);
            }
            Fault::IgnoresLimit => commit.max_bytes = usize::MAX,
            Fault::TouchLowers => {
                if let (Some(record), Some(idle)) = (stored, commit.idle_until) {
                    self.overwrite(selector, &with_idle(&record, idle)).await?;
                }
            }
            Fault::SwapsBlindly | Fault::FoldsKeys => {
                self.twist_fields(&mut commit, stored.as_ref());
            }
            _ => {}
        }
        let answer = self.sound.apply(selector, &commit).await?;
        match &answer {
            Applied::Refused(_) if fault == Fault::AppliesHalf => {
                commit.fields.truncate(1);
                self.sound.apply(selector, &commit).await?;
            }
            Applied::Emptied if fault == Fault::KeepsEmptied => {
                self.sound.create(selector, &blank(commit.at)).await?;
            }
            _ => {}
        }
        Ok(answer)
    }

    async fn revive(&self, selector: &Selector, commit: &Commit) -> Result<(), DriverError> {
        let ghost = self.ghosts.lock().unwrap().get(selector).cloned();
        match (ghost.filter(|ghost| ghost.is_expired(commit.at)), commit.idle_until) {
            (Some(ghost), Some(idle)) => self.overwrite(selector, &with_idle(&ghost, idle)).await,
            _ => Ok(()),
        }
    }

    /// Read, compute, write: what others write in between is lost.
    async fn rewrite(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let Some(record) = self.sound.load(selector).await? else {
            return Ok(Applied::Gone);
        };
        tokio::task::yield_now().await;
        Ok(match record.apply(commit) {
            Verdict::Store(record, sums) => {
                self.overwrite(selector, &record).await?;
                Applied::Stored(sums)
            }
            Verdict::Destroy => {
                self.sound.destroy(selector, Owner::Anyone).await?;
                Applied::Emptied
            }
            Verdict::Leave(answer) => answer,
        })
    }

    /// Says something else of each field than it was told; the sums that it computed by itself.
    fn twist_fields(&self, commit: &mut Commit, record: Option<&Record>) -> Vec<(Key, JsonText)> {
        let mut sums = Vec::new();
        for change in &mut commit.fields {
            let stored = record.and_then(|record| record.field(change.key.as_str()));
            match &change.op {
                FieldOp::Add(addition) if self.is(Fault::AddsInSteps) || self.is(Fault::AddsAsFloat) => {
                    let Ok(mut sum) = addition.apply(stored.map(|field| &field.json)) else { continue };
                    if self.is(Fault::AddsAsFloat) {
                        let float: f64 = sum.as_str().parse().unwrap();
                        sum = JsonText::parse(&float.to_string()).unwrap();
                    }
                    sums.push((change.key.clone(), sum.clone()));
                    change.op = FieldOp::Set(sum);
                }
                FieldOp::Swap { new, .. } if self.is(Fault::SwapsBlindly) => {
                    change.op = new.clone().map_or(FieldOp::Remove, FieldOp::Set);
                }
                _ if self.is(Fault::FoldsKeys) => change.key = change.key.as_str().to_lowercase().into(),
                _ => {}
            }
        }
        sums
    }
}

impl Driver for Broken {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let live = self.sound.load(selector).await?;
        if live.is_none() && self.is(Fault::LoadsExpired) {
            return Ok(self.ghosts.lock().unwrap().get(selector).cloned());
        }
        Ok(live)
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        if self.is(Fault::CreateOverwrites) {
            self.overwrite(selector, record).await?;
            return Ok(Created::Filed);
        }
        self.ghosts.lock().unwrap().insert(*selector, record.clone());
        self.sound.create(selector, record).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        match self.fault {
            Some(fault) => self.apply_with_fault(fault, selector, commit.clone()).await,
            None => self.sound.apply(selector, commit).await,
        }
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        let owner = if self.is(Fault::DestroysAnyones) { Owner::Anyone } else { owner };
        self.sound.destroy(selector, owner).await
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        self.sound.destroyed_recently(selector).await
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let mut members = self.sound.members(principal).await?;
        members.selectors.retain(|selector| !self.unlisted.lock().unwrap().contains(selector));
        if self.is(Fault::KeepsGeneration) {
            members.generation = 0;
        }
        Ok(members)
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let except = except.filter(|_| !self.is(Fault::RevokesExcepted));
        self.sound.revoke_all(principal, except).await
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        let limit = if self.is(Fault::SweepsEverything) { usize::MAX } else { limit };
        self.sound.sweep(limit).await
    }
}

fn blank(now: Timestamp) -> Record {
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

fn with_idle(record: &Record, idle: Timestamp) -> Record {
    let metadata = record.metadata();
    let metadata = Metadata { deadlines: Deadlines { idle, ..metadata.deadlines }, ..metadata.clone() };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}
