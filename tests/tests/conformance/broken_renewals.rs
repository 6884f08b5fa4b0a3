//! Renewals and lifetimes with a fault.

use session_runtime::Selector;
use session_runtime::drivers::{Driver, DriverError};
use session_runtime::record::{Applied, Commit, Metadata, More, Record, Refusal};

use super::broken::Broken;
use super::fault::Fault;

impl Broken {
    /// Whether the fault is one of these, and the commit one that it spoils.
    pub(super) const fn spoils_life(fault: Fault) -> bool {
        matches!(
            fault,
            Fault::RenewsLate
                | Fault::RaisesWithRenewals
                | Fault::KeepsRestOfRenewals
                | Fault::ForgetsRetired
                | Fault::MovesConfirmations
                | Fault::KeepsRenewals
                | Fault::KeepsDeadlines
                | Fault::ForgetsLifetimes
                | Fault::ForgetsSeen
        )
    }

    pub(super) async fn live_with_fault(
        &self,
        fault: Fault,
        selector: &Selector,
        mut commit: Commit,
    ) -> Result<Applied, DriverError> {
        let before = self.sound.load(selector).await?;
        let renews = commit.session().rotation.is_some_and(|rotation| rotation.renews.is_some());
        match (fault, &before) {
            (Fault::RenewsLate, Some(record)) if renews => {
                let current = record.metadata().verifier;
                if let Some(rotation) = &mut commit.session_mut().rotation {
                    rotation.renews = Some(current);
                }
            }
            (Fault::MovesConfirmations, Some(record)) if commit.session().presented.is_some() => {
                self.change(selector, record, |more| {
                    more.renewal.iter_mut().for_each(|renewal| renewal.until = None);
                })
                .await?;
            }
            (Fault::KeepsDeadlines, _) => commit.session_mut().deadlines = None,
            (Fault::ForgetsLifetimes, _) => commit.session_mut().lifetime = None,
            _ => {}
        }
        let answer = self.sound.apply(selector, &commit).await?;
        if answer == Applied::Refused(Refusal::Renewed) && fault == Fault::KeepsRestOfRenewals {
            commit.session_mut().rotation = None;
            self.sound.apply(selector, &commit).await?;
            return Ok(answer);
        }
        if let (Applied::Stored(_), Some(after)) = (&answer, self.sound.load(selector).await?) {
            self.spoil_life(fault, selector, before.as_ref(), &after, renews).await?;
        }
        Ok(answer)
    }

    /// What goes wrong after the commit.
    async fn spoil_life(
        &self,
        fault: Fault,
        selector: &Selector,
        before: Option<&Record>,
        after: &Record,
        renews: bool,
    ) -> Result<(), DriverError> {
        match fault {
            Fault::RaisesWithRenewals if renews => {
                let metadata = after.metadata().clone();
                let raised = Metadata { epoch: metadata.epoch + 1, ..metadata };
                self.overwrite(selector, &with(after, raised)).await
            }
            Fault::ForgetsRetired => {
                self.change(selector, after, |more| {
                    more.renewal.iter_mut().for_each(|renewal| renewal.retired.truncate(1));
                })
                .await
            }
            Fault::KeepsRenewals => {
                let kept = before.and_then(|record| record.metadata().renewal()).cloned();
                let lost = after.metadata().renewal().is_none();
                self.change(selector, after, |more| {
                    more.renewal = if lost { kept } else { more.renewal.take() };
                })
                .await
            }
            Fault::ForgetsSeen => self.change(selector, after, |more| more.seen_at = None).await,
            _ => Ok(()),
        }
    }

    async fn change(
        &self,
        selector: &Selector,
        record: &Record,
        change: impl FnOnce(&mut More),
    ) -> Result<(), DriverError> {
        let mut metadata = record.metadata().clone();
        let mut more = metadata.more.take().unwrap_or_default();
        change(&mut more);
        metadata.more = Some(more);
        self.overwrite(selector, &with(record, metadata)).await
    }
}

fn with(record: &Record, metadata: Metadata) -> Record {
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}
