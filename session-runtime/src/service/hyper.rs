//! The session service around a service of hyper.

use std::sync::Arc;

use http::{Request, Response};
use hyper::service::Service;

use crate::engine::{Candidates, Exchange};
use crate::error::SessionError;
use crate::session::{AskedFor, Attached, PassiveRequest};
use crate::sessions::Sessions;

use super::failure::{DefaultFailure, Failure};
use super::future::ResponseFuture;

/// A service whose handlers can load the session of their request.
///
/// The commit happens when the handler has answered and before the head is released: what a streaming body writes
/// later is refused with [`SessionError::Committed`](crate::SessionError::Committed). A handler error that is a
/// [`SessionError`](crate::SessionError), or a boxed error that was caused by one, is answered with its status; other
/// errors are passed on, and hyper closes the connection on them: turn an error type of your own into a response in
/// the handler.
#[derive(Clone, Debug)]
pub struct SessionService<S, P = DefaultFailure> {
    pub(super) sessions: Sessions,
    pub(super) inner: S,
    pub(super) failure: P,
}

impl<S> SessionService<S> {
    pub(crate) const fn new(sessions: Sessions, inner: S) -> Self {
        Self { sessions, inner, failure: DefaultFailure }
    }
}

impl<S, P> SessionService<S, P> {
    /// Answers for sessions that cannot be loaded or committed, in place of an empty body. Needed where the body is
    /// no `Default`. The closure is cloned per request; as a function pointer it gives the service a type that can be
    /// written down.
    ///
    /// ```
    /// use http::Response;
    /// use session_runtime::{SessionError, SessionService, Sessions};
    /// # use session_runtime::drivers::MemoryDriver;
    ///
    /// struct Shop;
    /// type Failure = fn(&SessionError) -> Response<String>;
    ///
    /// fn application(sessions: &Sessions) -> SessionService<Shop, Failure> {
    ///     sessions.service(Shop).on_failure(|error| {
    ///         let mut response = Response::new("We will be back in a minute.".to_owned());
    ///         *response.status_mut() = error.status();
    ///         response
    ///     })
    /// }
    /// # application(&Sessions::builder(MemoryDriver::new()).build()?);
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    pub fn on_failure<B, Q>(self, failure: Q) -> SessionService<S, Q>
    where
        Q: Fn(&SessionError) -> Response<B>,
    {
        SessionService { sessions: self.sessions, inner: self.inner, failure }
    }

    /// Leaves a session to be loaded in the request, unless another service of the same manager has: then this one
    /// lets the request pass, and the outer one commits.
    pub(super) fn attach<B>(
        &self,
        request: &mut Request<B>,
    ) -> Option<(Arc<Exchange>, Option<Box<Candidates>>)> {
        let core = self.sessions.core();
        if let Some(Attached(outer)) = request.extensions().get::<Attached>()
            && std::ptr::eq(&raw const *outer.core, core)
        {
            return None;
        }
        let read = || Box::new(Candidates::read(core, request.headers()));
        let unasked = core.policy.loads_every_request().then(read);
        let exchange = self.sessions.exchange();
        if request.extensions().get::<PassiveRequest>().is_some() {
            exchange.note_passive();
        }
        if let Some(candidates) = &unasked {
            exchange.note_cookies(&mut exchange.state(), request.headers(), candidates);
        }
        if let Some(target) = request.uri().path_and_query().filter(|_| core.policy.login_at.is_some()) {
            let target = AskedFor(target.clone());
            request.extensions_mut().insert(target);
        }
        request.extensions_mut().insert(Attached(exchange.clone()));
        Some((exchange, unasked))
    }
}

impl<S, P, ReqBody, ResBody> Service<Request<ReqBody>> for SessionService<S, P>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: 'static,
    P: Failure<ResBody> + Clone,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, P, ResBody, S::Error>;

    fn call(&self, mut request: Request<ReqBody>) -> Self::Future {
        let attached = self.attach(&mut request);
        ResponseFuture::new(self.inner.call(request), attached, self.failure.clone())
    }
}
