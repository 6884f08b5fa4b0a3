//! Carries out a commit: asks the plan for a step, has the driver do it, and asks again until nothing is left to do.

use tokio::time::Instant;

use crate::clock::Timestamp;
use crate::driver::Created;
use crate::error::SessionError;
use crate::plan::{
    Apply, NewRecord, Occasion, Outcome, Plan, Settled, Situation, after_apply, after_create, after_ending,
    plan,
};
use crate::random::RandomError;
use crate::record::{Applied, Principal, Refusal};
use crate::state::{Access, Base, CookieChange, Ground, Loss, Stored};
use crate::token::Selector;
use crate::value::Key;

use self::calls::{Announced, applied_base, destroy, may_begin, pause, revoked};
use super::core::Core;
use super::load::load_again;

mod calls;
mod others;
mod sealed;

pub(crate) struct Executor {
    ground: Ground,
    first: Option<Plan>,
    occasion: Occasion,
    access: Access,
    consumable: Vec<u64>,
    watched: bool,
    /// Whether the secret may be renewed: not once somebody else was found to have done so.
    pub(super) renews: bool,
    /// Whether this commit has destroyed the session it began with.
    ended: bool,
    /// Who signs in, and the generation that was read first: a revocation that comes after it ends the login, also if that
    /// goes on in another record.
    login: Option<Announced>,
    traces: Traces,
    collisions: usize,
    first_conflict: Option<Instant>,
    conflicts: u32,
}

/// What a commit leaves behind for the request.
#[derive(Default)]
pub(super) struct Traces {
    pub(super) cookie: Option<CookieChange>,
    pub(super) rotated: bool,
    pub(super) renewed: bool,
    /// Whether its sealed session is under another generation now.
    reseals: bool,
    /// The session that was created.
    pub(super) created: Option<Selector>,
}

impl Executor {
    pub(super) fn new(
        ground: Ground,
        first: Plan,
        occasion: Occasion,
        access: Access,
        consumable: Vec<u64>,
        watched: bool,
    ) -> Self {
        Self {
            ground,
            first: Some(first),
            occasion,
            access,
            consumable,
            watched,
            renews: false,
            ended: false,
            login: None,
            traces: Traces::default(),
            collisions: 0,
            first_conflict: None,
            conflicts: 0,
        }
    }

    pub(super) fn is_explicit(&self) -> bool {
        self.occasion == Occasion::Explicit
    }

    pub(super) const fn is_watched(&self) -> bool {
        self.watched
    }

    pub(super) const fn ground(&self) -> &Ground {
        &self.ground
    }

    pub(super) const fn traces(&self) -> &Traces {
        &self.traces
    }

