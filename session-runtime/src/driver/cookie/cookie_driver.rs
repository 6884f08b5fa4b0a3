//! The cookie driver as an application chooses it.

use crate::seal::KeyRing;

use super::revocation::Revocation;

/// Keeps each session in its browser's cookie, sealed with a key of the server.
///
/// Nothing is stored on the server but, by choice, what was ended ([`Revocation`]). A session survives restarts, and
/// any server with the same keys opens it.
///
/// # What the browser decides
/// With a server's store, two requests at once change one record, and nothing is lost. Here each response carries a
/// whole session, and the browser keeps the one that reaches it last:
/// - Of two parallel requests that both write, the changes of one are lost: increments do not add up, and pushed items
///   are missing. The same holds for a request that only touches the session beside one that writes.
/// - A slow response brings an older state back. With [`Revocation::Checked`] that ends at the bounds of privilege:
///   neither a session that was logged out nor one from before a login is brought back.
/// - A browser that ignores a response (a client that went away) stays with what it had.
///
/// Sessions that must not lose an update belong into a server-side driver.
///
/// # Format and limits
/// The whole record is sealed by ChaCha20-Poly1305 under a key that is derived for this one cookie (HKDF-SHA256), with the
/// cookie's name and the version of the format as associated data. Both deadlines are inside and enforced by the
/// server. A value of more than about 4 KB is cut into several cookies, `name`, `name.1`, `name.2`; a session whose
/// cookies would take more than [`max_bytes`](CookieDriver::max_bytes) is refused with
/// [`SessionError::TooLarge`](crate::SessionError::TooLarge), which names its biggest field, before anything is sent.
/// What does not open (forged, cut, of another key, another cookie's) is no session, and one event of `tracing`.
///
/// Time comes from the [clock of the builder](crate::Builder::clock).
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{CookieDriver, KeyRing, Revocation, SealKey};
///
/// let key = SealKey::from_base64("4ZkU6PXcQ9pA1yRCQTJb4mLxfHR3b6PjK5lWq8sYd0E=")?;
/// let driver = CookieDriver::new(KeyRing::new(key), Revocation::AcceptReplay);
/// let sessions = Sessions::builder(driver).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a driver does nothing until it is given to a builder"]
pub struct CookieDriver {
    pub(crate) keys: KeyRing,
    pub(crate) revocation: Revocation,
    pub(crate) max_bytes: usize,
}

impl CookieDriver {
    /// A driver that seals with `keys`; `revocation` says what the cookie of an ended session is worth.
    pub const fn new(keys: KeyRing, revocation: Revocation) -> Self {
        Self { keys, revocation, max_bytes: DEFAULT_BYTES }
    }

    /// How many bytes the cookies of one session may take together, names and attributes included: 16 KiB by default,
    /// 128 KiB at most. Servers and proxies limit the headers of a request, often to 8 or 16 KiB.
    pub const fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}

const DEFAULT_BYTES: usize = 16 << 10;
/// So that no session has more than 64 cookies.
pub(crate) const MOST_BYTES: usize = 128 << 10;
