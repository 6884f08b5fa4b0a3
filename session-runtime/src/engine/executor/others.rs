//! The end of a principal's other sessions, which comes before everything else of a commit.

use crate::engine::core::Core;
use crate::engine::revocations::{self, Raised, Standing};
use crate::engine::seals::Seals;
use crate::error::SessionError;
use crate::observe::Reason;
use crate::plan::Settled;
use crate::record::PrincipalKey;
use crate::state::{Base, CookieChange, Stored};
use crate::token::Selector;

use super::Executor;

impl Executor {
    /// Ends what the request said is to end, and goes on; each of it once, whatever becomes of the rest.
    pub(super) async fn end_others(&mut self, core: &Core) -> Result<Option<Settled>, SessionError> {
        while let Some(principal) = self.ground.changes.seldom().others.last().copied() {
            self.end_others_of(core, &principal).await?;
            self.ground.changes.seldom_mut().others.pop();
        }
        Ok(None)
    }

    async fn end_others_of(&mut self, core: &Core, principal: &PrincipalKey) -> Result<(), SessionError> {
        let ended = if core.seals.is_some() {
            let own = self.own();
            let raised = revocations::raise(core, principal, own.as_ref()).await?;
            // Before the list is cleared: if that fails, this session goes on all the same.
            self.outlive(principal, raised);
            revocations::clear(core, principal, own.as_ref(), raised).await?
        } else {
            core.end_all(principal, self.own().as_ref()).await?
        };
        core.tell_revoked(Reason::Others, principal, ended);
        Ok(())
    }

    /// A sealed session of the principal's that held until now goes on under the new generation: its next seal says so.
    fn outlive(&mut self, principal: &PrincipalKey, raised: Raised) {
        let Some(own) = self.own_mut() else { return };
        let is_his = own.record.metadata().principal.as_ref().is_some_and(|own| own.key() == principal);
        if is_his && raised.before <= own.generation {
            own.generation = raised.after;
            self.traces.reseals = true;
        }
    }

    /// Hands out a seal under the new generation where the commit has come to none: it failed, or there was nothing more
    /// to do.
    pub(super) async fn seal_again(&mut self, core: &Core, seals: &Seals) {
        if !self.traces.reseals || self.traces.cookie.is_some() {
            return;
        }
        let Some(own) = self.own_mut().cloned() else { return };
        // Who has lost his session meanwhile keeps the cookie that he has, which may be a newer one.
        if !matches!(revocations::standing(core, &own).await, Ok(Standing::Good)) {
            return;
        }
        if let Ok(lines) = seals.seal(core, &own, core.now()) {
            self.traces.cookie = Some(CookieChange::Sealed(lines));
        }
    }

    fn own_mut(&mut self) -> Option<&mut Stored> {
        match (&mut self.ground.ending, &mut self.ground.base) {
            (Some(ending), _) => Some(&mut ending.session),
            (None, Base::Stored(stored)) => Some(stored),
            (None, _) => None,
        }
    }

    /// The session of this request, be it that it is about to be ended by it.
    fn own(&self) -> Option<Selector> {
        let ending = self.ground.ending.as_ref().map(|ending| &ending.session);
        ending.or(self.ground.base.stored()).map(|stored| stored.token.selector())
    }
}
