//! The typed accessor of a flash field: there for the next request only.

use std::fmt;

use crate::error::SessionError;
use crate::record::NewFlash;
use crate::schema::{FieldInfo, FlashDef, OnMismatch};
use crate::value::{JsonFault, JsonText, Key};

use super::into_value::IntoValue;
use super::untyped::UntypedSession;

/// A value for a later request. `T` is an `Option`.
///
/// What is flashed now is read by the next request that loads the session, not by this one. Reading does not consume:
/// what arrived is gone when this request is committed, unless it is kept, the request only reads, or it fails. `HEAD`
/// requests and pages that a browser fetches ahead leave it, too.
///
/// With `#[session(flash(until_read))]` it waits until a request reads it with [`get`](FlashSlot::get), for an hour or
/// as long as `max_age` says. With `flash(max_bytes = 2048)` a longer value is an error where it is flashed.
pub struct FlashSlot<'a, T: 'static> {
    session: &'a UntypedSession,
    def: &'static FlashDef<T>,
}

impl<'a, T: 'static> FlashSlot<'a, T> {
    pub(crate) const fn new(session: &'a UntypedSession, def: &'static FlashDef<T>) -> Self {
        Self { session, def }
    }

    /// Leaves `value` for the next request. `None` leaves nothing.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`], [`SessionError::ReadOnly`], [`SessionError::Committed`];
    /// [`SessionError::FlashTooLarge`] for more bytes than the field's `max_bytes`, or than the session has room for, and
    /// then nothing was recorded: the handler may go on, and answer a page.
    pub fn flash(&self, value: impl IntoValue<T>) -> Result<(), SessionError> {
        let json = self.write(value)?;
        let FieldInfo { key, waits, max_bytes, .. } = self.def.info;
        let key = Key::from_static(key);
        let Some(json) = json else { return self.session.leave(Vec::new()) };
        let bytes = json.as_str().len();
        if let Some(limit) = max_bytes.filter(|limit| bytes > *limit) {
            return Err(SessionError::FlashTooLarge { key, bytes, limit });
        }
        match waits {
            Some(max_age) => self.session.leave_until_read(key, json, *max_age),
            None => self.session.leave(vec![NewFlash::from((key, json))]),
        }
    }

    /// Shows `value` to this request only, over what arrived.
    ///
    /// # Errors
    /// As [`flash`](FlashSlot::flash).
    pub fn now(&self, value: impl IntoValue<T>) -> Result<(), SessionError> {
        let json = self.write(value)?;
        self.session.record(|state| {
            let key = Key::from_static(self.def.info.key);
            match json {
                Some(json) => drop(state.now.insert(key, json)),
                None => drop(state.now.remove(&key)),
            }
        })
    }

    /// What arrived from an earlier request, or was given to [`now`](FlashSlot::now).
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when something of another type arrived, unless the field says
    /// `on_mismatch = "default"`.
    pub fn get(&self) -> Result<T, SessionError> {
        let info = self.def.info;
        let Some(json) = self.session.exchange.state().read_flash(info.key) else {
            return Ok((self.def.absent)());
        };
        match (self.def.decode)(json.as_str()) {
            Ok(value) => Ok(value),
            Err(_) if info.on_mismatch == OnMismatch::Default => Ok((self.def.absent)()),
            Err(error) => Err(SessionError::Mismatch {
                key: Key::from_static(info.key),
                expected: info.type_text,
                source: error.into(),
            }),
        }
    }

    /// Keeps what arrived for one more request.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`]; [`SessionError::FlashTooLarge`] where there is no room
    /// for it beside what the request has recorded.
    pub fn keep(&self) -> Result<(), SessionError> {
        self.session.keep(|key| key == self.def.info.key)
    }

    /// Takes back what this request has flashed, and takes away what arrived, read or not. A request that shows nothing
    /// to anybody (`HEAD`, a page fetched ahead) leaves what arrived.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn discard(&self) -> Result<(), SessionError> {
        self.session.record(|state| state.discard(self.def.info.key))
    }

    /// Whether there is something to read. To ask is not to read.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.session.look(|state| state.flash(self.def.info.key).is_some())
    }

    fn write(&self, value: impl IntoValue<T>) -> Result<Option<JsonText>, SessionError> {
        let text = value.with(|value| {
            let absent = (self.def.is_absent)(value);
            (!absent).then(|| (self.def.encode)(value)).transpose()
        });
        let unstorable = |fault: JsonFault| {
            let key = Key::from_static(self.def.info.key);
            SessionError::Unstorable { key, source: Some(fault) }
        };
        let text = text.map_err(|error| unstorable(error.into()))?;
        text.map(JsonText::readable).transpose().map_err(unstorable)
    }
}

impl<T: 'static> fmt::Debug for FlashSlot<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlashSlot").field("key", &self.def.info.key).finish_non_exhaustive()
    }
}
