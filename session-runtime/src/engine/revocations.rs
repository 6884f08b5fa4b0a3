//! What is remembered of sealed sessions that were ended or rotated, in any driver: one small record for a session,
//! under its selector, and one for a principal, under a name that derives from his key.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;
use crate::driver::{Applicability, Created};
use crate::error::SessionError;
use crate::record::{
    Applied, Commit, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, Metadata, Principal,
    PrincipalKey, Record,
};
use crate::state::{Loss, Stored};
use crate::token::{Selector, VerifierHash};
use crate::value::{JsonText, Key};

use super::core::Core;

/// What the store says of a sealed session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It holds.
    Good,
    /// Its privilege was changed since it was sealed, at this time.
    Superseded(Timestamp),
    /// It was ended, at this time.
    Ended(Timestamp),
}

impl Standing {
    pub(super) const fn loss(self) -> Option<Loss> {
        match self {
            Self::Good => None,
            Self::Superseded(_) => Some(Loss::Superseded),
            Self::Ended(_) => Some(Loss::Gone),
        }
    }
}

/// The least epoch that a session may have, since when, and whose it was then.
type Denial = (u64, u64, Option<String>);

/// Looks up the session's denial and its principal's generation, both at once.
pub(super) async fn standing(core: &Core, stored: &Stored) -> Result<Standing, SessionError> {
    if !is_checked(core) {
        return Ok(Standing::Good);
    }
    let selector = stored.token.selector();
    let metadata = stored.record.metadata();
    let Some(principal) = &metadata.principal else {
        return Ok(judged(denial(core, &selector).await?.as_ref(), metadata.epoch));
    };
    let (denial, generation) = tokio::join!(denial(core, &selector), generation(core, principal.key()));
    let (denial, generation) = (denial?, generation?);
    if generation > stored.generation {
        return Ok(ended_by(generation));
    }
    Ok(judged(denial.as_ref(), metadata.epoch))
}

/// The principal's generation now: zero if his sessions were not revoked within their longest life.
pub(super) async fn generation(core: &Core, principal: &PrincipalKey) -> Result<u64, SessionError> {
    read(core, &place_of(principal)).await.map(Option::unwrap_or_default)
}

/// When the session of this name was ended, if it was.
pub(super) async fn ended_at(core: &Core, selector: &Selector) -> Result<Option<Timestamp>, SessionError> {
    let denial = denial(core, selector).await?;
    Ok(denial.filter(|(below, ..)| *below == ENDED).map(|(_, at, _)| Timestamp::from_unix_millis(at)))
}

/// Makes every seal of the session from before `next` worthless, unless somebody else did so first.
pub(super) async fn rotate(core: &Core, stored: &Stored, next: &Stored) -> Result<Standing, SessionError> {
    let epoch = stored.record.metadata().epoch;
    let owner = next.record.metadata().principal.as_ref();
    let allowed = |denial: &Denial| denial.0 <= epoch;
    let standing = deny(core, [stored, next], next.record.metadata().epoch, owner, allowed).await?;
    if let (Standing::Good, Some(owner)) = (standing, owner) {
        core.endings.ring_given(&stored.token.selector(), owner.key());
    }
    Ok(standing)
}

/// Whether all sessions of the principal were ended since this one was sealed.
pub(super) async fn outlived(core: &Core, stored: &Stored) -> Result<Standing, SessionError> {
    let Some(principal) = stored.record.metadata().principal.as_ref().filter(|_| is_checked(core)) else {
        return Ok(Standing::Good);
    };
    let generation = generation(core, principal.key()).await?;
    Ok(if generation > stored.generation { ended_by(generation) } else { Standing::Good })
}

/// Makes every seal of the session worthless, unless it is another principal's by now.
pub(super) async fn end(core: &Core, stored: &Stored) -> Result<Standing, SessionError> {
    let owner = stored.record.metadata().principal.as_ref();
    let epoch = stored.record.metadata().epoch;
    let same = owner.map(|owner| owner.key().to_string());
    let allowed = |(below, _, owner): &Denial| *below <= epoch || (*below != ENDED && *owner == same);
    let standing = deny(core, [stored, stored], ENDED, owner, allowed).await?;
    if standing == Standing::Good {
        core.endings.ring(&stored.token.selector());
    }
    Ok(standing)
}

/// Raises the principal's generation, so that no session that was sealed for him before opens.
pub(super) async fn revoke_all(core: &Core, principal: &PrincipalKey) -> Result<(), SessionError> {
    if !is_checked(core) {
        return Err(SessionError::NotKept);
    }
    let now = core.now();
    let until = now.saturating_add(core.policy.longest_absolute()).saturating_add(SKEW);
    let raised = |before: Option<&u64>| {
        Some(now.unix_millis().max(before.map_or(0, |before| before.saturating_add(1))))
    };
    replace(core, &place_of(principal), until, raised).await.map(drop)
}

