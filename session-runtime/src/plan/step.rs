//! The next step of a commit. The executor carries it out and asks again until nothing is left to do.

use crate::clock::Timestamp;
use crate::config::{Policy, Start};
use crate::random::{RandomError, RandomSource};
use crate::record::{
    Commit, CredentialChange, CsrfKey, FieldChange, FlashChange, FlashEntry, Lifetime, Metadata, More,
    Record, Rotation, SessionChange,
};
use crate::state::{Access, Base, Changes, Ground, Loss, Op, Privilege, SecretDue, Seldom, Stored};
use crate::token::{Selector, Token, Verifier};

use super::lifespan::{Span, begin_anew};
use super::secret::see_to_secret;
use super::settle::Outcome;

/// When a commit happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The application asked for it in the middle of a request or outside of one.
    Explicit,
    /// The handler has answered; whether with an error or a 5xx.
    Response { failed: bool },
}

/// All that a decision depends on, beside what was recorded.
pub(crate) struct Situation<'a> {
    pub(crate) occasion: Occasion,
    pub(crate) access: Access,
    /// Ids of arrived flash that is there for this request only, or that it has read.
    pub(crate) consumable: &'a [u64],
    /// Whether the response may carry a renewed secret.
    pub(crate) renews: bool,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Timestamp,
    pub(crate) random: &'a dyn RandomSource,
}

/// One step for the driver.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Nothing is to be stored.
    Nothing(Outcome),
    /// A delta on the stored record.
    Apply(Apply),
    /// A record that does not exist yet.
    Create(NewRecord),
    /// The loaded session is to be destroyed; what remains is planned anew on what the ending leaves.
    End,
    /// The other sessions of principals are to be destroyed; what remains is planned anew.
    EndOthers,
}

#[derive(Debug)]
pub(crate) struct Apply {
    pub(crate) token: Token,
    pub(crate) commit: Commit,
}

impl Apply {
    /// Whether the token is a new one, for a change of privilege.
    pub(crate) fn rotates(&self) -> bool {
        self.commit.session().rotation.is_some_and(|rotation| rotation.renews.is_none())
    }

    /// Whether it is a new one because the one before was old.
    pub(crate) fn renews(&self) -> bool {
        self.commit.session().rotation.is_some_and(|rotation| rotation.renews.is_some())
    }

    /// Until when a session that is `before` lives at the most after the commit.
    pub(crate) fn absolute(&self, before: &Metadata) -> Timestamp {
        self.commit.session().deadlines.unwrap_or(before.deadlines).absolute
    }

    /// Whether it is one to be remembered then.
    pub(crate) fn remembers(&self, before: &Metadata) -> bool {
        let stays = self.commit.session().login.is_none() && before.is_remembered();
        self.commit.session().lifetime.map_or(stays, |lifetime| lifetime.remembered)
    }

    /// Whether the commit only moves the idle deadline.
    pub(crate) fn only_touches(&self) -> bool {
        !self.commit.writes()
    }
}

#[derive(Debug)]
pub(crate) struct NewRecord {
    pub(crate) token: Token,
    pub(crate) record: Record,
    /// The dead session whose token the visitor presented: if it was destroyed moments ago, he gets no new one, since
    /// his browser may have a newer cookie by now. A login creates all the same.
    pub(crate) unless_destroyed: Option<Selector>,
}

pub(crate) fn plan(ground: &Ground, situation: &Situation<'_>) -> Result<Plan, RandomError> {
    // Before everything else: a login of the same request must not be taken for one that was overtaken.
    if !ground.changes.seldom().others.is_empty() {
        return Ok(Plan::EndOthers);
    }
    if let Some(ending) = &ground.ending {
        let dropped = situation.failed() && !ending.asked_for;
        return Ok(if dropped { Plan::Nothing(Outcome::Unchanged) } else { Plan::End });
    }
    if situation.failed() && !matches!(ground.base, Base::Renewed { .. }) {
        return Ok(Plan::Nothing(Outcome::Unchanged));
    }
    match &ground.base {
        Base::Stored(stored) => plan_apply(stored, &ground.changes, situation),
        Base::Lost(loss) if ground.changes.privilege.login().is_none() => {
            Ok(Plan::Nothing(if ground.changes.is_empty() { Outcome::Unchanged } else { (*loss).into() }))
        }
        Base::Absent { presented } => plan_create(ground, *presented, situation),
        Base::Renewed { .. } | Base::Lost(_) => plan_create(ground, None, situation),
    }
}

