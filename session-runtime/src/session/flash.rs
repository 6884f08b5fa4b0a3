//! Flash of the untyped session: values for the next request, by name.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::SessionError;
use crate::state::RequestState;
use crate::value::{JsonText, Key};

use super::path;
use super::untyped::UntypedSession;
use super::values::decode;

impl UntypedSession {
    /// Leaves `value` for the next request that loads the session. This request does not see it.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`], [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn flash(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        let json = encode(key, &value)?;
        self.record(|state| state.ground.changes.flashed.push((Key::from(key), json)))
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
        let entry = |(key, value): (K, V)| Ok((Key::from(key.as_ref()), encode(key.as_ref(), &value)?));
        let entries = values.into_iter().map(entry).collect::<Result<Vec<_>, SessionError>>()?;
        self.record(|state| state.ground.changes.flashed.extend(entries))
    }

    /// Shows `value` to this request only, over what arrived under that name.
    ///
    /// # Errors
    /// As [`flash`](UntypedSession::flash).
    pub fn now(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        let json = encode(key, &value)?;
        self.record(|state| drop(state.now.insert(Key::from(key), json)))
    }

    /// Keeps everything that arrived for one more request. What is flashed anew under a name wins over what is kept.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn reflash(&self) -> Result<(), SessionError> {
        self.keep(|_| true)
    }

    /// Keeps what arrived under these names.
    ///
    /// # Errors
    /// As [`reflash`](UntypedSession::reflash).
    pub fn reflash_only(&self, keys: &[&str]) -> Result<(), SessionError> {
        self.keep(|key| keys.contains(&key))
    }

    /// Keeps what arrived under all other names.
    ///
    /// # Errors
    /// As [`reflash`](UntypedSession::reflash).
    pub fn reflash_except(&self, keys: &[&str]) -> Result<(), SessionError> {
        self.keep(|key| !keys.contains(&key))
    }

    /// What arrived for this request, with what was given to [`now`](UntypedSession::now) over it.
    #[must_use]
    pub fn flash_messages(&self) -> FlashMessages {
        let messages = self.look(|state| {
            let arrived = state.arrived.iter().map(|entry| (&entry.key, &entry.json));
            arrived.chain(&state.now).map(|(key, json)| (key.clone(), json.clone())).collect()
        });
        FlashMessages { messages }
    }

    fn keep(&self, kept: impl Fn(&str) -> bool) -> Result<(), SessionError> {
        self.record(|state| {
            let RequestState { arrived, ground, .. } = state;
            let entries = arrived.iter().filter(|entry| kept(entry.key.as_str()));
            ground.changes.kept.extend(entries.map(|entry| entry.id));
        })
    }
}

/// The flash messages of one request: a detached copy.
///
/// ```
/// # fn example(session: &session_runtime::Session) -> Result<(), session_runtime::SessionError> {
/// let flash = session.flash_messages();
/// let notice: Option<String> = flash.get("notice")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct FlashMessages {
    /// In the order they were flashed; of several under one name the last counts.
    messages: Vec<(Key, JsonText)>,
}

impl FlashMessages {
    /// The message under `key`, which may be a dot path; `None` where nothing or null arrived.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when something else than a `T` arrived.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SessionError> {
        match self.find(key) {
            Some(json) if !json.is_null() => decode(key, &json).map(Some),
            _ => Ok(None),
        }
    }

    /// The message under `key`, or `default`.
    ///
    /// # Errors
    /// As [`get`](FlashMessages::get).
    pub fn get_or<T: DeserializeOwned>(&self, key: &str, default: T) -> Result<T, SessionError> {
        Ok(self.get(key)?.unwrap_or(default))
    }

    /// Whether something that is not null arrived under `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some_and(|json| !json.is_null())
    }

    /// All messages.
    #[must_use]
    pub fn all(&self) -> Map<String, Value> {
        let messages = self.messages.iter();
        messages.filter_map(|(key, json)| Some((key.to_string(), json.decode().ok()?))).collect()
    }

    /// Whether nothing arrived.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    fn find(&self, key: &str) -> Option<JsonText> {
        let latest = |name: &str| self.messages.iter().rev().find(|(key, _)| key.as_str() == name);
        if let Some((_, json)) = latest(key) {
            return Some(json.clone());
        }
        let segments = path::split(key).ok()?;
        let (first, below) = segments.split_first()?;
        let (_, json) = latest(first)?;
        path::read(json.as_str(), below).map(JsonText::trusted)
    }
}

fn encode<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<JsonText, SessionError> {
    JsonText::encode(value)
        .map_err(|fault| SessionError::Unstorable { key: Key::from(key), source: Some(fault) })
}
