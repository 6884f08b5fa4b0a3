//! A session as a page shows it.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::SessionError;
use crate::form::Errors;
use crate::session::{Form, UntypedSession};

use super::form_view::FormView;
use super::markup::Markup;

/// A session for templates: it reads, shows what this request sees at that moment, and hides what a schema calls secret.
///
/// Everything is plain text or a plain value, which the template has to escape, attributes in quotes; only [`Markup`] is
/// HTML already. What a page shows of flash and of a form's old input and errors has been read by that.
///
/// ```
/// use session_runtime::{Session, SessionError};
///
/// // With askama: `#[derive(Template)] struct Page { view: View }` and `{{ view.flash_text("notice") }}`.
/// fn page(session: &Session) -> Result<String, SessionError> {
///     let view = session.view();
///     Ok(format!("<form method=\"post\">{}<button>Buy</button></form>", view.csrf_field()?))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct View(UntypedSession);

impl UntypedSession {
    /// The session for templates.
    #[must_use]
    pub fn view(&self) -> View {
        View(self.clone())
    }
}

impl View {
    /// The field under `key`, which may be a dot path; `None` where nothing is stored, and for secret fields and the
    /// principal's (see [`user`](View::user)).
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        let first = key.split('.').next().unwrap_or_default();
        let hidden = {
            let state = self.0.exchange().state();
            state.schemas.hide(key) || state.schemas.hide(first)
        };
        if hidden { None } else { self.0.get(key).ok().flatten() }
    }

    /// Whether a value is stored under `key` that is not null, and not secret.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_null())
    }

    /// Every field that is not secret.
    #[must_use]
    pub fn all(&self) -> Map<String, Value> {
        self.0.all()
    }

    /// The principal; `None` for a visitor who is not signed in.
    #[must_use]
    pub fn user(&self) -> Option<Value> {
        self.0.principal().ok().flatten()
    }

    /// Whether the session was born in this request, or there is none yet.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.0.is_fresh()
    }

    /// Whether the browser remembers a session that is no more; see [`UntypedSession::is_stale`].
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.0.is_stale()
    }

    /// How long the session lives if it is not used any more; `None` where nothing is stored.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.0.remaining()
    }

    /// Whether the principal asked to be remembered.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        self.0.is_remembered()
    }

    /// What the scripts of a page may want to know of the session, as JSON: `expires_in`, in whole seconds or null,
    /// `remembered`, `signed_in`, `fresh` and `stale`. No value of it, and not whose it is.
    ///
    /// ```
    /// # use session_runtime::Session;
    /// fn status(session: &Session) -> String {
    ///     serde_json::Value::from(session.view().facts()).to_string()
    /// }
    /// ```
    #[must_use]
    pub fn facts(&self) -> Map<String, Value> {
        let facts = [
            ("expires_in", self.expires_in().map(|left| left.as_secs()).into()),
            ("remembered", self.is_remembered().into()),
            ("signed_in", self.user().is_some().into()),
            ("fresh", self.is_fresh().into()),
            ("stale", self.is_stale().into()),
        ];
        facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
    }

    /// The flash under `key`, which may be a dot path.
    #[must_use]
    pub fn flash(&self, key: &str) -> Option<Value> {
        self.0.flash_messages().get(key).ok().flatten()
    }

    /// The same as text: a string without quotes, numbers and lists as JSON, nothing as nothing.
    #[must_use]
    pub fn flash_text(&self, key: &str) -> String {
        match self.flash(key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
        }
    }

    /// All flash by name, without what forms keep.
    #[must_use]
    pub fn flash_all(&self) -> Map<String, Value> {
        self.0.flash_messages().all()
    }

    /// A form of the page by its name.
    #[must_use]
    pub fn form(&self, name: &str) -> FormView {
        FormView::new(self.0.clone(), name.to_owned(), None)
    }

    /// The form that the handler has at hand, with its instance.
    #[must_use]
    pub fn form_of(&self, form: &Form<'_>) -> FormView {
        FormView::new(self.0.clone(), form.name().to_owned(), form.instance_key().map(ToOwned::to_owned))
    }

    /// What was typed into a field of the form without a name.
    #[must_use]
    pub fn old(&self, field: &str) -> String {
        self.form("").old(field)
    }

    /// What is wrong with the form without a name.
    #[must_use]
    pub fn errors(&self) -> Errors {
        self.form("").errors()
    }

    /// Whether something is wrong with a field of the form without a name.
    #[must_use]
    pub fn has_error(&self, field: &str) -> bool {
        self.form("").has_error(field)
    }

    /// The first message about a field of the form without a name.
    #[must_use]
    pub fn error_for(&self, field: &str) -> Option<String> {
        self.form("").error_for(field)
    }

    /// A token for a form or a script; see [`UntypedSession::csrf_token`].
    ///
    /// # Errors
    /// As there.
    pub fn csrf_token(&self) -> Result<String, SessionError> {
        self.0.csrf_token()
    }

    /// The hidden field `_csrf` with a token.
    ///
    /// # Errors
    /// As [`csrf_token`](View::csrf_token).
    pub fn csrf_field(&self) -> Result<Markup, SessionError> {
        self.csrf_field_named("_csrf")
    }

    /// The same for a guard that looks for field of another name.
    ///
    /// # Errors
    /// As [`csrf_token`](View::csrf_token).
    pub fn csrf_field_named(&self, name: &str) -> Result<Markup, SessionError> {
        Ok(Markup::hidden(name, &self.csrf_token()?))
    }
}
