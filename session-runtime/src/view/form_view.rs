//! One form as a page shows it once more.

use serde_json::Value;

use crate::form::Errors;
use crate::session::{Form, UntypedSession};

/// A form for templates: what was typed into it before, and what is wrong with that. It is text of a stranger, for the
/// template to escape.
///
/// ```
/// # use session_runtime::Session;
/// fn field(session: &Session) -> (String, Option<String>) {
///     let form = session.view().form("contact");
///     (form.old("email"), form.error_for("email"))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct FormView {
    session: UntypedSession,
    name: String,
    instance: Option<String>,
}

impl FormView {
    pub(super) const fn new(session: UntypedSession, name: String, instance: Option<String>) -> Self {
        Self { session, name, instance }
    }

    /// The same form of this instance; see [`Form::instance`].
    #[must_use]
    pub fn instance(self, key: &str) -> Self {
        let instance = self.session.form(&self.name).instance(key).instance_key().map(ToOwned::to_owned);
        Self { instance: instance.or(self.instance), ..self }
    }

    /// What was typed into a field before; empty where nothing was.
    #[must_use]
    pub fn old(&self, field: &str) -> String {
        self.form().old_text(field)
    }

    /// The same, or `default` where the field was not sent before: for the value that the field begins with.
    #[must_use]
    pub fn old_or(&self, field: &str, default: &str) -> String {
        let old = self.form().old_input();
        if old.has(field) { old.text(field) } else { default.to_owned() }
    }

    /// What was typed into a field as it was kept, a list of a repeated name for instance.
    #[must_use]
    pub fn old_value(&self, field: &str) -> Option<Value> {
        self.form().old(field)
    }

    /// Everything that is wrong.
    #[must_use]
    pub fn errors(&self) -> Errors {
        self.form().errors()
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors().is_empty()
    }

    /// Whether something is wrong with a field.
    #[must_use]
    pub fn has_error(&self, field: &str) -> bool {
        self.errors().has(field)
    }

    /// The first message about a field.
    #[must_use]
    pub fn error_for(&self, field: &str) -> Option<String> {
        self.errors().first(field).map(ToOwned::to_owned)
    }

    /// All messages about a field.
    #[must_use]
    pub fn errors_for(&self, field: &str) -> Vec<String> {
        self.errors().of(field).to_vec()
    }

    /// The messages about no field in particular.
    #[must_use]
    pub fn general(&self) -> Vec<String> {
        self.errors().general().to_vec()
    }

    /// Where the form is to be sent: a path of this site with the instance in its query; see [`Form::action`].
    #[must_use]
    pub fn action(&self, path: &str) -> String {
        self.form().action(path).as_str().to_owned()
    }

    fn form(&self) -> Form<'_> {
        let form = self.session.form(&self.name);
        match &self.instance {
            Some(key) => form.instance(key),
            None => form,
        }
    }
}
