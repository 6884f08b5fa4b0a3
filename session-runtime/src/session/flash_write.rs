//! What a request leaves for later ones by name: flash, and the bags of forms, which are flash under reserved keys.

use std::time::Duration;

use serde::Serialize;

use crate::error::SessionError;
use crate::record::NewFlash;
use crate::value::{JsonText, Key};

use super::bags::is_reserved;
use super::untyped::UntypedSession;

impl UntypedSession {
    /// Leaves `value` for the next request that loads the session. This request does not see it.
    ///
    /// What the same request left under the key before is replaced.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`], [`SessionError::ReadOnly`], [`SessionError::Committed`];
    /// [`SessionError::ReservedFlash`] for a key that forms and redirects keep for themselves;
    /// [`SessionError::FlashTooLarge`] where the session has no room for it, and then nothing was recorded: the handler
    /// may go on, and answer a page.
    pub fn flash(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        let new = NewFlash::from(encode(key, &value)?);
        self.leave(vec![new])
    }

    /// Leaves `value` until a request reads it, at most for `max_age` from now.
    ///
    /// Unlike what [`flash`](UntypedSession::flash) leaves, it outlives requests that do not look at it. To read is to
    /// get the value ([`get`](crate::FlashMessages::get) or [`all`](crate::FlashMessages::all)), in a request that may
    /// write and does not fail; to ask whether there is one is not.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn example(session: &session_runtime::Session) -> Result<(), session_runtime::SessionError> {
    /// session.flash_until_read("export", "Your export is ready.", Duration::from_secs(3_600))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`flash`](UntypedSession::flash).
    pub fn flash_until_read(
        &self,
        key: &str,
        value: impl Serialize,
        max_age: Duration,
    ) -> Result<(), SessionError> {
        let (key, json) = encode(key, &value)?;
        self.leave_until_read(key, json, max_age)
    }

    /// Records entries, all or none of them.
    pub(super) fn leave(&self, entries: Vec<NewFlash>) -> Result<(), SessionError> {
        self.record(|state| {
            self.exchange.make_room(state, &entries)?;
            for new in entries {
                state.leave(new);
            }
            Ok(())
        })?
    }

    pub(super) fn leave_until_read(
        &self,
        key: Key,
        json: JsonText,
        max_age: Duration,
    ) -> Result<(), SessionError> {
        let until = Some(self.exchange.core.now().saturating_add(max_age));
        self.leave(vec![NewFlash { key, json, until }])
    }

    /// Leaves several values for the next request.
    ///
    /// # Errors
    /// As [`flash`](UntypedSession::flash); nothing is left then.
    pub fn flash_map<K, V>(&self, values: impl IntoIterator<Item = (K, V)>) -> Result<(), SessionError>
    where
        K: AsRef<str>,
        V: Serialize,
    {
        let entry = |(key, value): (K, V)| encode(key.as_ref(), &value).map(NewFlash::from);
        let entries = values.into_iter().map(entry).collect::<Result<Vec<_>, SessionError>>()?;
        self.leave(entries)
    }

    /// Shows `value` to this request only, over what arrived under that name.
    ///
    /// # Errors
    /// As [`flash`](UntypedSession::flash).
    pub fn now(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        let (key, json) = encode(key, &value)?;
        self.record(|state| drop(state.now.insert(key, json)))
    }
}

/// An entry of the application's own.
fn encode<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<(Key, JsonText), SessionError> {
    let name = Key::from(key);
    if is_reserved(key) {
        return Err(SessionError::ReservedFlash { key: name });
    }
    match JsonText::encode(value) {
        Ok(json) => Ok((name, json)),
        Err(fault) => Err(SessionError::Unstorable { key: name, source: Some(fault) }),
    }
}
