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
            revocations::revoke_all(self, principal).await?
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
        let owner = self.lister(principal.key())?;
        let mut sessions = Vec::new();
        for selector in self.members(&owner).await?.selectors {
            match self.load(&selector).await {
                Ok(Some(record)) if self.is_his(&owner, &record) => {
                    let session = self.session_at(selector, &record);
                    sessions.extend(session.map(|session| (session, record)));
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
        Ok(self.crowd(&self.lister(principal.key())?, 0).await?.over.len())
    }

    /// Ends one session, if it is the principal's.
    pub(crate) async fn revoke_listed(
        &self,
        selector: &Selector,
        principal: &PrincipalKey,
        reason: Reason,
    ) -> Result<bool, SessionError> {
        let his = if self.seals.is_some() {
            revocations::stubs::revoke(self, selector, principal).await?
        } else {
            self.destroy(selector, Owner::Principal(principal)).await?
        };
        if his {
            let about = About { session: Some(*selector), ..About::of(principal) };
            self.tell(EventKind::Revoked(reason), about);
        }
        Ok(his)
    }

    pub(super) fn tell_revoked(&self, reason: Reason, principal: &PrincipalKey, ended: usize) {
        self.tell(EventKind::Revoked(reason), About { count: Some(ended as u64), ..About::of(principal) });
    }

    /// Whom the list of a principal's sessions is filed under.
    fn lister(&self, principal: &PrincipalKey) -> Result<PrincipalKey, SessionError> {
        if self.keeps_nothing() { Err(SessionError::NotKept) } else { Ok(self.list_of(principal)) }
    }

    /// The same where it is known that there is a list.
    pub(super) fn list_of(&self, principal: &PrincipalKey) -> PrincipalKey {
        if self.seals.is_none() { *principal } else { *revocations::stubs::lister(principal).key() }
    }

    /// The session that a listed record is, or stands for.
    fn session_at(&self, place: Selector, record: &Record) -> Option<Selector> {
        if self.seals.is_none() { Some(place) } else { revocations::stubs::session_of(record) }
    }
}
