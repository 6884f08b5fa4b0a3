//! Commits with a fault.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::sync::atomic::Ordering;

use session_runtime::Selector;
use session_runtime::drivers::{Driver, DriverError, Owner};
use session_runtime::record::{Applied, Commit, FlashChange, Metadata, Record, Verdict};

use super::broken::{Broken, blank, with_idle};
use super::broken_values::refusal;
use super::fault::{Fault, interlude};

impl Broken {
    pub(super) async fn apply_with_fault(
        &self,
        fault: Fault,
        selector: &Selector,
        mut commit: Commit,
    ) -> Result<Applied, DriverError> {
        if Self::spoils_life(fault) {
            return self.live_with_fault(fault, selector, commit).await;
        }
        match fault {
            Fault::Rewrites => return self.rewrite(selector, &commit).await,
            Fault::WritesLate => return self.write_late(selector, &commit).await,
            Fault::AppliesFieldByField => return self.apply_in_steps(selector, &commit).await,
            Fault::AddsInSteps | Fault::AddsAsFloat | Fault::RoundsFloats => {
                return self.add_by_itself(selector, commit).await;
            }
            Fault::ConsumesAfterPut | Fault::ClearsLast => {
                return self.apply_backwards(selector, commit).await;
            }
            Fault::BoundsCommits if commit.fields.len() > 8_000 => {
                return Err(DriverError::unavailable("too many arguments"));
            }
            Fault::StaysLocked => return self.apply_locked(selector, &commit).await,
            Fault::OverwritesWithSeen | Fault::BelievesSeen if commit.seen.is_some() => {
                return self.apply_to_seen(fault, selector, &commit).await;
            }
            _ => {}
        }
        let stored = self.sound.load(selector).await?;
        let early = stored.as_ref().is_some_and(|record| commit.at < record.metadata().created_at);
        if early && fault == Fault::RefusesPast {
            return Ok(Applied::Gone);
        }
        if let Some(refusal) = stored.as_ref().and_then(|record| refusal(fault, record, &commit)) {
            return Ok(Applied::Refused(refusal));
        }
        self.twist(fault, selector, &mut commit, stored).await?;
        self.twist_details(fault, &mut commit);
        let mut answer = self.sound.apply(selector, &commit).await?;
        if let (Applied::Stored(sums), Fault::SortsSums) = (&mut answer, fault) {
            sums.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        self.spoil(fault, selector, commit, &answer).await?;
        Ok(answer)
    }

    async fn apply_to_seen(
        &self,
        fault: Fault,
        selector: &Selector,
        commit: &Commit,
    ) -> Result<Applied, DriverError> {
        match commit.seen.as_ref().map(|seen| seen.apply(commit)) {
            Some(Verdict::Store(record, sums)) if fault == Fault::OverwritesWithSeen => {
                self.overwrite(selector, &record).await?;
                Ok(Applied::Stored(sums))
            }
            Some(Verdict::Leave(applied)) if fault == Fault::BelievesSeen => Ok(applied),
            _ => self.sound.apply(selector, commit).await,
        }
    }

    /// What goes wrong in front of the commit.
    async fn twist(
        &self,
        fault: Fault,
        selector: &Selector,
        commit: &mut Commit,
        stored: Option<Record>,
    ) -> Result<(), DriverError> {
        match fault {
            Fault::Upserts if stored.is_none() => self.overwrite(selector, &blank(commit.at)).await?,
            Fault::TouchRevives if stored.is_none() => self.revive(selector, commit).await?,
            Fault::IgnoresEpoch => commit.epoch = stored.map_or(0, |record| record.metadata().epoch),
            Fault::DropsForeignFields => commit.clear = true,
            Fault::ConsumesAllFlash if !commit.flash.consume.is_empty() => {
                commit.flash.consume = (0..64).collect();
            }
            Fault::ForgetsLogins | Fault::IndexesLate if commit.session().login.is_some() => {
                self.unlisted.lock().unwrap().insert(*selector);
            }
            Fault::CleansYoung if commit.session().login.is_some() => {
                self.signing_in.lock().unwrap().insert(*selector);
                interlude().await;
            }
            Fault::TouchLowers => {
                if let (Some(record), Some(idle)) = (stored, commit.idle_until) {
                    self.overwrite(selector, &with_idle(&record, idle)).await?;
                }
            }
            Fault::NumbersFlashAnew => {
                if let Some(record) = stored.filter(|_| !commit.flash.put.is_empty()) {
                    let metadata = Metadata { next_flash: 0, ..record.metadata().clone() };
                    let anew = Record::new(metadata, record.fields().clone(), record.flash().to_vec());
                    self.overwrite(selector, &anew).await?;
                }
            }
            Fault::SwapsBlindly | Fault::FoldsKeys | Fault::AddsToAnything => {
                self.twist_fields(commit, stored.as_ref());
            }
            _ => {}
        }
        Ok(())
    }

    /// What goes wrong after it.
    async fn spoil(
        &self,
        fault: Fault,
        selector: &Selector,
        mut commit: Commit,
        answer: &Applied,
    ) -> Result<(), DriverError> {
        match answer {
            Applied::Refused(_) if fault == Fault::AppliesHalf => {
                commit.fields.truncate(1);
                self.sound.apply(selector, &commit).await?;
            }
            Applied::Emptied if fault == Fault::KeepsEmptied => {
                self.sound.create(selector, &blank(commit.at)).await?;
            }
            Applied::Emptied => drop(self.emptied.lock().unwrap().insert(*selector)),
            Applied::Stored(_) if fault == Fault::EmptiesWithoutFields => {
                let record = self.sound.load(selector).await?;
                if record.is_some_and(|record| record.fields().is_empty()) {
                    self.sound.destroy(selector, Owner::Anyone).await?;
                }
            }
            Applied::Stored(_) if fault == Fault::RevokesFormer => {
                let login = commit.session().login.as_ref().map(|principal| (*selector, *principal.key()));
                self.logins.lock().unwrap().extend(login);
            }
            _ if fault == Fault::IndexesLate => {
                interlude().await;
                self.unlisted.lock().unwrap().remove(selector);
            }
            _ if fault == Fault::CleansYoung => drop(self.signing_in.lock().unwrap().remove(selector)),
            _ => {}
        }
        Ok(())
    }

    async fn add_by_itself(&self, selector: &Selector, mut commit: Commit) -> Result<Applied, DriverError> {
        let stored = self.sound.load(selector).await?;
        let sums = self.twist_fields(&mut commit, stored.as_ref());
        interlude().await;
        let answer = self.sound.apply(selector, &commit).await?;
        Ok(if answer == Applied::Stored(Vec::new()) { Applied::Stored(sums) } else { answer })
    }

    async fn apply_in_steps(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let mut all = Vec::new();
        for change in &commit.fields {
            let single =
                Commit { fields: vec![change.clone()], ..Commit::unchanged(commit.epoch, commit.at) };
            match self.sound.apply(selector, &single).await? {
                Applied::Stored(sums) => all.extend(sums),
                other => return Ok(other),
            }
            interlude().await;
        }
        let rest = Commit { fields: Vec::new(), ..commit.clone() };
        let answer = self.sound.apply(selector, &rest).await?;
        Ok(if answer == Applied::Stored(Vec::new()) { Applied::Stored(all) } else { answer })
    }

    /// What belongs in front comes last.
    async fn apply_backwards(&self, selector: &Selector, commit: Commit) -> Result<Applied, DriverError> {
        let last = Commit::unchanged(commit.epoch, commit.at);
        let (first, last) = if self.is(Fault::ClearsLast) && commit.clear {
            (Commit { clear: false, ..commit }, Commit { clear: true, ..last })
        } else {
            let consume = FlashChange { put: Vec::new(), consume: commit.flash.consume.clone() };
            let put = FlashChange { consume: Vec::new(), ..commit.flash.clone() };
            (Commit { flash: put, ..commit }, Commit { flash: consume, ..last })
        };
        let answer = self.sound.apply(selector, &first).await?;
        self.sound.apply(selector, &last).await?;
        Ok(answer)
    }

    async fn apply_locked(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        if self.locked.swap(true, Ordering::SeqCst) {
            return Err(DriverError::unavailable("somebody else holds the lock"));
        }
        interlude().await;
        let answer = self.sound.apply(selector, commit).await;
        self.locked.store(false, Ordering::SeqCst);
        answer
    }

    /// Computes the new record, and writes it: after the next commit if nobody waits any more.
    async fn write_late(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let Some(record) = self.sound.load(selector).await? else {
            return Ok(Applied::Gone);
        };
        let Verdict::Store(record, sums) = record.apply(commit) else {
            return self.sound.apply(selector, commit).await;
        };
        let mut late = Late { broken: self, write: Some((*selector, record.clone())) };
        interlude().await;
        late.write = None;
        self.overwrite(selector, &record).await?;
        Ok(Applied::Stored(sums))
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
        interlude().await;
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
}

/// A write that is on its way.
struct Late<'a> {
    broken: &'a Broken,
    write: Option<(Selector, Record)>,
}

impl Drop for Late<'_> {
    fn drop(&mut self) {
        self.broken.late.lock().unwrap().extend(self.write.take());
    }
}
