//! The same around a service of tower.

use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::SessionError;
use crate::sessions::Sessions;

use super::failure::{DefaultFailure, Failure};
use super::future::ResponseFuture;
use super::hyper::SessionService;

/// Wraps services of tower; made by [`Sessions::layer`].
#[derive(Clone, Debug)]
pub struct SessionLayer<P = DefaultFailure> {
    sessions: Sessions,
    failure: P,
}

impl SessionLayer {
    pub(crate) const fn new(sessions: Sessions) -> Self {
        Self { sessions, failure: DefaultFailure }
    }
}

impl<P> SessionLayer<P> {
    /// Answers for sessions that cannot be loaded or committed; see [`SessionService::on_failure`].
    pub fn on_failure<B, Q>(self, failure: Q) -> SessionLayer<Q>
    where
        Q: Fn(&SessionError) -> Response<B>,
    {
        SessionLayer { sessions: self.sessions, failure }
    }
}

impl<S, P: Clone> Layer<S> for SessionLayer<P> {
    type Service = SessionService<S, P>;

    fn layer(&self, inner: S) -> SessionService<S, P> {
        SessionService { sessions: self.sessions.clone(), inner, failure: self.failure.clone() }
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

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let attached = self.attach(&mut request);
        ResponseFuture::new(self.inner.call(request), attached, self.failure.clone())
    }
}
