//! The limit of sessions, with a fault.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use session_runtime::drivers::{Crowd, Driver, DriverError, Owner};
use session_runtime::record::{Commit, DeviceFacts, PrincipalKey, Record};
use session_runtime::{Selector, Timestamp};

use super::broken::Broken;
use super::fault::Fault;

impl Broken {
    pub(super) async fn admit_with_fault(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        let his = |(_, record): &(&Selector, &Record)| Owner::Principal(principal).owns(record);
        let filed = self.ghosts.lock().unwrap().iter().filter(his).count();
        match self.fault {
            Some(Fault::AdmitsEveryone) => self.sound.announce(principal, selector, until).await.map(Some),
            Some(Fault::CountsItself) if filed >= most => Ok(None),
            Some(Fault::CountsTheDead) if filed >= most.max(2) => Ok(None),
            Some(Fault::AdmitsWithoutGeneration) => {
                let admitted = self.sound.admit(principal, selector, until, most).await?;
                Ok(admitted.map(|_| 0))
            }
            _ => self.sound.admit(principal, selector, until, most).await,
        }
    }

    pub(super) async fn crowd_with_fault(
        &self,
        principal: &PrincipalKey,
        most: usize,
    ) -> Result<Crowd, DriverError> {
        let mut crowd = self.sound.crowd(principal, most).await?;
        match self.fault {
            Some(Fault::NamesNewest) => {
                let all = self.sound.crowd(principal, 0).await?.over;
                crowd.over = all.into_iter().rev().take(crowd.over.len()).collect();
            }
            Some(Fault::CrowdWithoutGeneration) => crowd.generation = 0,
            _ => {}
        }
        Ok(crowd)
    }
}

/// A commit that takes what is known of the device away.
pub(super) fn forgetting(commit: &Commit) -> Commit {
    let mut commit = commit.clone();
    commit.session_mut().device = Some(DeviceFacts::default());
    commit
}
