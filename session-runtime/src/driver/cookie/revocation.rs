//! The choice that a cookie driver cannot be made without: what an ended session's cookie is worth.

use std::fmt;
use std::sync::Arc;

use crate::driver::contract::Driver;
use crate::driver::erased::ErasedDriver;

/// What becomes of the cookie of a session that was ended: the browser deletes it, but whoever copied it still has it.
#[derive(Clone, Debug)]
pub enum Revocation {
    /// A copied cookie opens the session until its idle deadline, whatever was logged out, rotated or revoked since:
    /// logout and "log out my other devices" are requests to the browser, and nothing more. For sessions that are worth
    /// nothing to a thief.
    AcceptReplay,
    /// The store remembers what was ended. Each load asks it once, and each change asks again before it is sealed; if it
    /// is away, requests with a session fail with 503.
    Checked(RevocationStore),
}

/// Remembers which sealed sessions were ended or rotated, and when a principal's were revoked.
///
/// It holds no values and nothing that opens a session, and only what can still matter: an ended session for one idle
/// timeout and a minute, a revocation of a principal's sessions for one absolute lifetime and a minute. The clocks of
/// the servers that share it may differ by less than that minute.
#[derive(Clone)]
pub struct RevocationStore {
    pub(crate) driver: Arc<dyn ErasedDriver>,
    pub(crate) evicts: bool,
}

impl RevocationStore {
    /// Kept in any driver, which may hold other sessions too: files for one machine, Redis for several.
    ///
    /// ```
    /// # #[cfg(feature = "memory")] {
    /// use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore};
    ///
    /// let store = RevocationStore::over(MemoryDriver::new());
    /// let driver = CookieDriver::new(KeyRing::ephemeral()?, Revocation::Checked(store));
    /// # }
    /// # Ok::<(), session_runtime::RandomError>(())
    /// ```
    #[must_use]
    pub fn over<D: Driver>(driver: D) -> Self {
        Self { driver: Arc::new(driver), evicts: D::EVICTS }
    }

    /// Kept in the memory of this process: right for a single process that does not restart, since another one, and
    /// this one after a restart, takes ended sessions for live ones.
    #[cfg(feature = "memory")]
    #[must_use]
    pub fn single_process() -> Self {
        Self::over(crate::driver::MemoryDriver::new())
    }
}

impl fmt::Debug for RevocationStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationStore").finish_non_exhaustive()
    }
}
