//! What is remembered of sealed sessions that were ended or rotated, in any driver: one small record for a session,
//! under its selector, and one for a principal, under a name that derives from his key. `places` keeps them, `stubs` are
//! the list of a principal's sealed sessions.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::SessionError;
use crate::record::{Principal, PrincipalKey};
use crate::state::{Loss, Stored};
use crate::token::Selector;

use super::core::Core;

use self::places::{Replaced, place_of, read, replace};

mod places;
pub(super) mod stubs;

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
    let (denial, generation) = (judged(denial?.as_ref(), metadata.epoch), generation?);
    Ok(match denial {
        // First, since whoever has ended all others goes on in the same browser under a newer cookie.
        Standing::Superseded(_) => denial,
        _ if generation > stored.generation => ended_by(generation),
        _ => denial,
    })
}

/// The principal's generation now: zero if his sessions were not revoked within their longest life.
pub(super) async fn generation(core: &Core, principal: &PrincipalKey) -> Result<u64, SessionError> {
    read(core, &place_of(principal)).await.map(Option::unwrap_or_default)
}

/// Makes every seal of the session from before `next` worthless, unless somebody else did so first.
pub(super) async fn rotate(core: &Core, stored: &Stored, next: &Stored) -> Result<Standing, SessionError> {
    let epoch = stored.record.metadata().epoch;
    let owner = next.record.metadata().principal.as_ref();
    let denial = denial_of(core, next.record.metadata().epoch, owner.map(Principal::key));
    let allowed = |denial: &Denial| denial.0 <= epoch;
    let selector = stored.token.selector();
    // One that was put in the place of this one has a denial that is kept for as long.
    let until = longest(core, stored).max(longest(core, next));
    let standing = deny(core, &selector, until, denial, allowed).await?;
    if let (Standing::Good, Some(owner)) = (standing, owner) {
        core.endings.ring_given(&selector, owner.key());
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
    let new = denial_of(core, ENDED, owner.map(Principal::key));
    let same = new.2.clone();
    let allowed = |(below, _, owner): &Denial| *below <= epoch || (*below != ENDED && *owner == same);
    deny_and_ring(core, &stored.token.selector(), longest(core, stored), new, allowed).await
}

/// The same of a session whose seals are not at hand, but which is on the principal's list.
async fn end_listed(
    core: &Core,
    selector: &Selector,
    principal: &PrincipalKey,
    idle_for: Option<Duration>,
) -> Result<Standing, SessionError> {
    let new = denial_of(core, ENDED, Some(principal));
    let same = new.2.clone();
    let until = core.now().saturating_add(idle_for.unwrap_or(core.policy.idle_timeout));
    let allowed = |(below, _, owner): &Denial| *below != ENDED && *owner == same;
    deny_and_ring(core, selector, until, new, allowed).await
}

/// The generation of a principal's sessions before all of them were revoked, and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raised {
    pub(super) before: u64,
    pub(super) after: u64,
}

/// Raises the principal's generation and takes his sessions off his list; how many were on it.
pub(super) async fn revoke_all(core: &Core, principal: &PrincipalKey) -> Result<usize, SessionError> {
    let raised = raise(core, principal, None).await?;
    clear(core, principal, None, raised).await
}

/// Takes the sessions from before the generation was raised off the principal's list, but for `except`; how many were on
/// it. They have ended, whatever becomes of the list.
pub(super) async fn clear(
    core: &Core,
    principal: &PrincipalKey,
    except: Option<&Selector>,
    raised: Raised,
) -> Result<usize, SessionError> {
    stubs::clear(core, principal, except, raised.after).await.map_err(SessionError::after_effect)
}

/// Raises the principal's generation, so that no session that was sealed for him before opens. Those who wait for the end
/// of one of them are told, but for those of `except`.
pub(super) async fn raise(
    core: &Core,
    principal: &PrincipalKey,
    except: Option<&Selector>,
) -> Result<Raised, SessionError> {
    if !is_checked(core) {
        return Err(SessionError::NotKept);
    }
    let now = core.now();
    let until = now.saturating_add(core.policy.longest_absolute()).saturating_add(SKEW);
    let next = |before: u64| now.unix_millis().max(before.saturating_add(1));
    let raised = |before: Option<&u64>| Some(before.map_or(now.unix_millis(), |before| next(*before)));
    let before = match replace(core, &place_of(principal), until, raised).await? {
        Replaced::Done(before) => before,
        Replaced::Refused(before) => Some(before),
    };
    let after = before.map_or(now.unix_millis(), next);
    core.endings.ring_all(principal, except);
    Ok(Raised { before: before.unwrap_or_default(), after })
}

async fn deny_and_ring(
    core: &Core,
    selector: &Selector,
    until: Timestamp,
    new: Denial,
    allowed: impl Fn(&Denial) -> bool,
) -> Result<Standing, SessionError> {
    let standing = deny(core, selector, until, new, allowed).await?;
    if standing == Standing::Good {
        core.endings.ring(selector);
    }
    Ok(standing)
}

async fn deny(
    core: &Core,
    selector: &Selector,
    until: Timestamp,
    new: Denial,
    allowed: impl Fn(&Denial) -> bool,
) -> Result<Standing, SessionError> {
    if !is_checked(core) {
        return Ok(Standing::Good);
    }
    let next = |before: Option<&Denial>| before.is_none_or(&allowed).then(|| new.clone());
    Ok(match replace(core, selector, until.saturating_add(SKEW), next).await? {
        Replaced::Done(_) => Standing::Good,
        Replaced::Refused(denial) => judged(Some(&denial), 0),
    })
}

fn denial_of(core: &Core, below: u64, owner: Option<&PrincipalKey>) -> Denial {
    (below, core.now().unix_millis(), owner.map(ToString::to_string))
}

/// Until when a seal of the session can open: a later one is made only if its denial is not there yet.
fn longest(core: &Core, stored: &Stored) -> Timestamp {
    let metadata = stored.record.metadata();
    core.now().saturating_add(core.policy.idle_of(metadata)).max(metadata.deadlines.idle)
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

/// Above every epoch that a session can reach.
const ENDED: u64 = u64::MAX;
/// How far the clocks of servers may differ.
const SKEW: Duration = Duration::from_secs(60);
/// How long a request that was on its way is told apart from a stranger's.
pub(super) const REMEMBERED: Duration = Duration::from_secs(60);
