//! The forms of a session: by name, and the only one of a small page without.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::SessionError;
use crate::form::{Errors, IntoErrors};

use super::form::Form;
use super::untyped::UntypedSession;

impl UntypedSession {
    /// A form of the application by its name, under which old input and errors wait for its page; see [`Form`].
    ///
    /// The name is the application's own, the same where the form is shown and where it is sent to.
    #[must_use]
    pub fn form(&self, name: &str) -> Form<'_> {
        Form::new(self, name)
    }

    /// Leaves what was typed into the form without a name; see [`Form::flash_input`].
    ///
    /// # Errors
    /// As there.
    pub fn flash_input<T: Serialize + ?Sized>(&self, input: &T) -> Result<(), SessionError> {
        self.form("").flash_input(input)
    }

    /// The same of these fields only; see [`Form::flash_input_only`].
    ///
    /// # Errors
    /// As there.
    pub fn flash_input_only<T: Serialize + ?Sized>(
        &self,
        input: &T,
        fields: &[&str],
    ) -> Result<(), SessionError> {
        self.form("").flash_input_only(input, fields)
    }

    /// The same of all other fields; see [`Form::flash_input_except`].
    ///
    /// # Errors
    /// As there.
    pub fn flash_input_except<T: Serialize + ?Sized>(
        &self,
        input: &T,
        fields: &[&str],
    ) -> Result<(), SessionError> {
        self.form("").flash_input_except(input, fields)
    }

    /// What was typed into a field of the form without a name; see [`Form::old`].
    #[must_use]
    pub fn old<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        self.form("").old(field)
    }

    /// Leaves what is wrong with the form without a name; see [`Form::flash_errors`].
    ///
    /// # Errors
    /// As there.
    pub fn flash_errors(&self, errors: impl IntoErrors) -> Result<(), SessionError> {
        self.form("").flash_errors(errors)
    }

    /// What is wrong with the form without a name; see [`Form::errors`].
    #[must_use]
    pub fn errors(&self) -> Errors {
        self.form("").errors()
    }
}
