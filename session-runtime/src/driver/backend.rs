//! What keeps the sessions of a manager, whichever kind it is and whenever it was chosen.

use std::fmt;
use std::sync::Arc;

use super::contract::Driver;
use super::cookie::CookieDriver;
use super::erased::ErasedDriver;

/// What keeps the sessions: a [`Driver`] whose type was forgotten, or a [`CookieDriver`], so that it can be
/// chosen at run time.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{Backend, IntoBackend as _, MemoryBounds, MemoryDriver};
///
/// let small = std::env::var_os("SMALL").is_some();
/// let backend: Backend = match small {
///     true => MemoryDriver::bounded(MemoryBounds { sessions: 100, bytes: 1 << 20 }).into_backend(),
///     false => MemoryDriver::new().into_backend(),
/// };
/// let sessions = Sessions::builder(backend).build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
pub struct Backend(pub(crate) Kind);

/// The two places where sessions can be.
pub(crate) enum Kind {
    /// On the server.
    Driver(Arc<dyn ErasedDriver>),
    /// In the browser.
    Cookie(CookieDriver),
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").finish_non_exhaustive()
    }
}

/// What [`Sessions::builder`](crate::Sessions::builder) accepts: every [`Driver`], a [`CookieDriver`], and a [`Backend`].
pub trait IntoBackend {
    /// The backend.
    fn into_backend(self) -> Backend;
}

impl<D: Driver> IntoBackend for D {
    fn into_backend(self) -> Backend {
        Backend(Kind::Driver(Arc::new(self)))
    }
}

impl IntoBackend for CookieDriver {
    fn into_backend(self) -> Backend {
        Backend(Kind::Cookie(self))
    }
}

impl IntoBackend for Backend {
    fn into_backend(self) -> Backend {
        self
    }
}
