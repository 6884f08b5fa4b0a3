//! The end of sessions by something else than their own requests: one of a list, all, or all but one.

use crate::driver::Owner;
use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::record::{Principal, PrincipalKey, Record};
use crate::token::Selector;

use super::core::Core;
use super::revocations;

impl Core {
    /// Ends every session of a principal; how many there were.
    pub(crate) async fn revoke_all(&self, principal: &PrincipalKey) -> Result<usize, SessionError> {
        let ended = if self.seals.is_some() {
            revocations::revoke_all(self, principal).await?;
            self.endings.ring_all(principal, None);
            0
        } else {
            self.end_all(principal, None).await?
        };
        self.tell_revoked(Reason::All, principal, ended);
        Ok(ended)
    }

    /// His live sessions.
    pub(crate) async fn sessions_of(
        &self,
        principal: &Principal,
    ) -> Result<Vec<(Selector, Record)>, SessionError> {
        if self.seals.is_some() {
            return Err(SessionError::NotKept);
        }
        let mut sessions = Vec::new();
        for selector in self.members(principal.key()).await?.selectors {
            match self.load(&selector).await {
                Ok(Some(record)) if self.is_his(principal.key(), &record) => {
                    sessions.push((selector, record));
                }
                Ok(_) | Err(SessionError::Corrupt { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(sessions)
    }

    fn is_his(&self, principal: &PrincipalKey, record: &Record) -> bool {
        Owner::Principal(principal).owns(record) && !record.is_expired(self.now())
    }

    /// How many live sessions he has: all are too many where there may be none.
    pub(crate) async fn count_of(&self, principal: &Principal) -> Result<usize, SessionError> {
        if self.seals.is_some() {
            return Err(SessionError::NotKept);
        }
        Ok(self.crowd(principal.key(), 0).await?.over.len())
    }

    /// Ends one session, if it is the principal's.
    pub(crate) async fn revoke_listed(
        &self,
        selector: &Selector,
        principal: &Principal,
        reason: Reason,
    ) -> Result<bool, SessionError> {
        if self.seals.is_some() {
            return Err(SessionError::NotKept);
        }
        let principal = principal.key();
        let his = self.destroy(selector, Owner::Principal(principal)).await?;
        if his {
            let about = About { session: Some(*selector), ..About::of(principal) };
            self.tell(EventKind::Revoked(reason), about);
        }
        Ok(his)
    }

    pub(super) fn tell_revoked(&self, reason: Reason, principal: &PrincipalKey, ended: usize) {
        let count = self.seals.is_none().then_some(ended as u64);
        self.tell(EventKind::Revoked(reason), About { count, ..About::of(principal) });
    }
}
