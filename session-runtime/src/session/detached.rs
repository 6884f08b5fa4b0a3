//! A session that outlives its request, for whoever serves it for longer: a socket, a stream, a job.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::engine::Exchange;
use crate::error::SessionError;
use crate::plan::Outcome;
use crate::state::{Access, Base};

use super::typed::{Session, SessionSchema, Untyped};
use super::untyped::UntypedSession;

/// A handle of a session apart from any request, with reads and commits of its own; made by [`Detached::of`].
///
/// It shows what was stored when it was made, loaded anew or committed last. It names the session by its selector: a new
/// secret of its browser is none of its business, and it goes on after an elevation or a login of the same principal. Once
/// the session has ended, or was given to somebody else, it stays empty and what it writes is dropped as
/// [`Gone`](Outcome::Gone). An open connection is no activity: nothing here moves the idle deadline.
///
/// What would need a cookie (`login`, `logout`, `elevate`, `regenerate` and their like) is refused with
/// [`SessionError::Detached`]; [`invalidate`](UntypedSession::invalidate) ends the session without one. Dereferences to the
/// session; use [`commit`](Detached::commit) of the handle itself.
///
/// ```
/// # use session_runtime::{Detached, Outcome, Session, SessionError};
/// # async fn next_message() -> Option<String> { None }
/// async fn serve(session: Session) -> Result<(), SessionError> {
///     let session = Detached::of(&session)?;
///     while let Some(_message) = next_message().await {
///         session.increment("messages")?;
///         if session.commit().await? == Outcome::Gone {
///             break;
///         }
///     }
///     Ok(())
/// }
/// ```
pub struct Detached<S: SessionSchema = Untyped>(Session<S>);

impl<S: SessionSchema> Detached<S> {
    /// A handle of this session that outlives its request. What the request recorded and did not commit is not in it.
    ///
    /// With a cookie driver, which stores nothing outside of responses, it can only be read.
    ///
    /// # Errors
    /// [`SessionError::Detached`] where nothing is stored yet: commit before.
    pub fn of(session: &Session<S>) -> Result<Self, SessionError> {
        let stored =
            session.look(|state| state.ground.base.stored().cloned()).ok_or(SessionError::Detached)?;
        let core = session.exchange().core.clone();
        let can_write = !session.is_readonly() && core.seals.is_none();
        let exchange = Exchange::detached(core);
        let mut state = exchange.state();
        state.start(Base::Stored(stored), 0, None);
        // Flash is for pages.
        state.arrived.clear();
        drop(state);
        exchange.grant(Access::Passive, S::FIELDS);
        let access = if can_write { Access::Write } else { Access::Read };
        Ok(Self(Session::new(UntypedSession::new(Arc::new(exchange), access))))
    }

    /// Loads what is stored now and stores on it what was recorded; updates are computed anew. One read and one write.
    ///
    /// [`Outcome::Gone`] where the session has ended; [`Outcome::Superseded`] if it was given other rights in the very moment
    /// between the two, and the changes were dropped.
    ///
    /// # Errors
    /// As [`UntypedSession::reload`] and [`UntypedSession::commit`]; [`SessionError::NotKept`] with a cookie driver.
    pub async fn commit(&self) -> Result<Outcome, SessionError> {
        if self.0.exchange().core.seals.is_some() {
            return Err(SessionError::NotKept);
        }
        self.0.reload().await?;
        self.0.commit().await
    }
}

impl<S: SessionSchema> Deref for Detached<S> {
    type Target = Session<S>;

    fn deref(&self) -> &Session<S> {
        &self.0
    }
}

impl<S: SessionSchema> fmt::Debug for Detached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Detached").field(&self.0).finish()
    }
}