    /// Whether the session that it began with was ended by it.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn forget_login(&mut self) {
        self.ground.forget_login();
    }

    /// What is left when the commit is done.
    pub(super) fn take_parts(&mut self) -> (Ground, Traces) {
        (std::mem::replace(&mut self.ground, Ground::EMPTY), std::mem::take(&mut self.traces))
    }

    /// Carries the commit out on a stored session. What few commits need is in boxes, so that the future stays small.
    pub(super) async fn run(&mut self, core: &Core) -> Result<Outcome, SessionError> {
        loop {
            let next = self.next(core)?;
            let settled = match &next {
                Plan::Nothing(outcome) => Some(self.nothing_left(*outcome)),
                Plan::Apply(apply) => self.apply(core, apply).await?,
                Plan::Create(new) => self.create(core, new).await?,
                Plan::End => Box::pin(self.end(core)).await?,
                Plan::EndOthers => Box::pin(self.end_others(core)).await?,
            };
            if let Some(settled) = settled {
                return Ok(self.settled(settled));
            }
        }
    }

    fn settled(&mut self, settled: Settled) -> Outcome {
        self.traces.cookie = settled.cookie;
        settled.outcome
    }

    fn next(&mut self, core: &Core) -> Result<Plan, SessionError> {
        match self.first.take() {
            Some(first) => Ok(first),
            None => Ok(plan(&self.ground, &self.situation(core))?),
        }
    }

    fn nothing_left(&mut self, outcome: Outcome) -> Settled {
        if self.ended { self.ended_for_good() } else { Settled::quietly(outcome) }
    }

    async fn apply(&mut self, core: &Core, apply: &Apply) -> Result<Option<Settled>, SessionError> {
        let selector = apply.token.selector();
        let Base::Stored(stored) = &self.ground.base else {
            return Ok(None);
        };
        let until = apply.absolute(stored.record.metadata());
        self.announce(core, &selector, apply.commit.session().login.as_ref(), until).await?;
        let applied = core.apply(&selector, &apply.commit).await?;
        match &applied {
            Applied::Stored(_) if revoked(core, &selector, self.login).await? => {
                return Ok(Some(self.lose(Loss::Gone)));
            }
            Applied::Stored(_) | Applied::Emptied => {}
            Applied::Gone => return self.lost(Loss::Gone),
            Applied::Superseded => return self.lost(Loss::Superseded),
            Applied::Refused(Refusal::Renewed) if self.renews => {
                self.renews = false;
                return Ok(None);
            }
            Applied::Refused(Refusal::Conflict { key }) => {
                return Box::pin(self.replay(core, key.clone())).await;
            }
            Applied::Refused(refusal) => {
                return Err(SessionError::refused(refusal.clone(), core.policy.max_record_bytes));
            }
        }
        let Base::Stored(stored) = &self.ground.base else {
            return Ok(None);
        };
        let settled = after_apply(apply, &applied, stored.record.metadata());
        (self.traces.rotated, self.traces.renewed) = (apply.rotates(), apply.renews());
        if self.watched {
            self.ground.base = applied_base(stored, apply, applied);
        }
        Ok(settled)
    }

    /// Announces a login, if there is one; the generation before it. The first of a commit is what a revocation is held
    /// against.
    async fn announce(
        &mut self,
        core: &Core,
        selector: &Selector,
        login: Option<&Principal>,
        until: Timestamp,
    ) -> Result<Option<Announced>, SessionError> {
        let Some(principal) = login else { return Ok(None) };
        let generation = Box::pin(core.admit(principal.key(), selector, until)).await?;
        let announced = Some((*principal.key(), generation));
        self.login = self.login.or(announced);
        Ok(announced)
    }

    async fn create(&mut self, core: &Core, new: &NewRecord) -> Result<Option<Settled>, SessionError> {
        if !may_begin(core, new).await? {
            return Ok(Some(self.lose(Loss::Gone)));
        }
        let selector = new.token.selector();
        let metadata = new.record.metadata();
        let until = metadata.deadlines.absolute;
        self.announce(core, &selector, metadata.principal.as_ref(), until).await?;
        if core.create(&selector, &new.record).await? == Created::Taken {
            self.collisions += 1;
            // Once is next to impossible; again and again means that the random source repeats itself.
            return if self.collisions < MOST_COLLISIONS { Ok(None) } else { Err(RandomError.into()) };
        }
        if revoked(core, &selector, self.login).await? {
            return Ok(Some(self.lose(Loss::Gone)));
        }
        let settled = after_create(new, self.ended);
        self.traces.created = Some(selector);
        if self.watched {
            self.ground.base = Base::Stored(Stored::on_server(new.token, new.record.clone()));
        }
        Ok(Some(settled))
    }

    async fn end(&mut self, core: &Core) -> Result<Option<Settled>, SessionError> {
        let Some(ending) = &self.ground.ending else {
            return Ok(None);
        };
        if let (false, Some(login)) = (ending.asked_for, self.ground.changes.privilege.login()) {
            core.check_room(login).await?;
        }
        let destroyed = destroy(core, ending).await?;
        let ending = self.ground.ending.take();
        if !destroyed {
            return self.lost(Loss::Gone);
        }
        self.ended = true;
        self.traces.cookie = after_ending().cookie;
        let failed = self.occasion == Occasion::Response { failed: true } && !core.policy.commit_on_error;
        if let Some(ending) = ending.filter(|_| failed) {
            self.ground = Ground::new(ending.remainder());
        }
        Ok(None)
    }

    fn ended_for_good(&mut self) -> Settled {
        self.ground.base = Base::ABSENT;
        after_ending()
    }

    /// The session is out of reach: only a login goes on, into a new record and with its own changes.
    fn lost(&mut self, loss: Loss) -> Result<Option<Settled>, SessionError> {
        if self.ground.changes.privilege.login().is_none() {
            return Ok(Some(self.lose(loss)));
        }
        self.ground.base = Base::Lost(loss);
        self.ground.changes.replay_on_nothing()?;
        Ok(None)
    }

    fn lose(&mut self, loss: Loss) -> Settled {
        self.ground.base = Base::Lost(loss);
        Settled::quietly(loss.into())
    }

    /// Computes the updates anew from what is stored now.
    async fn replay(&mut self, core: &Core, key: Key) -> Result<Option<Settled>, SessionError> {
        let began = *self.first_conflict.get_or_insert_with(Instant::now);
        let left = core.policy.update_deadline.saturating_sub(began.elapsed());
        if left.is_zero() || !self.ground.changes.replays() {
            return Err(SessionError::Conflict { key });
        }
        self.conflicts += 1;
        pause(core, self.conflicts, left).await;
        let Some(stored) = self.ground.base.stored().cloned() else {
            return Ok(None);
        };
        self.ground.base = match load_again(core, stored).await? {
            Base::Lost(loss) => return self.lost(loss),
            fresh => fresh,
        };
        if let Some(record) = self.ground.base.record() {
            self.ground.changes.replay(record)?;
        }
        Ok(None)
    }

    fn situation<'a>(&'a self, core: &'a Core) -> Situation<'a> {
        Situation {
            occasion: self.occasion,
            access: self.access,
            consumable: &self.consumable,
            renews: self.renews,
            policy: &core.policy,
            now: core.now(),
            random: &*core.random,
        }
    }
}

const MOST_COLLISIONS: usize = 8;
