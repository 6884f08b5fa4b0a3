//! The fields of the untyped session: reading, writing, counting, by key or dot path.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::SessionError;
use crate::record::Addition;
use crate::state::RequestState;
use crate::value::{JsonText, Key};

use super::numeric::Number;
use super::path;
use super::typed::SessionSchema;
use super::untyped::{Place, UntypedSession};

impl UntypedSession {
    /// The value under `key`; `None` where nothing or null is stored.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when something else than a `T` is stored; it is left as it is.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SessionError> {
        match self.text(key)? {
            Some(json) if !json.is_null() => decode(key, &json).map(Some),
            _ => Ok(None),
        }
    }

    /// The value under `key`, or `default` where nothing or null is stored.
    ///
    /// # Errors
    /// As [`get`](UntypedSession::get).
    pub fn get_or<T: DeserializeOwned>(&self, key: &str, default: T) -> Result<T, SessionError> {
        Ok(self.get(key)?.unwrap_or(default))
    }

    /// Every field as this request sees it: a detached copy, without flash and bookkeeping.
    ///
    /// Fields that a schema calls `secret` are left out, if the request has extracted the session through that schema;
    /// a session that is only ever used without schemas does not know of secrets.
    #[must_use]
    pub fn all(&self) -> Map<String, Value> {
        self.look(|state| collect(state, |_| true))
    }

    /// The fields under these keys, of those that are there.
    #[must_use]
    pub fn only(&self, keys: &[&str]) -> Map<String, Value> {
        self.look(|state| collect(state, |key| keys.contains(&key)))
    }

    /// All fields but those under these keys.
    #[must_use]
    pub fn except(&self, keys: &[&str]) -> Map<String, Value> {
        self.look(|state| collect(state, |key| !keys.contains(&key)))
    }

    /// Whether a value is stored under `key` that is not null. Zero, `false` and empty texts and lists count.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.text(key).is_ok_and(|json| json.is_some_and(|json| !json.is_null()))
    }

    /// Whether anything is stored under `key`, null included.
    #[must_use]
    pub fn exists(&self, key: &str) -> bool {
        self.text(key).is_ok_and(|json| json.is_some())
    }

    /// Whether nothing is stored under `key`.
    #[must_use]
    pub fn missing(&self, key: &str) -> bool {
        !self.exists(key)
    }

    /// Stores `value` under `key`. Of two requests that store the whole field at once, the later commit wins.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`] when serde cannot write the value as JSON; [`SessionError::Path`] when the path
    /// leads through a scalar or past the end of an array; [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn put(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        let json = JsonText::encode(&value)
            .map_err(|fault| SessionError::Unstorable { key: Key::from(key), source: Some(fault) })?;
        self.write(key, Some(json))
    }

    /// Takes away what is stored under `key`; nothing there is fine. Below a path the parent stays.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`], [`SessionError::Path`].
    pub fn forget(&self, key: &str) -> Result<(), SessionError> {
        self.write(key, None)
    }

    /// Reads the value under `key` and takes it away.
    ///
    /// # Errors
    /// As [`get`](UntypedSession::get) and [`forget`](UntypedSession::forget); what cannot be read stays.
    pub fn pull<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SessionError> {
        let value = self.get(key)?;
        self.forget(key)?;
        Ok(value)
    }

    /// Adds one to the integer under `key`, starting from zero, and returns what this request sees now.
    ///
    /// The addition happens in the store, so that concurrent ones add up; below a dot path it is a compare-and-swap.
    ///
    /// # Errors
    /// [`SessionError::NotANumber`] and [`SessionError::Overflow`], here or at the commit; nothing is changed then.
    pub fn increment(&self, key: &str) -> Result<i64, SessionError> {
        self.increment_by(key, 1)
    }

    /// Adds `amount`, in the arithmetic of its type: `increment_by("balance", 0.5)`, `increment_by("hits", 3_u64)`.
    ///
    /// # Errors
    /// As [`increment`](UntypedSession::increment).
    pub fn increment_by<N: Number>(&self, key: &str, amount: N) -> Result<N, SessionError> {
        self.add(key, amount.addition(false, None))
    }

    /// Subtracts one; otherwise as [`increment`](UntypedSession::increment).
    ///
    /// # Errors
    /// As [`increment`](UntypedSession::increment).
    pub fn decrement(&self, key: &str) -> Result<i64, SessionError> {
        self.decrement_by(key, 1)
    }

    /// Subtracts `amount`; otherwise as [`increment_by`](UntypedSession::increment_by).
    ///
    /// # Errors
    /// As [`increment`](UntypedSession::increment).
    pub fn decrement_by<N: Number>(&self, key: &str, amount: N) -> Result<N, SessionError> {
        self.add(key, amount.addition(true, None))
    }

    /// Takes away every field that is stored when the commit is applied. Flash and the principal stay.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn clear(&self) -> Result<(), SessionError> {
        self.record(|state| state.ground.clear())
    }

    /// Changes the value under `key` by a closure, which is given `None` where nothing or null is stored; leaving
    /// `None` takes the value away. Returns what the closure returned on the value that this request sees.
    ///
    /// If someone else changes the field before the commit, the closure runs again on the fresh value. It runs
    /// without a lock and must not have effects of its own.
    ///
    /// # Errors
    /// As [`get`](UntypedSession::get) and [`put`](UntypedSession::put); [`SessionError::Conflict`] at the commit.
    pub fn update<T, R>(
        &self,
        key: &str,
        mut change: impl FnMut(&mut Option<T>) -> R + Send + 'static,
    ) -> Result<R, SessionError>
    where
        T: Serialize + DeserializeOwned,
    {
        let name = key.to_owned();
        self.rewrite(key, move |json| {
            let json = json.filter(|json| !json.is_null());
            let mut value = json.map(|json| decode(&name, json)).transpose()?;
            let answer = change(&mut value);
            let fault =
                |fault| SessionError::Unstorable { key: Key::from(name.as_str()), source: Some(fault) };
            let changed = value.as_ref().map(JsonText::encode).transpose().map_err(fault)?;
            Ok((changed, answer))
        })
    }

    /// All fields of a schema at once, as this request sees them.
    ///
    /// # Errors
    /// As reading each field by its slot.
    pub fn snapshot<S: SessionSchema>(&self) -> Result<S, SessionError> {
        S::snapshot(self)
    }

    /// Stores all fields of a schema at once; flash that is there is flashed. The principal must be the present one.
    ///
    /// # Errors
    /// As writing each field by its slot; [`SessionError::Reserved`] for another principal, who has to log in.
    pub fn fill<S: SessionSchema>(&self, schema: S) -> Result<(), SessionError> {
        schema.fill(self)
    }

    fn text(&self, key: &str) -> Result<Option<JsonText>, SessionError> {
        self.look(|state| Ok(Place::of(state, key)?.read(state)))
    }

    fn write(&self, key: &str, json: Option<JsonText>) -> Result<(), SessionError> {
        let whole = self.record(|state| {
            let place = Place::of(state, key)?;
            // A path that leads nowhere needs no step; a field that this request does not see may be stored meanwhile.
            if json.is_none() && !place.below.is_empty() && place.read(state).is_none() {
                return Ok::<_, SessionError>(true);
            }
            if place.below.is_empty() {
                state.ground.put(Key::from(key), &[], json.clone(), None);
            }
            Ok(place.below.is_empty())
        })??;
        if whole { Ok(()) } else { self.rewrite(key, move |_| Ok((json.clone(), ()))) }
    }

    fn add<N: Number>(&self, key: &str, addition: Addition) -> Result<N, SessionError> {
        let at_top = self.record(|state| {
            let place = Place::of(state, key)?;
            let whole = place.below.is_empty();
            whole.then(|| state.ground.add(Key::from(key), &[], addition, None)).transpose()
        })??;
        let name = Key::from(key);
        let sum = match at_top {
            Some(sum) => sum,
            None => self.rewrite(key, move |json| {
                let sum = addition.apply(json).map_err(|fault| SessionError::number(name.clone(), fault))?;
                Ok((Some(sum.clone()), sum))
            })?,
        };
        decode(key, &sum)
    }

    /// Replaces the text under a key by what `change` makes of it, as one step that can be replayed.
    fn rewrite<R>(
        &self,
        key: &str,
        mut change: impl FnMut(Option<&JsonText>) -> Result<(Option<JsonText>, R), SessionError> + Send + 'static,
    ) -> Result<R, SessionError> {
        let (field, below) = self.look(|state| {
            let place = Place::of(state, key)?;
            let below: Vec<String> = place.below.into_iter().map(str::to_owned).collect();
            Ok::<_, SessionError>((Key::from(place.field), below))
        })?;
        let path = Key::from(key);
        let rewrite = move |stored: Option<&JsonText>| {
            let below: Vec<&str> = below.iter().map(String::as_str).collect();
            let found = stored.and_then(|json| path::read(json.as_str(), &below)).map(JsonText::trusted);
            let (changed, answer) = change(found.as_ref())?;
            let changed = changed.as_ref().map(JsonText::as_str);
            let written = path::write(stored.map(JsonText::as_str), &below, changed)
                .map_err(|fault| SessionError::Path { path: path.clone(), fault })?;
            let unstorable = |fault| SessionError::Unstorable { key: path.clone(), source: Some(fault) };
            let written = written.map(JsonText::readable).transpose().map_err(unstorable)?;
            Ok((written, answer))
        };
        let name = field.clone();
        self.compute(
            Key::from(key),
            move |state| state.ground.view(name.as_str()).cloned(),
            rewrite,
            |state, step, view| state.ground.step(field, &[], step, view, None),
        )
    }
}

fn collect(state: &RequestState, wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
    let views = state.ground.views().into_iter();
    let shown = views.filter(|(key, _)| wanted(key.as_str()) && !state.schemas.hide(key.as_str()));
    shown.filter_map(|(key, json)| Some((key.to_string(), json.decode().ok()?))).collect()
}

pub(super) fn decode<T: DeserializeOwned>(key: &str, json: &JsonText) -> Result<T, SessionError> {
    json.decode().map_err(|source| SessionError::Mismatch {
        key: Key::from(key),
        expected: std::any::type_name::<T>(),
        source,
    })
}
