//! The steps of a commit where the browser carries the session: the new state is sealed, and what was remembered of the
//! session's end is asked once more before its cookie goes out.

use http::HeaderValue;

use crate::clock::Timestamp;
use crate::engine::core::Core;
use crate::engine::revocations::{self, Standing, stubs};
use crate::engine::seals::Seals;
use crate::error::SessionError;
use crate::plan::{Apply, NewRecord, Outcome, Plan, Settled, after_create};
use crate::record::{Applied, Verdict};
use crate::state::{Base, CookieChange, Loss, Stored};
use crate::token::{Selector, Token};

use super::Executor;
use super::calls::{Announced, may_begin, revoked};

impl Executor {
    /// Carries the commit out on a sealed session.
    pub(in crate::engine) async fn run_sealed(
        &mut self,
        core: &Core,
        seals: &Seals,
    ) -> Result<Outcome, SessionError> {
        let outcome = self.carry_out_sealed(core, seals).await;
        self.seal_again(core, seals).await;
        outcome
    }

    async fn carry_out_sealed(&mut self, core: &Core, seals: &Seals) -> Result<Outcome, SessionError> {
        loop {
            let next = self.next(core)?;
            let settled = match &next {
                Plan::Nothing(outcome) => Some(self.nothing_left(*outcome)),
                Plan::Apply(apply) => self.apply_sealed(core, seals, apply).await?,
                Plan::Create(new) => self.create_sealed(core, seals, new).await?,
                Plan::End => self.end(core).await?,
                Plan::EndOthers => self.end_others(core).await?,
            };
            if let Some(settled) = settled {
                return Ok(self.settled(settled));
            }
        }
    }

    async fn apply_sealed(
        &mut self,
        core: &Core,
        seals: &Seals,
        apply: &Apply,
    ) -> Result<Option<Settled>, SessionError> {
        let Some(Stored { record, generation, .. }) = self.session_to_change(seals, apply) else {
            return Ok(None);
        };
        let until = apply.absolute(record.metadata());
        let is_owned = record.metadata().principal.is_some();
        let record = match record.into_applied(&apply.commit) {
            Verdict::Store(record, _) => record.without_verifiers(),
            Verdict::Destroy => return self.empty(core).await,
            Verdict::Leave(Applied::Refused(refusal)) => {
                return Err(SessionError::refused(refusal, core.policy.max_record_bytes));
            }
            Verdict::Leave(_) => return self.lost(Loss::Gone),
        };
        let selector = apply.token.selector();
        let login = self.announce(core, &selector, apply.commit.session().login.as_ref(), until).await?;
        if login.is_some_and(|(_, raised)| is_owned && raised > generation) {
            // All sessions of the principal were ended before he signed in again: nothing of this one goes on.
            return self.lost(Loss::Gone);
        }
        let generation = login.map_or(generation, |(_, generation)| generation);
        let next = Stored { token: Token::naming(selector), record, generation };
        // Sealed before anything is remembered: a session that does not fit leaves all as it is.
        let (next, lines) = seal(core, seals, next, apply.commit.at)?;
        if apply.commit.session().login.is_some() {
            Box::pin(stubs::enter(core, &next)).await?;
        }
        let standing = match self.ground.base.stored() {
            Some(stored) => standing(core, stored, apply, &next).await?,
            None => Standing::Good,
        };
        if let Some(loss) = standing.loss() {
            unlist(core, &selector, login).await;
            return self.lost(loss);
        }
        if revoked(core, &selector, self.login).await? {
            unlist(core, &selector, login).await;
            return Ok(Some(self.lose(Loss::Gone)));
        }
        self.traces.rotated = apply.rotates();
        self.ground.base = Base::Stored(next);
        let outcome = if apply.only_touches() { Outcome::Touched } else { Outcome::Committed };
        Ok(Some(Settled { outcome, cookie: Some(CookieChange::Sealed(lines)) }))
    }

