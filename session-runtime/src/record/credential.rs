//! What a session keeps of the credentials that its principal signed in with.

use std::fmt;

use subtle::ConstantTimeEq as _;

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
