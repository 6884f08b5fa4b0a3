//! From presented tokens to the ground a request stands on.

use crate::error::SessionError;
use crate::state::{Base, Loss, Stored};

use super::candidates::Candidates;
use super::core::Core;
use crate::record::Standing;

/// One read per candidate, usually one in all. A token that opens nothing is no session, and touches none.
pub(super) async fn load(core: &Core, candidates: Candidates) -> Result<Base, SessionError> {
    let mut best: Option<Stored> = None;
    let mut superseded = false;
    let mut valid = 0_usize;
    for token in candidates.iter() {
        let selector = token.selector();
        let Some(record) = core.load(&selector).await? else {
            continue;
        };
        let now = core.now();
        if record.is_expired(now) {
            continue;
        }
        match record.standing(token.verifier(), now) {
            Standing::Current => {
                valid += 1;
                let stored = Stored { token: *token, record };
                best = Some(match best {
                    Some(other) => newer(other, stored),
                    None => stored,
                });
            }
            Standing::Superseded => superseded = true,
            Standing::Stranger => {
                tracing::info!(target: "session", session = %selector.log_id(), "wrong verifier presented");
            }
        }
    }
    if valid > 1 {
        tracing::warn!(target: "session", valid, "several valid session cookies presented, the newest is used");
    }
    Ok(match (best, superseded) {
        (Some(stored), _) => Base::Stored(stored),
        (None, true) => Base::Lost(Loss::Superseded),
        (None, false) => Base::Absent { presented: candidates.first() },
    })
}

/// Of two valid sessions the one that was signed in later, then the one that was created later.
fn newer(one: Stored, other: Stored) -> Stored {
    let age = |stored: &Stored| {
        let metadata = stored.record.metadata();
        (metadata.authenticated_at, metadata.created_at)
    };
    if age(&other) > age(&one) { other } else { one }
}
