//! The flash that arrived for this request, by name.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::SessionError;
use crate::value::{JsonText, Key};

use super::bags::is_reserved;
use super::path;
use super::untyped::UntypedSession;
use super::values::decode;

impl UntypedSession {
    /// What arrived for this request, with what was given to [`now`](UntypedSession::now) over it.
    #[must_use]
    pub fn flash_messages(&self) -> FlashMessages {
        let messages = self.look(|state| {
            let arrived = state.arrived.iter().map(|entry| (&entry.key, &entry.json));
            let messages = arrived.chain(&state.now).filter(|(key, _)| !is_reserved(key.as_str()));
            messages.map(|(key, json)| (key.clone(), json.clone())).collect()
        });
        FlashMessages { messages, session: Some(self.clone()) }
    }
}

/// The flash messages of one request: a detached copy.
///
/// What waits until it is read counts as read once [`get`](FlashMessages::get), [`get_or`](FlashMessages::get_or) or
/// [`all`](FlashMessages::all) has given it out;
/// [`has`](FlashMessages::has), [`keys`](FlashMessages::keys) and [`is_empty`](FlashMessages::is_empty) only ask.
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
    /// Where it is noted that one was read.
    session: Option<UntypedSession>,
}

impl FlashMessages {
    /// The message under `key`, which may be a dot path; `None` where nothing or null arrived.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when something else than a `T` arrived.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SessionError> {
        self.read(key);
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
        self.messages.iter().for_each(|(key, _)| self.read(key.as_str()));
        let messages = self.messages.iter();
        messages.filter_map(|(key, json)| Some((key.to_string(), json.decode().ok()?))).collect()
    }

    /// The names of what arrived, in the order of arrival, each once.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let names = self.messages.iter().enumerate();
        let first = |(place, (key, _)): &(usize, &(Key, JsonText))| {
            !self.messages.iter().take(*place).any(|(before, _)| before == key)
        };
        names.filter(first).map(|(_, (key, _))| key.as_str())
    }

    /// Whether nothing arrived.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Notes that what waits under the name, or under the first segment of a path, was read.
    fn read(&self, key: &str) {
        let Some(session) = &self.session else { return };
        let name = if self.is_there(key) { key } else { key.split('.').next().unwrap_or_default() };
        session.exchange().state().spend(name);
    }

    fn is_there(&self, name: &str) -> bool {
        self.messages.iter().any(|(key, _)| key.as_str() == name)
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
