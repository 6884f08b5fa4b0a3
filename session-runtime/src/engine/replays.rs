//! Secrets that a renewal replaced, presented after their grace: an old copy of the cookie is about.

use crate::config::TheftResponse;
use crate::driver::Owner;
use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::record::{Principal, PrincipalKey, Record};
use crate::token::Selector;

use super::core::Core;

/// One of them, and whose its session is.
pub(super) struct Replay {
    pub(super) selector: Selector,
    owner: Option<PrincipalKey>,
}

impl Replay {
    pub(super) fn of(selector: Selector, record: &Record) -> Self {
        Self { selector, owner: record.metadata().principal.as_ref().map(Principal::key).copied() }
    }

    /// Tells of it, and ends the session where the configuration takes that for theft.
    pub(super) async fn answer(&self, core: &Core) -> Result<(), SessionError> {
        let about = || About { principal: self.owner.as_ref(), ..About::session(self.selector) };
        core.tell(EventKind::Replayed, about());
        if core.policy.on_replay == TheftResponse::Report {
            return Ok(());
        }
        let owner = self.owner.as_ref().map_or(Owner::Nobody, Owner::Principal);
        if core.destroy(&self.selector, owner).await? {
            core.tell(EventKind::Revoked(Reason::Replay), about());
        }
        Ok(())
    }
}
