//! The life of a session's secret between two changes of privilege: renewed now and then, in two phases.
//!
//! A renewal gives the session a new verifier and leaves the one before it open. Only when the new one was presented for
//! the first time does a grace begin, at whose end the one before is closed. So an answer that is lost on its way signs
//! nobody out.

use crate::clock::Timestamp;
use crate::token::VerifierHash;

use super::parts::Metadata;
use super::session_change::{Confirmation, Rotation};
use super::stored::Standing;

/// What a record keeps of the renewals of its secret since the latest change of privilege.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// When the secret was last renewed.
    pub at: Timestamp,
    /// The verifier before the present one.
    pub previous: VerifierHash,
    /// Until when that one opens the session; `None` while the present one has not been presented yet.
    pub until: Option<Timestamp>,
    /// The verifiers before that, the latest first, [`MOST_RETIRED`](Renewal::MOST_RETIRED) at the most. None of them
    /// opens the session: who presents one has an old copy of the cookie.
    pub retired: Vec<VerifierHash>,
}

impl Renewal {
    /// How many retired verifiers a record remembers.
    pub const MOST_RETIRED: usize = 4;

    /// Whether the verifier before the present one opens the session.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    pub(super) fn standing(&self, presented: VerifierHash, now: Timestamp) -> Standing {
        if presented == self.previous {
            return if self.is_open(now) { Standing::Previous } else { Standing::Replayed };
        }
        if self.retired.contains(&presented) { Standing::Replayed } else { Standing::Stranger }
    }
}

/// The second secret that a change of privilege closes, beside the present one.
pub(super) fn also_superseded(metadata: &Metadata, now: Timestamp) -> Option<VerifierHash> {
    metadata.renewal().filter(|renewal| renewal.is_open(now)).map(|renewal| renewal.previous)
}

/// Puts a new verifier in the place of the present one, which stays open. Epoch and privilege stay.
pub(super) fn renew(metadata: &mut Metadata, rotation: &Rotation, at: Timestamp) {
    let previous = std::mem::replace(&mut metadata.verifier, rotation.verifier);
    let slot = &mut metadata.more_mut().renewal;
    let mut retired = Vec::new();
    if let Some(before) = slot.take() {
        retired.push(before.previous);
        retired.extend(before.retired);
        retired.truncate(Renewal::MOST_RETIRED);
    }
    *slot = Some(Renewal { at, previous, until: None, retired });
}

/// Begins the grace of the verifier before the present one, unless it has begun or another verifier was presented.
pub(super) fn confirm(metadata: &mut Metadata, confirmation: &Confirmation, at: Timestamp) {
    let Confirmation { verifier, grace } = *confirmation;
    if metadata.verifier != verifier {
        return;
    }
    let renewal = metadata.more.as_mut().and_then(|more| more.renewal.as_mut());
    if let Some(renewal) = renewal.filter(|renewal| renewal.until.is_none()) {
        renewal.until = Some(at.saturating_add(grace));
    }
}
