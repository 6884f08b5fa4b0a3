//! How long this session lives, where that is not what was configured, and what is left of it.

use std::time::Duration;

use crate::config::Lifetimes;
use crate::error::SessionError;
use crate::state::{Fate, Lifespan, Privilege};

use super::untyped::UntypedSession;

impl UntypedSession {
    /// Whether the session that the present login leads to is one to be remembered: it gets the lifetimes of
    /// [`Builder::remembered`](crate::Builder::remembered), and its cookie is kept when the browser is closed. `false` is
    /// for the usual lifetimes, which a login without a word has too.
    ///
    /// Call it after the login, in the same request and before a commit: nobody lives longer by his cookie alone.
    ///
    /// ```
    /// # use session_runtime::{Session, SessionError};
    /// fn signed_in(session: &Session, id: u64, remember: bool) -> Result<(), SessionError> {
    ///     session.login(id)?;
    ///     session.remember_me(remember)
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NeedsLogin`] where somebody is signed in who has not signed in in this request;
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn remember_me(&self, remember: bool) -> Result<(), SessionError> {
        self.live_by(if remember { Lifespan::Remembered } else { Lifespan::Usual })
    }

    /// Gives the session that the present login leads to, or one of nobody, lifetimes of its own, counted from the
    /// commit. The next login takes them away again.
    ///
    /// A session of nobody that is stored already gets a new secret by it, since its browser is told anew how long to
    /// keep the cookie. Neither time is less than a second, nor is idle more than absolute. A sealed session lives no
    /// longer than the longest of the configured lifetimes, for as long as which its revocation is remembered.
    ///
    /// # Errors
    /// As [`remember_me`](Self::remember_me).
    pub fn live_for(&self, lifetimes: Lifetimes) -> Result<(), SessionError> {
        let core = &self.exchange.core;
        let longest = if core.seals.is_some() { core.policy.longest_absolute() } else { Duration::MAX };
        let absolute = lifetimes.absolute.min(longest).max(SHORTEST);
        let idle = lifetimes.idle.clamp(SHORTEST, absolute);
        self.live_by(Lifespan::Chosen(Lifetimes { idle, absolute }))
    }

    fn live_by(&self, lifespan: Lifespan) -> Result<(), SessionError> {
        self.record_rights(|state| {
            let ground = &mut state.ground;
            let signs_in = ground.changes.privilege.login().is_some();
            if !signs_in && ground.base.principal().is_some() {
                return Err(SessionError::NeedsLogin);
            }
            if ground.base.stored().is_some() && ground.changes.privilege == Privilege::Unchanged {
                ground.changes.promote(Privilege::Regenerate);
            }
            ground.changes.seldom_mut().lifetime = Some(lifespan);
            Ok(())
        })?
    }

    /// How long the session lives if it is not used any more; `None` while nothing is stored.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let now = self.exchange.core.now();
        self.expires_at().map(|at| at.since(now))
    }

    /// What became of the session that the request came with, for telling its visitor: [`Fate::Expired`] and
    /// [`Fate::Ended`] only for as long as the driver remembers.
    ///
    /// The store is asked, once for each call, only if there is no session and a well-formed token was presented. It
    /// tells by the name of the session alone, so take the answer for a message and for nothing else. The memory driver
    /// and the file driver remember what has expired until it is swept, the Redis driver for an hour; all of them
    /// remember what was destroyed for a minute. A sealed session says itself that it has expired, and its store of
    /// revocations that it was ended.
    ///
    /// ```
    /// # use session_runtime::{Fate, Session, SessionError};
    /// async fn greeting(session: &Session) -> Result<&'static str, SessionError> {
    ///     Ok(match session.fate().await? {
    ///         Fate::Expired => "You were away for a while. Please sign in again.",
    ///         Fate::Ended => "You were signed out.",
    ///         _ => "Welcome!",
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] when the store cannot tell.
    pub async fn fate(&self) -> Result<Fate, SessionError> {
        self.exchange.fate().await
    }

    /// Whether the principal asked to be remembered, as it is stored.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        self.look(|state| state.ground.base.record().is_some_and(|record| record.metadata().is_remembered()))
    }
}

/// Less would be a session that is over with the answer.
const SHORTEST: Duration = Duration::from_secs(1);
