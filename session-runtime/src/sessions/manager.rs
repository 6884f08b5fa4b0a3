//! The manager of all sessions of an application.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Response};
use serde::Serialize;

use crate::driver::IntoBackend;
use crate::engine::{Candidates, CommitFuture, Core, Exchange, Started};
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome};
use crate::service::{SessionService, head};
use crate::session::{Load, Session, SessionSchema};
use crate::token::Token;

use super::builder::Builder;
use super::principal::PrincipalSessions;
use super::sweeper::{self, SweeperHandle};

/// Creates, loads and commits the sessions of an application. Cheap to clone; not generic over its driver.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::MemoryDriver;
/// # use std::convert::Infallible;
/// # async fn handler(_: http::Request<String>) -> Result<http::Response<String>, Infallible> {
/// #     Ok(http::Response::default())
/// # }
///
/// let sessions = Sessions::builder(MemoryDriver::new()).build()?;
/// let service = sessions.service(hyper::service::service_fn(handler));
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Sessions(Arc<Core>);

impl Sessions {
    pub(super) fn new(core: Core) -> Self {
        Self(Arc::new(core))
    }

    /// Begins the configuration of a manager over a driver, or over a [`Backend`](crate::drivers::Backend) that was
    /// chosen at run time.
    pub fn builder(backend: impl IntoBackend) -> Builder {
        Builder::new(backend)
    }

    /// Wraps a service: its handlers can load the session of their request, which is committed after they have
    /// answered and before the response head is released.
    pub fn service<S>(&self, inner: S) -> SessionService<S> {
        SessionService::new(self.clone(), inner)
    }

    /// The same as a layer of tower.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(&self) -> crate::SessionLayer {
        crate::SessionLayer::new(self.clone())
    }

    /// A guard that refuses requests which other sites have browsers send. It belongs inside the session service:
    /// `sessions.service(sessions.csrf().service(app))`.
    #[cfg(feature = "csrf")]
    pub fn csrf(&self) -> crate::csrf::CsrfGuard {
        crate::csrf::CsrfGuard::new(self.0.visitors.https_only)
    }

    /// Loads the session that a request's headers name, where no service stands around the handler. Give it to
    /// [`finish`](Sessions::finish) with the response.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] and [`SessionError::Corrupt`] when the store cannot tell.
    pub fn load<S: SessionSchema>(&self, headers: &HeaderMap) -> Load<S> {
        Load::of(self.exchange(), headers)
    }

    /// Commits a session at the end of its request, as the service does, and writes cookie and cache headers into the
    /// response. A 5xx response keeps endings only.
    ///
    /// # Errors
    /// What the commit fails with; the response should be replaced by one with the error's
    /// [`status`](SessionError::status), which gets its headers by another call.
    pub async fn finish<S: SessionSchema, B>(
        &self,
        session: &Session<S>,
        response: &mut Response<B>,
    ) -> Result<Outcome, SessionError> {
        let exchange = session.exchange();
        let failed = response.status().is_server_error();
        let committed = match CommitFuture::start(exchange.clone(), Occasion::Response { failed }, true) {
            Started::Done(_, outcome) => outcome,
            Started::Waiting(commit) => commit.await,
        };
        // A second call is about the headers of the response that reports the first one's error.
        let committed = match committed {
            Err(SessionError::Committed) => Ok(Outcome::Unchanged),
            committed => committed,
        };
        head::write(exchange, response.headers_mut(), failed || committed.is_err());
        committed
    }

    /// Opens the session of a token outside of a request: in a job, a socket, a test. Commit it explicitly.
    ///
    /// A token that opens nothing gives an empty session, as in a request.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] and [`SessionError::Corrupt`] when the store cannot tell;
    /// [`SessionError::NotKept`] with a cookie driver, whose sessions no token names.
    pub fn open<S: SessionSchema>(&self, token: Token) -> Load<S> {
        let exchange = self.exchange();
        if self.0.seals.is_some() {
            return Load::failed(SessionError::NotKept);
        }
        Load::of_candidates(exchange, Candidates::one(token))
    }

    /// A new session outside of a request. It is stored by its first explicit commit that has something to store.
    ///
    /// # Errors
    /// None today; the signature is that of [`open`](Sessions::open).
    pub fn create<S: SessionSchema>(&self) -> Load<S> {
        Load::of_candidates(self.exchange(), Candidates::NONE)
    }

    /// The token that opens a stored session now: for handing a session to a browser or a test by other means than
    /// the service. Whoever has it has the session. With a cookie driver there is none: see
    /// [`set_cookies`](Sessions::set_cookies).
    #[must_use]
    pub fn token<S: SessionSchema>(&self, session: &Session<S>) -> Option<Token> {
        let state = session.exchange().state();
        state.ground.base.stored().filter(|_| self.0.seals.is_none()).map(|stored| stored.token)
    }

    /// The `Set-Cookie` lines that hand a stored session to a browser: none while nothing is stored, one with most
    /// drivers, several where a cookie driver needs more than one cookie.
    ///
    /// # Errors
    /// With a cookie driver [`SessionError::TooLarge`] and [`SessionError::Random`].
    pub fn set_cookies<S: SessionSchema>(
        &self,
        session: &Session<S>,
    ) -> Result<Vec<HeaderValue>, SessionError> {
        let Some(stored) = session.exchange().state().ground.base.stored().cloned() else {
            return Ok(Vec::new());
        };
        self.0.cookies_of(&stored)
    }

    /// The sessions of a principal, wherever they are.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`] when the principal has no form in JSON.
    pub fn of<P: Serialize + ?Sized>(&self, principal: &P) -> Result<PrincipalSessions, SessionError> {
        PrincipalSessions::new(self.0.clone(), principal)
    }

    /// Removes at most `limit` expired records, and returns how many it removed.
    ///
    /// # Errors
    /// [`SessionError::Unavailable`].
    pub async fn sweep(&self, limit: usize) -> Result<usize, SessionError> {
        self.0.sweep(limit).await
    }

    /// Starts a task that removes expired records about every `interval` (a tenth more or less), in batches, until
    /// the handle is dropped. After an error it waits longer.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn spawn_sweeper(&self, interval: Duration) -> SweeperHandle {
        sweeper::spawn(self.0.clone(), interval)
    }

    /// Waits for commits that go on without their callers, whose clients have gone. Await it at shutdown, after the
    /// server has stopped.
    pub async fn drained(&self) {
        let mut detached = self.0.detached.subscribe();
        // Fails only without a sender, and this manager holds one.
        let _ = detached.wait_for(|count| *count == 0).await;
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0
    }

    pub(crate) fn exchange(&self) -> Arc<Exchange> {
        Arc::new(Exchange::new(self.0.clone()))
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("policy", &self.0.policy).finish_non_exhaustive()
    }
}