    /// The session that the commit is about. It is left in its place for whoever reads it afterwards or is asked whether
    /// it still holds; else it is taken out, so that its record can be changed without a copy.
    fn session_to_change(&mut self, seals: &Seals, apply: &Apply) -> Option<Stored> {
        if self.watched || seals.checked || apply.commit.removes() {
            return self.ground.base.stored().cloned();
        }
        match std::mem::replace(&mut self.ground.base, Base::ABSENT) {
            Base::Stored(stored) => Some(stored),
            _ => None,
        }
    }

    async fn create_sealed(
        &mut self,
        core: &Core,
        seals: &Seals,
        new: &NewRecord,
    ) -> Result<Option<Settled>, SessionError> {
        if !may_begin(core, new).await? {
            return Ok(Some(self.lose(Loss::Gone)));
        }
        let selector = new.token.selector();
        let metadata = new.record.metadata();
        let until = metadata.deadlines.absolute;
        let login = self.announce(core, &selector, metadata.principal.as_ref(), until).await?;
        let next = Stored {
            token: Token::naming(selector),
            record: new.record.clone().without_verifiers(),
            generation: login.map_or(0, |(_, generation)| generation),
        };
        let (next, lines) = seal(core, seals, next, metadata.created_at)?;
        if login.is_some() {
            Box::pin(stubs::enter(core, &next)).await?;
        }
        if revoked(core, &selector, self.login).await? {
            unlist(core, &selector, login).await;
            return Ok(Some(self.lose(Loss::Gone)));
        }
        let Settled { outcome, .. } = after_create(new, self.ended);
        self.traces.created = Some(selector);
        self.ground.base = Base::Stored(next);
        Ok(Some(Settled { outcome, cookie: Some(CookieChange::Sealed(lines)) }))
    }

    /// Nothing is left of the session: it ends as if it had been logged out.
    async fn empty(&mut self, core: &Core) -> Result<Option<Settled>, SessionError> {
        let Base::Stored(stored) = &self.ground.base else {
            return Ok(None);
        };
        let standing = revocations::end(core, stored).await?;
        if let Some(loss) = standing.loss() {
            return self.lost(loss);
        }
        Ok(Some(self.ended_for_good()))
    }
}

/// A session that fits only without what is known of its device goes without.
fn seal(
    core: &Core,
    seals: &Seals,
    next: Stored,
    at: Timestamp,
) -> Result<(Stored, Vec<HeaderValue>), SessionError> {
    match seals.seal(core, &next, at) {
        Err(SessionError::TooLarge { .. }) if next.record.metadata().device().is_some() => {
            let next = Stored { record: next.record.without_device(), ..next };
            let lines = seals.seal(core, &next, at)?;
            Ok((next, lines))
        }
        sealed => Ok((next, sealed?)),
    }
}

/// Takes a login that came to nothing off the list.
async fn unlist(core: &Core, selector: &Selector, login: Option<Announced>) {
    if let Some((principal, _)) = login {
        Box::pin(stubs::leave(core, selector, &principal)).await;
    }
}

/// Whether the session still holds, and what was sealed in its place may go out.
async fn standing(
    core: &Core,
    stored: &Stored,
    apply: &Apply,
    next: &Stored,
) -> Result<Standing, SessionError> {
    if !apply.rotates() {
        return revocations::standing(core, stored).await;
    }
    if apply.commit.session().login.is_some() {
        return revocations::rotate(core, stored, next).await;
    }
    // A seal from before the end of all would open nothing, and take the place of a newer login's cookie. Looked at before
    // too, since whoever ended all others may go on in the same session, whose seals a denial from here would end.
    let outlived = revocations::outlived(core, stored).await?;
    if outlived != Standing::Good {
        return Ok(outlived);
    }
    match revocations::rotate(core, stored, next).await? {
        Standing::Good => revocations::outlived(core, stored).await.map_err(SessionError::after_effect),
        standing => Ok(standing),
    }
}
