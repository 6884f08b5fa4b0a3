//! The life of the session: identity, login and logout, rotation, commit.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;
use crate::engine::CommitFuture;
use crate::error::SessionError;
use crate::record::{Metadata, Principal};
use crate::state::{Access, Base, Privilege};
use crate::token::Selector;
use crate::value::{JsonText, Key};

use super::untyped::UntypedSession;
use super::values::decode;

impl UntypedSession {
    /// A short public hash that names the session in logs; `None` while nothing is stored. Never the token.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.selector().map(|selector| selector.log_id())
    }

    /// What names the stored record: not secret, but nobody's business but the owner's.
    #[must_use]
    pub fn selector(&self) -> Option<Selector> {
        self.look(|state| state.ground.base.stored().map(|stored| stored.token.selector()))
    }

    /// Whether the session was born in this request, after a logout included.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.look(|state| !state.existed || matches!(state.ground.base, Base::Renewed { .. }))
    }

    /// Whether this handle was taken for reading only.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.access() < Access::Passive
    }

    /// Whether there is nothing in the session: no field, no principal, and nothing flashed for the next request.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.look(|state| {
            let ground = &state.ground;
            ground.views().is_empty() && ground.principal().is_none() && !ground.changes.flashes()
        })
    }

    /// Whether this request recorded a change that is not committed yet.
    #[must_use]
    pub fn is_modified(&self) -> bool {
        self.look(|state| state.ground.ending.is_some() || !state.ground.changes.is_empty())
    }

    /// Whether this request replaced the secret of a session that was there, by rotation or by a new session.
    #[must_use]
    pub fn was_regenerated(&self) -> bool {
        self.look(|state| {
            let rotates = state.ground.changes.privilege != Privilege::Unchanged;
            state.rotated || state.ground.ending.is_some() || (rotates && state.existed)
        })
    }

    /// Replaces the secret at the commit; the session and its data stay. The old secret opens nothing from then on.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn regenerate(&self) -> Result<(), SessionError> {
        self.record_rights(|state| {
            let changes = &mut state.ground.changes;
            if changes.privilege == Privilege::Unchanged {
                changes.promote(Privilege::Regenerate);
            }
        })
    }

    /// Notes that the principal proved anew who he is (a password asked again, a second factor), and replaces the
    /// secret. The session lives no longer by it.
    ///
    /// # Errors
    /// [`SessionError::SignedOut`] if there is no principal; [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn elevate(&self) -> Result<(), SessionError> {
        self.record_rights(|state| {
            if state.ground.principal().is_none() {
                return Err(SessionError::SignedOut);
            }
            let changes = &mut state.ground.changes;
            if changes.privilege.login().is_none() {
                changes.promote(Privilege::Elevate);
            }
            Ok(())
        })?
    }

    /// Ends the session with everything in it. What is written afterwards goes into a new one.
    ///
    /// Kept even if the handler fails afterwards.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn invalidate(&self) -> Result<(), SessionError> {
        self.record(|state| state.ground.end(true, false, &state.arrived))
    }

    /// Gives the session to the principal `id`; see [`PrincipalSlot::login`](crate::PrincipalSlot::login).
    ///
    /// # Errors
    /// [`SessionError::Unstorable`] for an id that is no JSON, or null; [`SessionError::ReadOnly`],
    /// [`SessionError::Committed`].
    pub fn login(&self, id: impl Serialize) -> Result<(), SessionError> {
        let unstorable = |source| SessionError::Unstorable { key: Key::from_static("principal"), source };
        let json = JsonText::encode(&id).map_err(|fault| unstorable(Some(fault)))?;
        if json.is_null() {
            return Err(unstorable(None));
        }
        self.give_to(Principal::new(json))
    }

    /// Ends the session, and starts a new one with the fields that survive a logout.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn logout(&self) -> Result<(), SessionError> {
        self.record_rights(|state| state.ground.end(true, true, &state.arrived))
    }

    /// The principal, as this request sees it.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when another type of id is stored.
    pub fn principal<T: DeserializeOwned>(&self) -> Result<Option<T>, SessionError> {
        let json = self.look(|state| state.ground.principal().map(|principal| principal.json().clone()));
        json.map(|json| decode("principal", &json)).transpose()
    }

    /// Stores what was recorded so far, now. Final, whatever becomes of the request; may be called several times.
    ///
    /// The request goes on under the new secret and epoch, and sees what the store answered. Flash that arrived stays
    /// until the response.
    ///
    /// # Errors
    /// [`SessionError::Conflict`], [`SessionError::Overflow`], [`SessionError::TooLarge`] and their like when nothing
    /// was stored; what was recorded stays recorded then. [`SessionError::Unavailable`] says whether it is known.
    pub fn commit(&self) -> CommitFuture {
        if self.is_readonly() {
            return CommitFuture::refused(self.exchange.clone(), SessionError::ReadOnly);
        }
        CommitFuture::explicit(self.exchange.clone())
    }

    /// Reads the store again. What was recorded stays recorded; updates are computed anew.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`], [`SessionError::Corrupt`], and what an update's closure fails with.
    pub async fn reload(&self) -> Result<(), SessionError> {
        self.exchange.reload().await
    }

    /// When the session was created; `None` while nothing is stored.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        self.metadata(|metadata| metadata.created_at)
    }

    /// When the session ends unless it is used; `None` while nothing is stored.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.metadata(|metadata| metadata.deadlines.effective())
    }

    /// When the principal last proved who he is; `None` without one.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<Timestamp> {
        self.metadata(|metadata| metadata.authenticated_at).flatten()
    }

    /// Whether the principal proved within the last `max_age` who he is. A time that other servers' clocks may have given
    /// counts as now; one from further ahead proves nothing.
    pub(crate) fn is_proven_within(&self, max_age: Duration) -> bool {
        let proves_now = self
            .look(|state| matches!(state.ground.changes.privilege, Privilege::Login(_) | Privilege::Elevate));
        let now = self.exchange().core.now();
        let is_recent = |at: Timestamp| now.since(at) < max_age && at.since(now) <= SKEW;
        proves_now || self.authenticated_at().is_some_and(is_recent)
    }

    fn metadata<R>(&self, read: impl FnOnce(&Metadata) -> R) -> Option<R> {
        self.look(|state| state.ground.base.record().map(|record| read(record.metadata())))
    }
}

/// How far the clocks of servers may differ.
const SKEW: Duration = Duration::from_secs(60);
