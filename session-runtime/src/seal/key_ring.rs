//! The keys in use: the first seals, all of them open.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::random::RandomError;

use super::key::{Key, KeyId};
use super::sealed::Sealer;

/// The keys that seal and open cookies. Clones share them, so that they can be replaced while the server runs.
///
/// To change keys without signing anybody out, put the new one first and keep the old one behind it until what was
/// sealed with it has expired; the event [`OldKey`](crate::EventKind::OldKey) tells whenever an old one was needed. A key
/// that is taken out ends every session that was sealed with it and not since resealed.
///
/// ```
/// use session_runtime::drivers::{KeyRing, SealKey};
///
/// let (old, new) = (SealKey::generate()?, SealKey::generate()?);
/// let ring = KeyRing::new(old.clone());
/// // Later, on a signal or when the secret store says so:
/// ring.replace(new, [old]);
/// # Ok::<(), session_runtime::RandomError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing(Arc<RwLock<Box<[Sealer]>>>);

impl KeyRing {
    /// A ring of one key.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self::with_old(key, [])
    }

    /// A ring whose first key seals, and that also opens what older keys have sealed.
    #[must_use]
    pub fn with_old(key: Key, old: impl IntoIterator<Item = Key>) -> Self {
        Self(Arc::new(RwLock::new(sealers(key, old))))
    }

    /// A ring of a key that nobody else has, and that is lost with this process: every session ends with it, and no
    /// second server can open one. For development and tests.
    ///
    /// # Errors
    /// [`RandomError`] when the system gives no random bytes.
    pub fn ephemeral() -> Result<Self, RandomError> {
        Ok(Self::new(Key::generate()?))
    }

    /// Replaces the keys, at once and for every clone.
    pub fn replace(&self, key: Key, old: impl IntoIterator<Item = Key>) {
        let sealers = sealers(key, old);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = sealers;
    }

    /// Held for as long as one text takes: whoever replaces the keys waits no longer.
    pub(super) fn sealers(&self) -> RwLockReadGuard<'_, Box<[Sealer]>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<KeyId> = self.sealers().iter().map(Sealer::id).collect();
        f.debug_tuple("KeyRing").field(&ids.iter().map(ToString::to_string).collect::<Vec<_>>()).finish()
    }
}

fn sealers(key: Key, old: impl IntoIterator<Item = Key>) -> Box<[Sealer]> {
    [key].into_iter().chain(old).map(|key| Sealer::new(&key)).collect()
}
