//! The typed accessor of one field.

use std::fmt;

use crate::error::SessionError;
use crate::record::{Addition, NumberFault};
use crate::schema::{FieldDef, OnMismatch};
use crate::value::{JsonFault, JsonText, Key};

use super::into_value::IntoValue;
use super::numeric::Numeric;
use super::numeric::sealed::Adds as _;
use super::untyped::UntypedSession;

/// One field of a typed session, in one request. Made by the accessors that the derive generates.
///
/// An absent field, and a stored null that the type cannot be, read as the field's default.
///
/// ```
/// # use session_runtime::{SessionError, Slot};
/// fn visit(views: &Slot<'_, u64>, cart: &Slot<'_, Vec<String>>) -> Result<u64, SessionError> {
///     cart.update(|cart| cart.push("tea".to_owned()))?;
///     views.increment()
/// }
/// ```
pub struct Slot<'a, T: 'static> {
    session: &'a UntypedSession,
    def: &'static FieldDef<T>,
}

impl<'a, T: 'static> Slot<'a, T> {
    pub(crate) const fn new(session: &'a UntypedSession, def: &'static FieldDef<T>) -> Self {
        Self { session, def }
    }

    /// The value as this request sees it: its own writes over what was loaded.
    ///
    /// # Errors
    /// [`SessionError::Mismatch`] when something of another type is stored, unless the field says
    /// `on_mismatch = "default"`.
    pub fn get(&self) -> Result<T, SessionError> {
        read(self.def, self.text().as_ref())
    }

    /// Stores a value. Of two requests that set the field at once, the later commit wins.
    ///
    /// `set(None)` takes the value away; where the field has a `default = ..` it stores null, which reads as `None`.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`] when serde cannot write the value, or when it is a float that is no number;
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn set(&self, value: impl IntoValue<T>) -> Result<(), SessionError> {
        let json = value.with(|value| write(self.def, value))?;
        self.put(json)
    }

    /// Reads the value and takes it away.
    ///
    /// # Errors
    /// As [`get`](Slot::get) and [`forget`](Slot::forget); what cannot be read stays.
    pub fn take(&self) -> Result<T, SessionError> {
        let value = self.get()?;
        self.forget()?;
        Ok(value)
    }

    /// Takes the value away, so that the field reads as its default; nothing there is fine.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn forget(&self) -> Result<(), SessionError> {
        self.put(None)
    }

    /// Whether a value is stored, rather than the default read.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.text().is_some()
    }

    /// Changes the value by a closure, and returns what it returned on the value that this request sees.
    ///
    /// If someone else changes the field before the commit, the closure runs again on the fresh value, so that no
    /// update is lost. It runs without a lock and must not have effects of its own.
    ///
    /// # Errors
    /// As [`get`](Slot::get) and [`set`](Slot::set); [`SessionError::Conflict`] at the commit, if others were faster
    /// until the deadline for updates.
    pub fn update<R>(&self, mut change: impl FnMut(&mut T) -> R + Send + 'static) -> Result<R, SessionError> {
        let def = self.def;
        self.session.compute(
            Key::from_static(def.info.key),
            |state| state.ground.view_of(def.info.key, def.info.aliases).cloned(),
            move |stored| {
                let mut value = read(def, stored)?;
                let answer = change(&mut value);
                Ok((write(def, &value)?, answer))
            },
            |state, step, view| {
                state.ground.step(
                    Key::from_static(def.info.key),
                    def.info.aliases,
                    step,
                    view,
                    self.survives(),
                );
            },
        )
    }

    /// Adds one, and returns what this request sees now. The addition happens in the store: concurrent ones add up.
    ///
    /// # Errors
    /// [`SessionError::Overflow`] and [`SessionError::NotANumber`], here or at the commit, when the sum leaves the
    /// bounds of the type or something else is stored; nothing is changed then.
    pub fn increment(&self) -> Result<T, SessionError>
    where
        T: Numeric,
    {
        self.increment_by(T::Amount::ONE)
    }

    /// Adds `amount`; otherwise as [`increment`](Slot::increment).
    ///
    /// # Errors
    /// As [`increment`](Slot::increment).
    pub fn increment_by(&self, amount: T::Amount) -> Result<T, SessionError>
    where
        T: Numeric,
    {
        self.add(amount, false)
    }

    /// Subtracts one; otherwise as [`increment`](Slot::increment).
    ///
    /// # Errors
    /// As [`increment`](Slot::increment).
    pub fn decrement(&self) -> Result<T, SessionError>
    where
        T: Numeric,
    {
        self.decrement_by(T::Amount::ONE)
    }

    /// Subtracts `amount`; otherwise as [`increment`](Slot::increment).
    ///
    /// # Errors
    /// As [`increment`](Slot::increment).
    pub fn decrement_by(&self, amount: T::Amount) -> Result<T, SessionError>
    where
        T: Numeric,
    {
        self.add(amount, true)
    }

    fn add(&self, amount: T::Amount, subtract: bool) -> Result<T, SessionError>
    where
        T: Numeric,
    {
        let addition = amount.addition(subtract, self.start()?);
        let FieldDef { info, .. } = *self.def;
        let resets = info.on_mismatch == OnMismatch::Default;
        let sum = self.session.record(|state| {
            let stored = state.ground.view_of(info.key, info.aliases);
            if resets && addition.apply(stored) == Err(NumberFault::NotANumber) {
                return self.reset(state, addition);
            }
            state.ground.add(Key::from_static(info.key), info.aliases, addition, self.survives())
        })??;
        decode(self.def, &sum)
    }

    /// Counts from the start over something that is no number, where the field says so.
    fn reset(
        &self,
        state: &mut crate::state::RequestState,
        addition: Addition,
    ) -> Result<JsonText, SessionError> {
        let info = self.def.info;
        let key = Key::from_static(info.key);
        let sum = addition.apply(None).map_err(|fault| SessionError::number(key.clone(), fault))?;
        state.ground.put(key, info.aliases, Some(sum.clone()), self.survives());
        Ok(sum)
    }

    /// What counting starts from: the written default, or zero.
    fn start(&self) -> Result<Option<T::Amount>, SessionError>
    where
        T: Numeric,
    {
        if !self.def.info.has_default {
            return Ok(None);
        }
        let json = write(self.def, &(self.def.default)())?;
        let start = json.map(|json| super::values::decode(self.def.info.key, &json));
        start.transpose()
    }

    fn put(&self, json: Option<JsonText>) -> Result<(), SessionError> {
        let info = self.def.info;
        self.session.record(|state| {
            state.ground.put(Key::from_static(info.key), info.aliases, json, self.survives());
        })
    }

    fn text(&self) -> Option<JsonText> {
        let info = self.def.info;
        self.session.look(|state| state.ground.view_of(info.key, info.aliases).cloned())
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "a typed field always says its class, an untyped write never"
    )]
    const fn survives(&self) -> Option<bool> {
        Some(self.def.info.survives_logout)
    }
}

