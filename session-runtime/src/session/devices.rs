//! What a session knows of its device, and the end of its principal's sessions on others.

use std::fmt;

use crate::error::SessionError;
use crate::record::{DeviceFacts, Principal};
use crate::state::{Credentials, Privilege, RequestState};

use super::agent;
use super::untyped::UntypedSession;

impl UntypedSession {
    /// Says where the request comes from, for the list of the principal's devices: stored by a login of this request,
    /// before or after this call, and by nothing else.
    ///
    /// Only the application knows which proxies it may believe. The first 45 characters are kept, as many as an address
    /// of IPv6 has; a coarse text such as `Lisbon, PT` will do as well. It is shown, never compared: a session that moves
    /// to another address goes on.
    ///
    /// ```
    /// # use std::net::IpAddr;
    /// # use session_runtime::{Session, SessionError};
    /// # fn signed_in(session: &Session, peer: IpAddr) -> Result<(), SessionError> {
    /// session.note_address(peer)?;
    /// session.login(42_u64)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn note_address(&self, address: impl fmt::Display) -> Result<(), SessionError> {
        let text: String =
            address.to_string().chars().filter(|c| !c.is_control()).take(MOST_ADDRESS).collect();
        self.record(|state| {
            state.address = (!text.is_empty()).then(|| text.into());
            if state.ground.changes.privilege.login().is_some() {
                state.ground.changes.seldom_mut().device = device(state);
            }
        })
    }

    /// The principal has changed his credentials, a password for instance: every other session of his ends, on whatever
    /// device, a login on its way included, and this one gets a new secret. On every driver; with a cookie driver through
    /// its store of revocations.
    ///
    /// It is recorded, and carried out by the commit. The end of the others is final: it comes before everything else of
    /// the commit, is kept if the handler fails afterwards or a change is refused, and takes effect even if this session
    /// was itself ended meanwhile. The new secret falls with the work that failed. So check the old password before you
    /// call it, and call it after the new one is stored.
    ///
    /// ```
    /// # use session_runtime::{Session, SessionError};
    /// # fn store_new_password() {}
    /// fn change_password(session: &Session) -> Result<(), SessionError> {
    ///     store_new_password();
    ///     session.credentials_changed()
    /// }
    /// ```
    ///
    /// A fingerprint of the old credentials goes: call [`bind_credentials`](Self::bind_credentials) with the new ones beside
    /// this, or this session is bound to none from now on.
    ///
    /// # Errors
    /// [`SessionError::SignedOut`] where the session is nobody's; [`SessionError::NotKept`] with a cookie driver that
    /// accepts replay; [`SessionError::ReadOnly`], [`SessionError::Committed`]. The commit fails with
    /// [`SessionError::Unavailable`] when the store is away; then it is not known which sessions have ended.
    pub fn credentials_changed(&self) -> Result<(), SessionError> {
        self.end_others(None)?;
        self.record(|state| {
            let credential = &mut state.ground.changes.seldom_mut().credential;
            *credential = credential.take().or(Some(Credentials::Forget));
        })
    }

    /// Records the end of the other sessions of the present principal, who must be `expected` if that is said.
    pub(crate) fn end_others(&self, expected: Option<&Principal>) -> Result<(), SessionError> {
        if self.exchange().core.keeps_nothing() {
            return Err(SessionError::NotKept);
        }
        self.record_rights(|state| {
            let present = state.ground.principal().filter(|present| expected.is_none_or(|it| it == *present));
            let Some(key) = present.map(|present| *present.key()) else {
                return Err(SessionError::SignedOut);
            };
            let changes = &mut state.ground.changes;
            let others = &mut changes.seldom_mut().others;
            if !others.contains(&key) {
                others.push(key);
            }
            if changes.privilege == Privilege::Unchanged {
                changes.promote(Privilege::Regenerate);
            }
            Ok(())
        })?
    }

    /// Gives the session to a principal, on the device that the request says it comes from.
    pub(super) fn give_to(&self, principal: Principal) -> Result<(), SessionError> {
        self.record_rights(|state| {
            state.ground.login(principal, &state.arrived);
            state.ground.changes.seldom_mut().device = device(state);
        })
    }
}

fn device(state: &RequestState) -> Option<DeviceFacts> {
    let agent = state.agent.as_ref().and_then(|header| agent::coarse(header.as_bytes()));
    let facts = DeviceFacts { agent, address: state.address.clone() };
    (!facts.is_empty()).then_some(facts)
}

/// In characters: as many as the longest address of IPv6.
const MOST_ADDRESS: usize = 45;