fn plan_create(
    ground: &Ground,
    presented: Option<Selector>,
    situation: &Situation<'_>,
) -> Result<Plan, RandomError> {
    let Situation { now, policy, .. } = *situation;
    let login = ground.changes.privilege.login();
    let fields = ground.fields_as_seen();
    let at_once = policy.start == Start::OnFirstRequest && situation.occasion != Occasion::Explicit;
    if fields.is_empty() && !ground.changes.flashes() && login.is_none() && !at_once {
        return Ok(Plan::Nothing(Outcome::Unchanged));
    }
    let (token, csrf_key) = match ground.changes.csrf_key {
        Some(key) => (Token::random(situation.random)?, key),
        None => {
            Token::random_and_more(situation.random).map(|(token, key)| (token, CsrfKey::from_bytes(key)))?
        }
    };
    let put = (0..).zip(ground.changes.put().cloned());
    let flash: Vec<FlashEntry> = put.map(|(id, new)| new.filed(id)).collect();
    let span = Span::chosen(ground.changes.seldom().lifetime, policy, now);
    let metadata = Metadata {
        created_at: now,
        authenticated_at: login.map(|_| now),
        principal: login.cloned(),
        epoch: 0,
        verifier: token.verifier().hash(),
        superseded: None,
        deadlines: span.deadlines,
        next_flash: flash.len() as u64,
        csrf_key,
        more: more(&token, &ground.changes, span.lifetime),
    };
    let unless_destroyed = presented.filter(|_| login.is_none());
    Ok(Plan::Create(NewRecord { token, record: Record::new(metadata, fields, flash), unless_destroyed }))
}

fn plan_apply(stored: &Stored, changes: &Changes, situation: &Situation<'_>) -> Result<Plan, RandomError> {
    let Situation { now, policy, .. } = *situation;
    let metadata = stored.record.metadata();
    let consume = situation.consumed(changes);
    let touches = situation.touch_due(metadata);
    let secret = situation.secret_due(stored, changes);
    if changes.is_empty() && consume.is_empty() && !touches && secret.is_none() {
        return Ok(Plan::Nothing(Outcome::Unchanged));
    }
    let mut commit = Commit {
        clear: changes.cleared,
        fields: field_changes(&stored.record, changes),
        flash: FlashChange { put: changes.put().cloned().collect(), consume },
        session: session_change(stored, changes),
        max_bytes: policy.max_record_bytes,
        seen: stored.record.revision().map(|_| stored.record.clone()),
        ..Commit::unchanged(metadata.epoch, now)
    };
    let mut token = stored.token;
    if changes.privilege != Privilege::Unchanged {
        let verifier = Verifier::random(situation.random)?;
        token = Token::new(token.selector(), verifier);
        let csrf_key = Some(csrf_key(changes, situation)?);
        commit.session_mut().rotation =
            Some(Rotation { verifier: verifier.hash(), grace: SUPERSEDED_FOR, csrf_key, renews: None });
    }
    let idle = begin_anew(&mut commit, changes, situation).unwrap_or(policy.idle_of(metadata));
    let counts = situation.is_activity() || (situation.access != Access::Passive && commit.writes());
    commit.idle_until = counts.then(|| now.saturating_add(idle));
    if let Some(due) = secret {
        token = see_to_secret(due, token, &mut commit, situation)?;
    }
    if !commit.writes() && !touches {
        return Ok(Plan::Nothing(Outcome::Unchanged));
    }
    Ok(Plan::Apply(Apply { token, commit }))
}

