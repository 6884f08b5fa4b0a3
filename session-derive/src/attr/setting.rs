//! A place for one value that may be written once; a second one is reported on its key.

use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::Ident;

/// What was written for one key, if anything.
pub(crate) struct Setting<T> {
    written: Option<T>,
}

impl<T> Setting<T> {
    /// Keeps the first value and reports every later one.
    pub(crate) fn set(&mut self, key: &Ident, value: T, errors: &mut Errors) {
        if self.written.is_some() {
            errors.push(diagnostics::repeated_key(key));
        } else {
            self.written = Some(value);
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.written.as_ref()
    }

    pub(crate) fn is_written(&self) -> bool {
        self.written.is_some()
    }
}

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self { written: None }
    }
}
