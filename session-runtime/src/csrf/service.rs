//! The guard around a service of hyper.

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::service::Service;

use super::body::GuardedBody;
use super::future::CsrfFuture;
use super::guard::CsrfGuard;
use super::refusal::{DefaultRefusal, Refuse};
use super::rules::is_safe;

/// A service whose handlers see only requests that a [`CsrfGuard`] lets through; made by [`CsrfGuard::service`].
///
/// Bodies must be [`Unpin`], as those of hyper and axum are.
#[derive(Clone, Debug)]
pub struct CsrfService<S, P = DefaultRefusal> {
    guard: CsrfGuard<P>,
    pub(super) inner: S,
}

impl<S, P> CsrfService<S, P> {
    pub(super) const fn new(guard: CsrfGuard<P>, inner: S) -> Self {
        Self { guard, inner }
    }

    /// `call` is how the service is called, `inner` what is called if the request has to be asked first.
    pub(super) fn start<B, F>(
        &self,
        request: Request<B>,
        inner: S,
        call: fn(&mut S, Request<GuardedBody<B>>) -> F,
    ) -> CsrfFuture<S, F, P, B>
    where
        P: Clone,
        B: Body<Data = Bytes> + Unpin + Send + 'static,
    {
        CsrfFuture::checking(self.guard.checking(request), inner, call, self.guard.refusal.clone())
    }
}

impl<S, P, ReqBody, ResBody> Service<Request<ReqBody>> for CsrfService<S, P>
where
    S: Service<Request<GuardedBody<ReqBody>>, Response = Response<ResBody>> + Clone,
    P: Refuse<ResBody> + Clone,
    ReqBody: Body<Data = Bytes> + Unpin + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = CsrfFuture<S, S::Future, P, ReqBody>;

    fn call(&self, request: Request<ReqBody>) -> Self::Future {
        if is_safe(request.method()) {
            return CsrfFuture::calling(self.inner.call(request.map(GuardedBody::untouched)));
        }
        self.start(request, self.inner.clone(), |inner, request| inner.call(request))
    }
}
