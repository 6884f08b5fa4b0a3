//! The sessions of one principal, out of a request.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::Core;
use crate::error::SessionError;
use crate::record::Principal;
use crate::value::{JsonText, Key};

/// The sessions of one principal, whichever driver keeps them. Made by [`Sessions::of`](crate::Sessions::of).
///
/// ```
/// # use session_runtime::{SessionError, Sessions};
/// # use session_runtime::drivers::MemoryDriver;
/// # async fn password_changed(sessions: &Sessions) -> Result<(), SessionError> {
/// sessions.of(&42)?.revoke_all().await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct PrincipalSessions {
    core: Arc<Core>,
    principal: Principal,
}

impl PrincipalSessions {
    pub(super) fn new<P: Serialize + ?Sized>(core: Arc<Core>, principal: &P) -> Result<Self, SessionError> {
        let json = JsonText::encode(principal).map_err(|source| SessionError::Unstorable {
            key: Key::from_static("principal"),
            source: Some(source),
        })?;
        Ok(Self { core, principal: Principal::new(json) })
    }

    /// Ends all of them, on whatever device. A login that is on its way is ended too.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] when the store is away; [`SessionError::NotKept`] with a cookie driver that accepts
    /// replay.
    pub async fn revoke_all(&self) -> Result<(), SessionError> {
        self.core.revoke_all(self.principal.key()).await
    }
}

impl fmt::Debug for PrincipalSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrincipalSessions").field("principal", &self.principal).finish_non_exhaustive()
    }
}
