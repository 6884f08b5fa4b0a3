//! What forms and redirects leave for a later request: flash under keys of their own, which waits until it is read.

use std::time::Duration;

use crate::error::SessionError;
use crate::value::{JsonText, Key};

use super::untyped::UntypedSession;

impl UntypedSession {
    /// Leaves a bag until it is read, at most for `max_age`. It replaces what this request left under the key before,
    /// and what arrived under it.
    pub(crate) fn put_bag(&self, key: &str, json: JsonText, max_age: Duration) -> Result<(), SessionError> {
        debug_assert!(is_reserved(key), "`{key}` is a key of the application's");
        self.leave_until_read(Key::from(key), json, max_age)
    }

    /// What this request has put there.
    pub(crate) fn pending_bag(&self, key: &str) -> Option<JsonText> {
        self.look(|state| {
            let pending = state.ground.changes.flashed.iter().find(|new| new.key.as_str() == key);
            pending.map(|new| new.json.clone())
        })
    }

    /// What arrived, which is read by that.
    pub(crate) fn read_bag(&self, key: &str) -> Option<JsonText> {
        let mut state = self.exchange().state();
        state.spend(key);
        state.latest(key).cloned()
    }

    /// What arrived, for whoever only asks.
    pub(crate) fn peek_bag(&self, key: &str) -> Option<JsonText> {
        self.look(|state| state.latest(key).cloned())
    }

    /// Keeps what arrived, though it is read.
    pub(crate) fn keep_bag(&self, key: &str) -> Result<(), SessionError> {
        self.keep(|arrived| arrived == key)
    }

    /// Takes away what arrived, read or not, and what this request has put there.
    pub(crate) fn forget_bag(&self, key: &str) -> Result<(), SessionError> {
        self.record(|state| state.discard(key))
    }
}

/// Whether a flash key belongs to forms or redirects.
pub(super) fn is_reserved(key: &str) -> bool {
    RESERVED.iter().any(|reserved| key.starts_with(reserved))
}

/// How such keys begin: the old input of a form, its errors, and the page that was asked for before a login.
const RESERVED: [&str; 3] = ["_old:", "_errors:", "_intended"];

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
