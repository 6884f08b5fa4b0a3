//! Views in templates of minijinja.
//!
//! [`register`] adds the functions once; a page gets the session in its context, under the name `session`:
//!
//! ```
//! use minijinja::{Environment, context};
//! use session_runtime::Session;
//! use session_runtime::minijinja::{MinijinjaError, register};
//!
//! fn environment() -> Result<Environment<'static>, MinijinjaError> {
//!     let mut environment = Environment::new();
//!     register(&mut environment);
//!     environment.add_template(
//!         "contact.html",
//!         r#"{{ flash("notice") }}
//!         <form method="post">{{ csrf_field() }}
//!           <input name="email" value="{{ old("email", form="contact") }}">
//!           {% if has_error("email", form="contact") %}<p>{{ error_for("email", form="contact") }}</p>{% endif %}
//!         </form>"#,
//!     )?;
//!     Ok(environment)
//! }
//!
//! fn page(environment: &Environment<'_>, session: &Session) -> Result<String, MinijinjaError> {
//!     environment.get_template("contact.html")?.render(context! { session => session.view() })
//! }
//! # environment().unwrap();
//! ```
//!
//! | function | gives |
//! |---|---|
//! | `flash(key, default)` | the flash under the key; without a key all of it, by name |
//! | `old(field, default)` | what was typed into the field before |
//! | `errors(field)` | the messages about the field; without a field those about all fields, by name |
//! | `general_errors()` | the messages about no field |
//! | `has_error(field)`, `error_for(field)` | whether there is a message, and the first one |
//! | `expires_in()` | seconds until the session ends if it is not used any more; none where nothing is stored |
//! | `csrf_token()`, `csrf_field()` | a token, and the hidden field with one, as HTML |
//!
//! Those about a form take `form=`: its name, or the [`FormView`] of an instance; without it they mean the form without a
//! name. `session.theme` is a field of the session, `session.user_id` nothing if no field is called that; secret fields
//! are not there. Templates must be named `.html` for minijinja to escape, and attributes stand in quotes.
//!
//! Macros find the session of their page too, also where they are imported from another template.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use serde::Serialize;

use crate::error::SessionError;

use super::form_view::FormView;
use super::session::View;

pub use minijinja::Error as MinijinjaError;

/// Adds the functions of this module to an environment.
pub fn register(environment: &mut Environment<'_>) {
    environment.add_function("flash", flash);
    environment.add_function("old", old);
    environment.add_function("errors", errors);
    environment.add_function("general_errors", general_errors);
    environment.add_function("has_error", has_error);
    environment.add_function("error_for", error_for);
    environment.add_function("expires_in", expires_in);
    environment.add_function("csrf_token", csrf_token);
    environment.add_function("csrf_field", csrf_field);
}

impl From<View> for Value {
    fn from(view: View) -> Self {
        Self::from_object(view)
    }
}

impl From<FormView> for Value {
    fn from(form: FormView) -> Self {
        Self::from_object(form)
    }
}

/// The fields that are not secret, by name, as they are when the template asks.
impl Object for View {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?).map(value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.all().into_iter().map(|(key, _)| Value::from(key)).collect())
    }
}

/// A name for `form=`; it has no parts.
impl Object for FormView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

fn flash(state: &State<'_, '_>, key: Option<&str>, default: Option<Value>) -> Result<Value, Error> {
    let view = view(state)?;
    Ok(match key {
        None => value(view.flash_all()),
        Some(key) => view.flash(key).map(value).or(default).unwrap_or_else(|| Value::from("")),
    })
}

fn old(state: &State<'_, '_>, field: &str, default: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    let form = form(state, options)?;
    Ok(match (form.old_value(field), default) {
        (Some(_), _) => Value::from(form.old(field)),
        (None, default) => default.unwrap_or_else(|| Value::from("")),
    })
}

fn errors(state: &State<'_, '_>, field: Option<&str>, options: Kwargs) -> Result<Value, Error> {
    let errors = form(state, options)?.errors();
    Ok(match field {
        Some(field) => value(errors.of(field)),
        None => Value::from_pairs(errors.fields().map(|(field, messages)| (field, value(messages)))),
    })
}

fn general_errors(state: &State<'_, '_>, options: Kwargs) -> Result<Value, Error> {
    Ok(value(form(state, options)?.general()))
}

fn has_error(state: &State<'_, '_>, field: &str, options: Kwargs) -> Result<bool, Error> {
    Ok(form(state, options)?.has_error(field))
}

fn error_for(state: &State<'_, '_>, field: &str, options: Kwargs) -> Result<String, Error> {
    Ok(form(state, options)?.error_for(field).unwrap_or_default())
}

fn expires_in(state: &State<'_, '_>) -> Result<Value, Error> {
    let left = view(state)?.expires_in();
    Ok(left.map_or(Value::from(()), |left| Value::from(left.as_secs())))
}

fn csrf_token(state: &State<'_, '_>) -> Result<String, Error> {
    view(state)?.csrf_token().map_err(no_token)
}

fn csrf_field(state: &State<'_, '_>) -> Result<Value, Error> {
    let field = view(state)?.csrf_field().map_err(no_token)?;
    Ok(Value::from_safe_string(field.into()))
}

fn view(state: &State<'_, '_>) -> Result<Arc<View>, Error> {
    let view = state.lookup("session").and_then(|session| session.downcast_object::<View>());
    let missing = "the template has no session: render it with `session => session.view()`";
    view.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, missing))
}

/// The form that `form=` names.
fn form(state: &State<'_, '_>, options: Kwargs) -> Result<FormView, Error> {
    let named: Option<Value> = options.get("form")?;
    options.assert_all_used()?;
    drop(options);
    let Some(named) = named.filter(|named| !matches!(named.kind(), ValueKind::Undefined | ValueKind::None))
    else {
        return Ok(view(state)?.form(""));
    };
    if let Some(form) = named.downcast_object_ref::<FormView>() {
        return Ok(form.clone());
    }
    let wrong = || Error::new(ErrorKind::InvalidOperation, "`form` is neither a name nor a view of a form");
    Ok(view(state)?.form(named.as_str().ok_or_else(wrong)?))
}

fn value(value: impl Serialize) -> Value {
    Value::from(Serde(value))
}

fn no_token(error: SessionError) -> Error {
    Error::new(ErrorKind::InvalidOperation, "no token for a form").with_source(error)
}