async fn deny(
    core: &Core,
    seals: [&Stored; 2],
    below: u64,
    owner: Option<&Principal>,
    allowed: impl Fn(&Denial) -> bool,
) -> Result<Standing, SessionError> {
    if !is_checked(core) {
        return Ok(Standing::Good);
    }
    let now = core.now();
    // No seal of the session lives longer: a later one is made only if this denial is not there yet, and one that was
    // put in the place of this one has a denial that is kept for as long.
    let longest = seals.map(|sealed| {
        let metadata = sealed.record.metadata();
        now.saturating_add(core.policy.idle_of(metadata)).max(metadata.deadlines.idle)
    });
    let longest = longest.into_iter().max().unwrap_or(now);
    let denial = (below, now.unix_millis(), owner.map(|owner| owner.key().to_string()));
    let next = |before: Option<&Denial>| before.is_none_or(&allowed).then(|| denial.clone());
    let [Stored { token, .. }, _] = seals;
    let selector = token.selector();
    let refused = replace(core, &selector, longest.saturating_add(SKEW), next).await?;
    Ok(judged(refused.as_ref(), 0))
}

/// Whether anything is remembered at all.
fn is_checked(core: &Core) -> bool {
    core.seals.as_ref().is_some_and(|seals| seals.checked)
}

fn judged(denial: Option<&Denial>, epoch: u64) -> Standing {
    match denial {
        Some((below, at, _)) if epoch < *below => {
            let at = Timestamp::from_unix_millis(*at);
            if *below == ENDED { Standing::Ended(at) } else { Standing::Superseded(at) }
        }
        _ => Standing::Good,
    }
}

/// A generation is the time of the revocation, or later by as many as came in the same millisecond.
const fn ended_by(generation: u64) -> Standing {
    Standing::Ended(Timestamp::from_unix_millis(generation))
}

async fn denial(core: &Core, selector: &Selector) -> Result<Option<Denial>, SessionError> {
    read(core, selector).await
}

async fn read<T: DeserializeOwned>(core: &Core, place: &Selector) -> Result<Option<T>, SessionError> {
    let record = core.load(place).await?.filter(|record| !record.is_expired(core.now()));
    let stored = record.as_ref().and_then(|record| record.field(FIELD.as_str()));
    let value = stored.map(|field| field.json.decode()).transpose();
    value.map_err(|fault| SessionError::Corrupt { source: fault.into() })
}

/// Replaces what is remembered at a place, in one step against whoever does so too, unless `next` refuses to: then what
/// is there is returned.
async fn replace<T: Serialize + DeserializeOwned>(
    core: &Core,
    place: &Selector,
    until: Timestamp,
    next: impl Fn(Option<&T>) -> Option<T>,
) -> Result<Option<T>, SessionError> {
    for _ in 0..MOST_TRIES {
        let before: Option<T> = read(core, place).await?;
        let Some(new) = next(before.as_ref()) else {
            return Ok(before);
        };
        if swap(core, place, before.as_ref().map(text), text(&new), until).await? {
            return Ok(None);
        }
    }
    Err(contended())
}

/// Puts `new` in the place of `before`; whether that is what was there.
async fn swap(
    core: &Core,
    place: &Selector,
    before: Option<JsonText>,
    new: JsonText,
    until: Timestamp,
) -> Result<bool, SessionError> {
    if before.is_none() {
        return Ok(core.create(place, &remembered(core, new, until)).await? == Created::Filed);
    }
    let op = FieldOp::Swap { expected: before, new: Some(new) };
    let fields = vec![FieldChange { key: FIELD, survives_logout: None, op }];
    let commit = Commit { fields, idle_until: Some(until), ..Commit::unchanged(0, core.now()) };
    Ok(matches!(core.apply(place, &commit).await?, Applied::Stored(_)))
}

fn remembered(core: &Core, json: JsonText, until: Timestamp) -> Record {
    let guarded = core.seals.as_ref().is_some_and(|seals| seals.guarded);
    let metadata = Metadata {
        created_at: core.now(),
        authenticated_at: None,
        // A driver that makes room drops what is nobody's first.
        principal: guarded.then(|| Principal::new(JsonText::trusted("\"session/v1/revocations\""))),
        epoch: 0,
        // The hash of no verifier: no token opens it.
        verifier: VerifierHash::from_bytes([0; 32]),
        superseded: None,
        deadlines: Deadlines { idle: until, absolute: until.saturating_add(LONG) },
        next_flash: 0,
        csrf_key: CsrfKey::from_bytes([0; 16]),
        more: None,
    };
    let fields = Fields::from([(FIELD, Field { json, survives_logout: false })]);
    Record::new(metadata, fields, Vec::new())
}

/// Where a principal's generation is kept.
fn place_of(principal: &PrincipalKey) -> Selector {
    Selector::derived(principal.as_bytes())
}

fn text<T: Serialize>(value: &T) -> JsonText {
    JsonText::encode(value).unwrap_or_else(|_| JsonText::null())
}

fn contended() -> SessionError {
    let source = "what is remembered of an ended session was changed by others again and again".into();
    SessionError::Unavailable { applied: Applicability::No, source }
}

const FIELD: Key = Key::from_static("revoked");
/// Above every epoch that a session can reach.
const ENDED: u64 = u64::MAX;
/// How far the clocks of servers may differ.
const SKEW: Duration = Duration::from_secs(60);
/// So that a place that is in use can be kept for as long as it has to be.
const LONG: Duration = Duration::from_secs(100 * 365 * 24 * 3_600);
const MOST_TRIES: usize = 64;
/// How long a request that was on its way is told apart from a stranger's.
pub(super) const REMEMBERED: Duration = Duration::from_secs(60);
