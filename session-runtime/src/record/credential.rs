//! What a session keeps of the credentials that its principal signed in with.

use std::fmt;

use ring::hmac;
use subtle::ConstantTimeEq as _;

use crate::token::Selector;

/// A fingerprint of the credentials that a session was opened with, so that it ends when they change. `Debug` shows
/// nothing of it, and comparing two takes the same time wherever they differ.
#[derive(Clone, Copy)]
pub struct CredentialMark([u8; 16]);

impl CredentialMark {
    /// The mark with these bytes, for drivers that read it back.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The mark of a session's credentials: a hash under a key that the session's own name makes, so that the same
    /// credentials leave another mark in each session.
    pub(crate) fn of(selector: &Selector, current: &[u8]) -> Self {
        let mut secret = [0; TAG.len() + 16];
        let (tag, name) = secret.split_at_mut(TAG.len());
        tag.copy_from_slice(TAG);
        name.copy_from_slice(selector.as_bytes());
        let hash = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), current);
        Self(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    /// The bytes that a driver stores.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl PartialEq for CredentialMark {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CredentialMark {}

impl fmt::Debug for CredentialMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialMark(..)")
    }
}

/// What a commit does to the [`CredentialMark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialChange {
    /// Keeps this one from now on.
    Bind(CredentialMark),
    /// Takes it away.
    Forget,
}

const TAG: &[u8; 21] = b"session/v1/credential";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_nothing_and_differs_per_session() {
        let [one, other] = [[1; 16], [2; 16]].map(Selector::from_bytes);
        let mark = CredentialMark::of(&one, b"$argon2id$canary");
        assert_eq!(mark, CredentialMark::of(&one, b"$argon2id$canary"));
        assert_ne!(mark, CredentialMark::of(&other, b"$argon2id$canary"));
        assert_ne!(mark, CredentialMark::of(&one, b"$argon2id$canarz"));
        assert_eq!(format!("{mark:?}"), "CredentialMark(..)");
    }
}
