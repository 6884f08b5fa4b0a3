//! The typed accessor of the principal: login and logout are the only doors.

use std::fmt;

use crate::error::SessionError;
use crate::record::Principal;
use crate::schema::PrincipalDef;
use crate::value::{JsonText, Key};

use super::into_value::IntoValue;
use super::untyped::UntypedSession;

/// Whom the session belongs to. `T` is an `Option`: nobody before a login.
pub struct PrincipalSlot<'a, T: 'static> {
    session: &'a UntypedSession,
    def: &'static PrincipalDef<T>,
}

impl<'a, T: 'static> PrincipalSlot<'a, T> {
    pub(crate) const fn new(session: &'a UntypedSession, def: &'static PrincipalDef<T>) -> Self {
        Self { session, def }
    }

    /// The principal, as this request sees it.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when another type of id is stored.
    pub fn get(&self) -> Result<T, SessionError> {
        let Some(json) = self.session.look(|state| state.ground.principal().map(|it| it.json().clone()))
        else {
            return Ok((self.def.absent)());
        };
        (self.def.decode)(json.as_str()).map_err(|error| SessionError::Mismatch {
            key: Key::from_static(self.def.info.key),
            expected: self.def.info.type_text,
            source: error.into(),
        })
    }

    /// Gives the session to the principal `id`. Call it after the credentials were checked.
    ///
    /// The secret is always replaced, also when the same principal logs in again, so that a fixed or stolen cookie is
    /// worth nothing afterwards (OWASP ASVS 5.0, V7.2.4). A session of another principal is destroyed, and a new one
    /// starts with the fields that survive a logout.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`] for an id that is no JSON, or none; [`SessionError::ReadOnly`],
    /// [`SessionError::Committed`].
    pub fn login(&self, id: impl IntoValue<T>) -> Result<(), SessionError> {
        let key = || Key::from_static(self.def.info.key);
        let text = id.with(|id| {
            let absent = (self.def.is_absent)(id);
            (!absent).then(|| (self.def.encode)(id)).transpose()
        });
        let text =
            text.map_err(|error| SessionError::Unstorable { key: key(), source: Some(error.into()) })?;
        let json = text.filter(|text| text != "null").map(JsonText::trusted);
        let json = json.ok_or_else(|| SessionError::Unstorable { key: key(), source: None })?;
        self.session.give_to(Principal::new(json))
    }

    /// Refuses another principal than the present one, who has to log in.
    pub(crate) fn expect_present(&self, id: &T) -> Result<(), SessionError> {
        let key = || Key::from_static(self.def.info.key);
        let text = (self.def.encode)(id)
            .map_err(|error| SessionError::Unstorable { key: key(), source: Some(error.into()) })?;
        let same = self.session.look(|state| match state.ground.principal() {
            Some(present) => present.json().as_str() == text,
            None => text == "null",
        });
        if same { Ok(()) } else { Err(SessionError::Reserved { key: key() }) }
    }

    /// Ends the session, and starts a new one with the fields that survive a logout.
    ///
    /// The ending is kept even if the handler fails afterwards, and takes effect whatever other requests do.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn logout(&self) -> Result<(), SessionError> {
        self.session.logout()
    }
}

impl<T: 'static> fmt::Debug for PrincipalSlot<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrincipalSlot").field("key", &self.def.info.key).finish_non_exhaustive()
    }
}
