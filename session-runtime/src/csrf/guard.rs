//! What stands guard, and how it is set.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, Request, Response};
use http_body::Body;

use crate::driver::BoxFuture;

use super::body::GuardedBody;
use super::origin::{Origin, OriginError};
use super::refusal::{CsrfRefusal, DefaultRefusal};
use super::rules::{Checked, Rules};
use super::service::CsrfService;

/// Lets requests of unsafe methods pass only if a page of ours has sent them.
///
/// It stands inside the session service: `sessions.service(sessions.csrf().service(app))`. GET, HEAD, OPTIONS and TRACE
/// pass unasked, so they must change nothing. Of any other request,
///
/// 1. `Sec-Fetch-Site` must say `same-origin` or `none`, if it is there;
/// 2. `Origin` must be the host that was asked, if it is there (behind a proxy that changes `Host`, only browsers without
///    `Sec-Fetch-Site` are stopped by this; [`trust`](CsrfGuard::trust) the public name then);
/// 3. it must carry a token of [`csrf_token`](crate::UntypedSession::csrf_token): in the header `X-CSRF-Token`, or in the field
///    `_csrf` of an urlencoded form. A token in the query is never read. Other media types need the header: JSON, and
///    without the feature `multipart` forms with files too. With it, the field must stand before the first file.
///
/// The session is loaded for reading: that moves no deadline and takes no flash, and the handler shares the read. What
/// was read of a form is handed on byte for byte. A refusal stores nothing.
///
/// ```
/// use http::{Request, Response};
/// use session_runtime::csrf::{CsrfRefusal, GuardedBody};
/// use session_runtime::drivers::MemoryDriver;
/// use session_runtime::{SessionError, Sessions, UntypedSession};
///
/// # type Incoming = http_body_util::Full<bytes::Bytes>;
/// async fn handle(request: Request<GuardedBody<Incoming>>) -> Result<Response<String>, SessionError> {
///     let session = UntypedSession::load(&request).await?;
///     let token = session.csrf_token()?;
///     Ok(Response::new(format!(
///         r#"<form method="post"><input type="hidden" name="_csrf" value="{token}"><button>Buy</button></form>"#
///     )))
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = Sessions::builder(MemoryDriver::new()).build()?;
/// let guard = sessions.csrf().trust("https://pay.example")?.on_refusal(|refusal: &CsrfRefusal| {
///     let mut response = Response::new("Please load the page again.".to_owned());
///     *response.status_mut() = refusal.status();
///     response
/// });
/// let service = sessions.service(guard.service(hyper::service::service_fn(handle)));
/// # fn is_service<S: hyper::service::Service<Request<Incoming>>>(_: &S) {}
/// # is_service(&service);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a guard does nothing until it stands around a service"]
pub struct CsrfGuard<P = DefaultRefusal> {
    rules: Arc<Rules>,
    pub(super) refusal: P,
}

impl CsrfGuard {
    pub(crate) fn new(https_only: bool) -> Self {
        let rules = Rules {
            trusted: Vec::new(),
            https_only,
            field: Cow::Borrowed("_csrf"),
            header: HeaderName::from_static("x-csrf-token"),
            body_limit: 256 * 1024,
            patience: Duration::from_secs(10),
            exempt: None,
        };
        Self { rules: Arc::new(rules), refusal: DefaultRefusal }
    }
}

impl<P> CsrfGuard<P> {
    /// Lets pages of another origin send requests too: `https://pay.example`, with the port where it is not the
    /// scheme's own. They need a token all the same, and their browsers send the session's cookie only where
    /// `SameSite` allows it.
    ///
    /// # Errors
    /// [`OriginError`] for a text that names no origin.
    pub fn trust(mut self, origin: &str) -> Result<Self, OriginError> {
        let origin = Origin::parse(origin).ok_or(OriginError)?;
        Arc::make_mut(&mut self.rules).trusted.push(origin);
        Ok(self)
    }

    /// The field of a form that carries the token, `_csrf` by default. Old input leaves that one out, and others whose
    /// names speak of tokens; [`deny`](crate::InputFilter::deny) any other name there too.
    pub fn field(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        Arc::make_mut(&mut self.rules).field = name.into();
        self
    }

    /// The header that carries it, `X-CSRF-Token` by default. If it is there, it alone decides, and the body is not
    /// read.
    pub fn header(mut self, name: HeaderName) -> Self {
        Arc::make_mut(&mut self.rules).header = name;
        self
    }

    /// How many bytes of a form are read in search of the token: 262,144 by default. Longer forms are answered with 413,
    /// and not read at all if they announce their length. Forms with files may be longer, if the token stands within the
    /// limit; those that send the header are not measured.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.rules).body_limit = bytes;
        self
    }

    /// How long a form may take to arrive before the answer is 408: 10 seconds by default.
    pub fn patience(mut self, patience: Duration) -> Self {
        Arc::make_mut(&mut self.rules).patience = patience;
        self
    }

    /// Lets requests pass unasked for which this is true: callbacks of other servers, which prove themselves by other
    /// means. A path that is exempt must not trust the session's cookie.
    pub fn exempt(mut self, exempt: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.rules).exempt = Some(Arc::new(exempt));
        self
    }

    /// Answers for requests that are not let through, in place of an empty body. Needed where the body is no `Default`.
    pub fn on_refusal<B, Q>(self, refusal: Q) -> CsrfGuard<Q>
    where
        Q: Fn(&CsrfRefusal) -> Response<B>,
    {
        CsrfGuard { rules: self.rules, refusal }
    }

    /// Guards a service. It is cloned for each request of an unsafe method.
    pub fn service<S>(&self, inner: S) -> CsrfService<S, P>
    where
        P: Clone,
    {
        CsrfService::new(self.clone(), inner)
    }

    /// Guards services of tower.
    #[cfg(feature = "tower")]
    pub fn layer(&self) -> super::CsrfLayer<P>
    where
        P: Clone,
    {
        super::CsrfLayer::new(self.clone())
    }

    /// The same for services that are written by hand: the request as the handler should get it.
    ///
    /// # Errors
    /// A [`CsrfRefusal`], to be answered with its status.
    pub async fn check<B>(&self, request: Request<B>) -> Result<Request<GuardedBody<B>>, CsrfRefusal>
    where
        B: Body<Data = Bytes> + Unpin + Send,
    {
        self.rules.check(request).await
    }

    /// The check as a future that owns what it needs.
    pub(super) fn checking<B>(&self, request: Request<B>) -> BoxFuture<'static, Checked<B>>
    where
        B: Body<Data = Bytes> + Unpin + Send + 'static,
    {
        let rules = self.rules.clone();
        Box::pin(async move { rules.check(request).await })
    }
}

impl<P> fmt::Debug for CsrfGuard<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsrfGuard")
            .field("field", &self.rules.field)
            .field("header", &self.rules.header)
            .field("trusted", &self.rules.trusted)
            .finish_non_exhaustive()
    }
}
