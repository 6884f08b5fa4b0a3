//! What the steps of a commit ask of the driver beside the step itself, and what they make of its answer.

use std::time::Duration;

use crate::driver::{Crowd, Owner};
use crate::engine::core::Core;
use crate::engine::revocations::{self, Standing, stubs};
use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::plan::{Apply, NewRecord};
use crate::record::{Applied, PrincipalKey, Verdict};
use crate::state::{Base, Ending, Stored};
use crate::token::Selector;

/// Waits a random while, longer after each conflict, so that a crowd does not meet again at once. A driver that never
/// waits is not waited for either.
pub(super) async fn pause(core: &Core, conflicts: u32, left: Duration) {
    if core.driver.is_immediate() {
        return;
    }
    let mut byte = [255];
    // Without randomness the crowd meets again, and is none the worse.
    let _ = core.random.fill(&mut byte);
    let [byte] = byte;
    let longest = SHORTEST_PAUSE.saturating_mul(1 << conflicts.min(12)).min(LONGEST_PAUSE).min(left);
    tokio::time::sleep(longest.mul_f64(f64::from(byte) / 255.0)).await;
}

pub(super) async fn destroy(core: &Core, ending: &Ending) -> Result<bool, SessionError> {
    if core.seals.is_some() {
        let ended = revocations::end(core, &ending.session).await? == Standing::Good;
        if let Some(owner) = ending.owner().filter(|_| ended) {
            stubs::leave(core, &ending.session.token.selector(), owner).await;
        }
        return Ok(ended);
    }
    let owner = ending.owner().map_or(Owner::Nobody, Owner::Principal);
    core.destroy(&ending.session.token.selector(), owner).await
}

/// Who signs in, and the generation of his sessions before.
pub(super) type Announced = (PrincipalKey, u64);

/// Whether the principal's sessions were revoked while this login was on its way, or it is itself one too many by now; the
/// session ends itself then. Ends the others that are too many.
pub(super) async fn revoked(
    core: &Core,
    selector: &Selector,
    read: Option<Announced>,
) -> Result<bool, SessionError> {
    let Some((principal, before)) = read else {
        return Ok(false);
    };
    let check = async {
        let Crowd { generation, over } = core.judged(&principal).await?;
        let raised = generation != before;
        if raised {
            let about = About { session: Some(*selector), ..About::of(&principal) };
            core.tell(EventKind::Revoked(Reason::Overtaken), about);
        }
        // A sealed session is not stored: its cookie does not go out, and no other seal of it opens.
        if raised && core.seals.is_none() {
            core.destroy(selector, Owner::Principal(&principal)).await?;
        }
        Ok(raised || core.end_over(&principal, selector, &over).await?)
    };
    // The login is stored by now, or the seals from before it are worthless, whatever the check comes to.
    Box::pin(check).await.map_err(SessionError::after_effect)
}

/// Whether a new session may take the place of the one that the visitor presented.
pub(super) async fn may_begin(core: &Core, new: &NewRecord) -> Result<bool, SessionError> {
    if let Some(refusal) = new.record.oversize(core.policy.max_record_bytes) {
        return Err(SessionError::refused(refusal, core.policy.max_record_bytes));
    }
    match &new.unless_destroyed {
        Some(dead) => Ok(!core.destroyed_recently(dead).await?),
        None => Ok(true),
    }
}

/// What is stored now as far as this request can tell: its own changes, and the sums as the store computed them.
pub(super) fn applied_base(stored: &Stored, apply: &Apply, applied: Applied) -> Base {
    let Applied::Stored(sums) = applied else {
        return Base::ABSENT;
    };
    match stored.record.apply(&apply.commit) {
        Verdict::Store(record, _) => Base::Stored(Stored::on_server(apply.token, record.with_sums(sums))),
        _ => Base::Stored(Stored::on_server(apply.token, stored.record.clone())),
    }
}

/// Half of the longest pause after the first conflict; it doubles with each.
const SHORTEST_PAUSE: Duration = Duration::from_micros(500);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
