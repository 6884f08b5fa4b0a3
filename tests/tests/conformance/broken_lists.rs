//! The index and the sweep, with a fault.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::sync::atomic::Ordering;

use session_runtime::drivers::{Driver, DriverError, Members, Owner};
use session_runtime::record::{PrincipalKey, Record};
use session_runtime::{Clock as _, Selector};

use super::broken::Broken;
use super::fault::{Fault, interlude};

impl Broken {
    pub(super) async fn members_with_fault(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let mut members = self.sound.members(principal).await?;
        if self.is(Fault::CleansYoung) {
            let young = self.signing_in.lock().unwrap().clone();
            self.unlisted.lock().unwrap().extend(young);
        }
        members.selectors.retain(|selector| !self.unlisted.lock().unwrap().contains(selector));
        self.spoil_generation(&mut members);
        self.spoil_list(&mut members, principal);
        Ok(members)
    }

    fn spoil_generation(&self, members: &mut Members) {
        let restarted = self.restarted && self.is(Fault::RestartForgetsGenerations);
        if self.is(Fault::KeepsGeneration) || restarted {
            members.generation = 0;
        }
        if self.is(Fault::RaisesLate) {
            members.generation = self.raised.load(Ordering::SeqCst);
        }
    }

    fn spoil_list(&self, members: &mut Members, principal: &PrincipalKey) {
        let shunned = self.is(Fault::ShunsRevoked) && self.revoked.lock().unwrap().contains(principal);
        let hidden = self.is(Fault::DamageHidesOthers) && !self.damaged.lock().unwrap().is_empty();
        if shunned || hidden || self.restarted && self.is(Fault::RestartLosesIndex) {
            members.selectors.clear();
        }
        match self.fault {
            Some(Fault::ListsEveryone) => {
                members.selectors = self.ghosts.lock().unwrap().keys().copied().collect();
            }
            Some(Fault::ListsTwice) => members.selectors.extend(members.selectors.clone()),
            Some(Fault::ListsUntilFirstDeadline) => {
                let expired = self.expired_ghosts();
                members.selectors.retain(|selector| !expired.iter().any(|(ghost, _)| ghost == selector));
            }
            _ => {}
        }
    }

    pub(super) async fn revoke_with_fault(
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
        let mut revoked = self.sound.revoke_all(principal, except).await?;
        let his = |(_, record): &(_, Record)| Owner::Principal(principal).owns(record);
        match self.fault {
            Some(Fault::RevokesInSteps) => revoked = there,
            Some(Fault::CountsExpired) => {
                revoked += self.expired_ghosts().iter().filter(|ghost| his(ghost)).count();
            }
            Some(Fault::RaisesLate) => {
                for _ in 0..4 {
                    interlude().await;
                }
                self.raised.fetch_add(1, Ordering::SeqCst);
            }
            Some(Fault::RevokesFormer) => {
                let logins = self.logins.lock().unwrap().clone();
                for (selector, _) in logins.iter().filter(|(_, key)| key == principal) {
                    revoked += usize::from(self.sound.destroy(selector, Owner::Anyone).await?);
                }
            }
            _ => {}
        }
        Ok(revoked)
    }

    pub(super) async fn sweep_with_fault(&self, limit: usize) -> Result<usize, DriverError> {
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

    fn expired_ghosts(&self) -> Vec<(Selector, Record)> {
        let now = self.clock.now();
        let ghosts = self.ghosts.lock().unwrap();
        let expired = ghosts.iter().filter(|(_, record)| record.is_expired(now));
        expired.map(|(selector, record)| (*selector, record.clone())).collect()
    }
}