impl<T: 'static> fmt::Debug for Slot<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("key", &self.def.info.key).finish_non_exhaustive()
    }
}

fn read<T>(def: &FieldDef<T>, stored: Option<&JsonText>) -> Result<T, SessionError> {
    let Some(json) = stored else {
        return Ok((def.default)());
    };
    match decode(def, json) {
        Err(_) if json.is_null() || def.info.on_mismatch == OnMismatch::Default => Ok((def.default)()),
        decoded => decoded,
    }
}

fn decode<T>(def: &FieldDef<T>, json: &JsonText) -> Result<T, SessionError> {
    (def.decode)(json.as_str()).map_err(|error| SessionError::Mismatch {
        key: Key::from_static(def.info.key),
        expected: def.info.type_text,
        source: error.into(),
    })
}

/// The text to store; `None` where the field is to be taken away.
fn write<T>(def: &FieldDef<T>, value: &T) -> Result<Option<JsonText>, SessionError> {
    let unstorable =
        |source: Option<JsonFault>| SessionError::Unstorable { key: Key::from_static(def.info.key), source };
    let text = (def.encode)(value).map_err(|error| unstorable(Some(error.into())))?;
    if text != "null" {
        return JsonText::readable(text).map(Some).map_err(|fault| unstorable(Some(fault)));
    }
    // A float that is no number is written as null too, but does not read back from it.
    (def.decode)(&text).map_err(|_| unstorable(None))?;
    Ok(def.info.has_default.then(JsonText::null))
}
