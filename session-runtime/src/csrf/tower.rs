//! The same around a service of tower.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::body::GuardedBody;
use super::future::CsrfFuture;
use super::guard::CsrfGuard;
use super::refusal::{DefaultRefusal, Refuse};
use super::rules::is_safe;
use super::service::CsrfService;

/// Guards services of tower; made by [`CsrfGuard::layer`]. It belongs inside the layer of the sessions: with tower's
/// `ServiceBuilder` behind it, with axum's `Router::layer` before it.
#[derive(Clone, Debug)]
pub struct CsrfLayer<P = DefaultRefusal>(CsrfGuard<P>);

impl<P> CsrfLayer<P> {
    pub(super) const fn new(guard: CsrfGuard<P>) -> Self {
        Self(guard)
    }
}

impl<S, P: Clone> Layer<S> for CsrfLayer<P> {
    type Service = CsrfService<S, P>;

    fn layer(&self, inner: S) -> CsrfService<S, P> {
        CsrfService::new(self.0.clone(), inner)
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

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        if is_safe(request.method()) {
            return CsrfFuture::calling(self.inner.call(request.map(GuardedBody::untouched)));
        }
        // The one that is ready is called; its clone gets ready for the next request.
        let clone = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, clone);
        self.start(request, ready, Service::call)
    }
}
