//! A form's verdict as a handler's `?`.

use serde::Serialize;

use crate::error::SessionError;
use crate::form::{Errors, IntoErrors};
use crate::local_path::LocalPath;
use crate::session::{Form, SessionSource};

use super::answer::own;
use super::rejection::Rejection;

impl Form<'_> {
    /// Where the form's page is: a path of this site, `/` by default.
    #[must_use]
    pub fn back_to(mut self, path: &str) -> Self {
        self.back = own(path);
        self
    }

    /// Takes the page that the visitor comes from, with its query, for the form's page; `fallback` if it is none of
    /// ours. See [`UntypedSession::back_or`](crate::UntypedSession::back_or).
    #[must_use]
    pub fn back_or<R: SessionSource>(mut self, request: &R, fallback: &str) -> Self {
        self.back = self.session().previous_url(request).unwrap_or_else(|| own(fallback));
        self
    }

    /// The outcome of a check. What was refused is left for the form's page: what is wrong, with what was typed, and the
    /// rejection leads back there, so that a handler says `?`. What was accepted takes away what was left before.
    ///
    /// If the session has no room for what was typed it is left out, and if it has none for the messages either, one
    /// general message says that something was wrong; both with an event. So a full session refuses no form in another
    /// way than an empty one does.
    ///
    /// ```
    /// # use session_runtime::{Input, Rejection, Session};
    /// fn name(session: &Session, input: &Input) -> Result<String, Rejection> {
    ///     let named = Some(input.text("name")).filter(|name| !name.is_empty());
    ///     let name = named.ok_or([("name", "Please enter a name.")]);
    ///     Ok(session.form("account").back_to("/account").accept(input, name)?.to_owned())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Rejection::Invalid`] for what was refused; [`Rejection::Session`] if it cannot be left, as of a session that is
    /// for reading only.
    pub fn accept<T, V, E>(&self, input: &T, checked: Result<V, E>) -> Result<V, Rejection>
    where
        T: Serialize + ?Sized,
        E: IntoErrors,
    {
        match checked {
            Ok(accepted) => {
                self.forget()?;
                Ok(accepted)
            }
            Err(errors) => {
                self.leave(input, errors.into_errors())?;
                Err(Rejection::Invalid(self.session().redirect_to(self.page())))
            }
        }
    }

    fn page(&self) -> LocalPath {
        self.at_instance(self.back.clone())
    }

    /// Errors first: they are what the page must show.
    fn leave<T: Serialize + ?Sized>(&self, input: &T, errors: Errors) -> Result<(), SessionError> {
        if let Err(error) = self.flash_errors(errors) {
            self.only_if_too_large("the messages of a form", error)?;
            if let Err(error) = self.flash_errors(GENERAL) {
                // Not even that: the page comes back as it was.
                self.only_if_too_large("a general message", error)?;
            }
        }
        if self.with_input
            && let Err(error) = self.flash_input(input)
        {
            self.only_if_too_large("what was typed into a form", error)?;
            self.forget_input()?;
        }
        Ok(())
    }

    fn only_if_too_large(&self, what: &str, error: SessionError) -> Result<(), SessionError> {
        match error {
            SessionError::FlashTooLarge { bytes, limit, .. } => {
                tracing::warn!(target: "session", event = "form.no_room", form = ?self, bytes, limit, "no room for {what}");
                Ok(())
            }
            other => Err(other),
        }
    }
}

/// What is said where there is no room to say more.
const GENERAL: &str = "Please check the form.";
