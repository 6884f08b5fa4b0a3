//! The end of a principal's other sessions, which comes before everything else of a commit.

use crate::engine::core::Core;
use crate::engine::revocations;
use crate::error::SessionError;
use crate::observe::Reason;
use crate::plan::Settled;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::Executor;

impl Executor {
    /// Ends what the request said is to end, and goes on; each of it once, whatever becomes of the rest.
    pub(super) async fn end_others(&mut self, core: &Core) -> Result<Option<Settled>, SessionError> {
        while let Some(principal) = self.ground.changes.others.last().copied() {
            self.end_others_of(core, &principal).await?;
            self.ground.changes.others.pop();
        }
        Ok(None)
    }

    async fn end_others_of(&mut self, core: &Core, principal: &PrincipalKey) -> Result<(), SessionError> {
        let ended = if core.seals.is_some() {
            revocations::revoke_all(core, principal).await?;
            core.endings.ring_all(principal, self.own().as_ref());
            0
        } else {
            core.end_all(principal, self.own().as_ref()).await?
        };
        core.tell_revoked(Reason::Others, principal, ended);
        Ok(())
    }

    /// The session of this request, be it that it is about to be ended by it.
    fn own(&self) -> Option<Selector> {
        let ending = self.ground.ending.as_ref().map(|ending| &ending.session);
        ending.or(self.ground.base.stored()).map(|stored| stored.token.selector())
    }
}
