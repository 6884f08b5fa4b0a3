//! The sessions of one principal.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::Core;
use crate::error::SessionError;
use crate::observe::Reason;
use crate::record::Principal;
use crate::session::UntypedSession;
use crate::token::Selector;
use crate::value::{JsonText, Key};

use super::devices::Device;

/// The sessions of one principal, whichever driver keeps them. Made by [`Sessions::of`](crate::Sessions::of).
///
/// All of this also works without a session of the principal at hand: from a page of administrators, or a job.
///
/// ```
/// # use session_runtime::{Selector, Session, SessionError, Sessions};
/// # use session_runtime::drivers::MemoryDriver;
/// # async fn devices(sessions: &Sessions, session: &Session, chosen: Selector) -> Result<(), SessionError> {
/// let mine = sessions.of(&42)?;
/// for device in mine.list().await? {
///     let here = if device.is_current(session) { " (this one)" } else { "" };
///     println!("{}{here}", device.agent.as_deref().unwrap_or("unknown"));
/// }
/// mine.revoke(&chosen).await?; // from a form: `text.parse::<Selector>()`
/// mine.revoke_others(session).await?;
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

    /// His live sessions, the one that was used last first.
    ///
    /// Each is read from the store: this is for a page of devices, not for every request. What cannot be read is left
    /// out, since it opens for nobody.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] when the store is away; [`SessionError::NotKept`] with a cookie driver that
    /// accepts replay.
    pub async fn list(&self) -> Result<Vec<Device>, SessionError> {
        let sessions = self.core.sessions_of(&self.principal).await?;
        let devices = sessions.iter().map(|(selector, record)| Device::new(*selector, record.metadata()));
        let mut devices: Vec<Device> = devices.collect();
        devices.sort_by_key(|device| (std::cmp::Reverse(device.seen_at), device.selector));
        Ok(devices)
    }

    /// How many live sessions he has.
    ///
    /// # Errors
    /// As [`list`](PrincipalSessions::list).
    pub async fn count(&self) -> Result<usize, SessionError> {
        self.core.count_of(&self.principal).await
    }

    /// Ends one of his sessions; whether it was there and his. Another principal's is left alone, and answered like one
    /// that does not exist.
    ///
    /// The end is final: what its requests write afterwards is dropped, and no grace or late commit brings it back.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] when the store is away; [`SessionError::NotKept`] with a cookie driver that
    /// accepts replay.
    pub async fn revoke(&self, selector: &Selector) -> Result<bool, SessionError> {
        self.core.revoke_listed(selector, self.principal.key(), Reason::One).await
    }

    /// Ends all of them, on whatever device. A login that is on its way is ended too. How many there were, as far as the
    /// driver knows them; a cookie driver counts logins.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] when the store is away; [`SessionError::NotKept`] with a cookie driver that accepts
    /// replay.
    pub async fn revoke_all(&self) -> Result<usize, SessionError> {
        self.core.revoke_all(self.principal.key()).await
    }

    /// Ends all but this one, which gets a new secret. A login that is on its way is ended too.
    ///
    /// What the request has recorded so far is committed with it, as by [`commit`](UntypedSession::commit). If this
    /// session was itself ended meanwhile, the others end all the same. Two sessions that do this at once may end each
    /// other.
    ///
    /// # Errors
    /// [`SessionError::SignedOut`] when the session is not the principal's; nothing is done then.
    /// [`SessionError::NotKept`] with a cookie driver that accepts replay; [`SessionError::ReadOnly`],
    /// [`SessionError::Committed`], and what the commit fails with.
    pub async fn revoke_others(&self, session: &UntypedSession) -> Result<(), SessionError> {
        session.end_others(Some(&self.principal))?;
        session.commit().await.map(drop)
    }
}

impl fmt::Debug for PrincipalSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrincipalSessions").field("principal", &self.principal).finish_non_exhaustive()
    }
}
