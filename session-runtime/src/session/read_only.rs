//! A handle that can only read.

use std::ops::Deref;

use crate::state::Access;

use super::typed::{Session, SessionSchema};
use super::untyped::UntypedSession;

/// A session for reading only: what would write is refused with [`SessionError::ReadOnly`](crate::SessionError::ReadOnly).
///
/// Made by [`ReadOnly::of`]; as an extractor of axum it is [`Session::load_readonly`]. Dereferences to the session.
#[derive(Clone, Debug)]
pub struct ReadOnly<S>(pub S);

impl<S> Deref for ReadOnly<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

impl<S: SessionSchema> ReadOnly<Session<S>> {
    /// The same session for reading only, to be handed to a template, a task or a body that must not write. It sees what the
    /// request writes, and goes on reading after the response head has left.
    ///
    /// ```
    /// # use session_runtime::{ReadOnly, Session, SessionError};
    /// fn hand_out(session: &Session) {
    ///     let reader = ReadOnly::of(session);
    ///     assert!(matches!(reader.put("a", 1), Err(SessionError::ReadOnly)));
    /// }
    /// ```
    #[must_use]
    pub fn of(session: &Session<S>) -> Self {
        Self(Session::new(UntypedSession::new(session.exchange().clone(), Access::Read)))
    }
}