/// What of it is known already: deadlines and secret follow.
fn session_change(stored: &Stored, changes: &Changes) -> Option<Box<SessionChange>> {
    if changes.privilege == Privilege::Unchanged && *changes.seldom() == Seldom::NOTHING {
        return None;
    }
    let change = SessionChange {
        login: changes.privilege.login().cloned(),
        authenticated: match changes.privilege {
            Privilege::Login(_) => true,
            Privilege::Elevate => stored.record.metadata().principal.is_some(),
            Privilege::Unchanged | Privilege::Regenerate => false,
        },
        device: changes.seldom().device.clone(),
        credential: credential(stored, changes),
        ..SessionChange::NONE
    };
    change.into()
}

/// What becomes of the fingerprint of credentials; where there is none, none is forgotten.
fn credential(stored: &Stored, changes: &Changes) -> Option<CredentialChange> {
    let change = changes.seldom().credential.as_ref()?.change(&stored.token.selector());
    let nothing = change == CredentialChange::Forget && stored.record.metadata().credential().is_none();
    (!nothing).then_some(change)
}

/// What few new sessions begin with.
fn more(token: &Token, changes: &Changes, lifetime: Lifetime) -> Option<Box<More>> {
    let Lifetime { idle_for, remembered } = lifetime;
    let Seldom { device, credential, .. } = changes.seldom();
    let credential = credential.as_ref().and_then(|said| said.mark(&token.selector()));
    let device = device.clone();
    let more = More { idle_for, remembered, device, credential, ..More::default() };
    (more != More::default()).then(|| Box::new(more))
}

/// The key of forms of the session that the changes lead to: the one that tokens were made from already, if any were.
fn csrf_key(changes: &Changes, situation: &Situation<'_>) -> Result<CsrfKey, RandomError> {
    changes.csrf_key.map_or_else(|| CsrfKey::random(situation.random), Ok)
}

/// The pending fields as operations against `record`; an update that changed nothing is none.
fn field_changes(record: &Record, changes: &Changes) -> Vec<FieldChange> {
    let pending = changes.fields.iter();
    let operations = pending.filter_map(|(key, pending)| {
        let field = record.field(key.as_str());
        let stored = field.map(|field| &field.json);
        let class = field.map(|field| field.survives_logout);
        let same_class =
            pending.survives_logout.is_none() || pending.survives_logout == class || field.is_none();
        if matches!(pending.op, Op::Replay(_)) && pending.view.as_ref() == stored && same_class {
            return None;
        }
        let op = pending.change(stored);
        Some(FieldChange { key: key.clone(), survives_logout: pending.survives_logout, op })
    });
    operations.collect()
}

impl Situation<'_> {
    fn failed(&self) -> bool {
        self.occasion == Occasion::Response { failed: true } && !self.policy.commit_on_error
    }

    /// Arrived flash goes with the request whose response is about to leave.
    fn consumed(&self, changes: &Changes) -> Vec<u64> {
        if self.access < Access::Write || self.occasion == Occasion::Explicit {
            return Vec::new();
        }
        self.consumable.iter().copied().filter(|id| !changes.kept.contains(id)).collect()
    }

    fn touch_due(&self, metadata: &Metadata) -> bool {
        self.policy.touch_due(self.is_activity(), metadata, self.now)
    }

    fn is_activity(&self) -> bool {
        self.access.is_activity(self.policy.activity)
    }

    /// What is due on the secret that the request came with: nothing unless its response goes out with its work done,
    /// and nothing beside a change of privilege, which has a new secret anyway.
    fn secret_due(&self, stored: &Stored, changes: &Changes) -> Option<SecretDue> {
        let answers = self.occasion == Occasion::Response { failed: false } && self.access == Access::Write;
        if !answers || changes.privilege != Privilege::Unchanged {
            return None;
        }
        let due = stored.secret_due(self.policy, self.now)?;
        (self.renews || matches!(due, SecretDue::Confirmation(_))).then_some(due)
    }
}

impl From<Loss> for Outcome {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Gone => Self::Gone,
            Loss::Superseded => Self::Superseded,
        }
    }
}

/// How long a replaced verifier is told apart from a stranger's.
const SUPERSEDED_FOR: std::time::Duration = std::time::Duration::from_secs(60);
