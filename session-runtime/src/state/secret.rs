//! What is due on the secret of a stored session: its renewal, or the confirmation of the renewal before.

use crate::clock::Timestamp;
use crate::config::Policy;
use crate::token::VerifierHash;

use super::base::Stored;

/// What a request does about the secret that it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretDue {
    /// It is old enough to be replaced.
    Renewal(VerifierHash),
    /// It came for the first time, so that the one before it has an end.
    Confirmation(VerifierHash),
}

impl Stored {
    /// Both are done by requests that came with the present secret only, so that of many side by side one renews.
    ///
    /// The presented secret is hashed only where something may be due.
    pub(crate) fn secret_due(&self, policy: &Policy, now: Timestamp) -> Option<SecretDue> {
        let metadata = self.record.metadata();
        let unconfirmed = metadata.renewal().is_some_and(|renewal| renewal.until.is_none());
        let due = unconfirmed || policy.renewal_due(metadata, now);
        let current = metadata.verifier;
        if !due || self.token.verifier().hash() != current {
            return None;
        }
        Some(if unconfirmed { SecretDue::Confirmation(current) } else { SecretDue::Renewal(current) })
    }
}
