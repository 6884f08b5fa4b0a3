//! How many sessions a principal may have: a login too many is refused before it is stored, or ends the oldest after.

use crate::clock::Timestamp;
use crate::config::LimitPolicy;
use crate::driver::{Applicability, Crowd};
use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::record::{Principal, PrincipalKey};
use crate::token::Selector;

use super::core::Core;
use super::revocations::{self, stubs};

impl Core {
    /// The most sessions of a principal where those beyond are treated so.
    fn most(&self, policy: LimitPolicy) -> Option<usize> {
        self.policy.limit.filter(|(_, chosen)| *chosen == policy).map(|(most, _)| most.get())
    }

    /// Announces a login if there is room for it; the generation before it.
    pub(super) async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, SessionError> {
        let Some(most) = self.most(LimitPolicy::RefuseNew) else {
            return self.announce(principal, selector, until).await;
        };
        let (list, place) = (self.list_of(principal), self.place_of(selector));
        let admitting = self.driver.admit(&list, &place, until, most);
        let admitted = self.within(Some(selector), admitting, Applicability::No).await?;
        let Some(generation) = admitted else {
            return Err(self.refuse(principal, most));
        };
        // Of sealed sessions it is another one that counts.
        if self.seals.is_some() { revocations::generation(self, principal).await } else { Ok(generation) }
    }

    /// Refuses a login for which there is no room, where it would end another's session first. Others may be quicker from
    /// here on.
    pub(super) async fn check_room(&self, principal: &Principal) -> Result<(), SessionError> {
        let Some(most) = self.most(LimitPolicy::RefuseNew) else { return Ok(()) };
        let full = !self.crowd(&self.list_of(principal.key()), most - 1).await?.over.is_empty();
        if full { Err(self.refuse(principal.key(), most)) } else { Ok(()) }
    }

    fn refuse(&self, principal: &PrincipalKey, limit: usize) -> SessionError {
        self.tell(EventKind::LimitReached, About::of(principal));
        SessionError::TooManySessions { limit }
    }

    /// The generation after a login was stored, with the principal's sessions that are too many by it.
    pub(super) async fn judged(&self, principal: &PrincipalKey) -> Result<Crowd, SessionError> {
        let Some(most) = self.most(LimitPolicy::EndOldest) else {
            let generation = self.generation(principal).await?;
            return Ok(Crowd { generation, over: Vec::new() });
        };
        let crowd = self.crowd(&self.list_of(principal), most).await?;
        if self.seals.is_none() {
            return Ok(crowd);
        }
        Ok(Crowd { generation: self.generation(principal).await?, ..crowd })
    }

    /// Ends the sessions that are too many; whether `own` is among them.
    pub(super) async fn end_over(
        &self,
        principal: &PrincipalKey,
        own: &Selector,
        over: &[Selector],
    ) -> Result<bool, SessionError> {
        let mut own_too = false;
        if !over.is_empty() {
            self.tell(EventKind::LimitReached, About::of(principal));
        }
        for place in over {
            let Some(selector) = self.listed_at(place).await? else { continue };
            own_too |= selector == *own;
            self.revoke_listed(&selector, principal, Reason::Limit).await?;
        }
        Ok(own_too)
    }

    async fn listed_at(&self, place: &Selector) -> Result<Option<Selector>, SessionError> {
        if self.seals.is_none() {
            return Ok(Some(*place));
        }
        Ok(self.load(place).await?.and_then(|stub| stubs::session_of(&stub)))
    }

    /// Under which name a session is listed.
    fn place_of(&self, selector: &Selector) -> Selector {
        if self.seals.is_none() { *selector } else { stubs::place(selector) }
    }
}
