//! In: a request as a test described it. Out: the exchange with the service, and its cookies in the jar.
//! Here a description becomes what a server would see: origin form, `Host`, and the jar's `Cookie`.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{COOKIE, HOST, HeaderMap, HeaderValue};
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::service::Service;
use url::{Position, Url};

use super::error::TestError;
use super::exchange::Exchange;
use super::response::TestResponse;
use crate::testing::jar::{CookieJar, Site};

/// One browser and the service that it talks to.
pub(super) struct Wire<S> {
    pub(super) service: Arc<S>,
    pub(super) jar: CookieJar,
    pub(super) origin: Uri,
}

/// A request before the browser adds its part.
#[derive(Clone)]
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) site: Site,
}

impl<S> Wire<S> {
    /// Calls the service at once; the body of its answer is read as the exchange is polled.
    pub(super) fn start<B>(&self, outgoing: Outgoing) -> Exchange
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>>,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        S::Future: Send + 'static,
        B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        let site = outgoing.site;
        let prepared = self.prepare(outgoing).map(|(url, request)| (url, self.service.call(request)));
        Exchange::new(async move {
            let (url, answer) = prepared?;
            let response = answer.await.map_err(|error| TestError::Service(error.into()))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| TestError::Body(error.into()))?;
            Ok(TestResponse::new(url, site, head, body.to_bytes()))
        })
    }

    /// Hands every `Set-Cookie` of an answer to the jar, which keeps what it refuses.
    pub(super) fn deliver(&self, response: &TestResponse) {
        for line in response.set_cookie_bytes() {
            let _kept_as_refused = self.jar.receive(response.url(), response.site(), line);
        }
    }

    fn prepare(&self, outgoing: Outgoing) -> Result<(Uri, Request<Full<Bytes>>), TestError> {
        let Outgoing { method, url, mut headers, body, site } = outgoing;
        let address = address_of(&url)?;
        if !headers.contains_key(COOKIE)
            && let Some(cookies) = self.jar.header(&address, &method, site)
        {
            headers.insert(COOKIE, cookies);
        }
        if !headers.contains_key(HOST) {
            let host = &url[Position::BeforeHost..Position::AfterPort];
            headers.insert(HOST, HeaderValue::from_str(host).map_err(http::Error::from)?);
        }
        let target = &url[Position::BeforePath..Position::AfterQuery];
        let mut request = Request::builder().method(method).uri(target).body(Full::new(body))?;
        *request.headers_mut() = headers;
        Ok((address, request))
    }
}

/// The same address as a `Uri`, which leaves out the fragment: that stays in the browser.
fn address_of(url: &Url) -> Result<Uri, TestError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(TestError::Address);
    }
    url.as_str().parse().map_err(|_| TestError::Address)
}

impl<S> Clone for Wire<S> {
    fn clone(&self) -> Self {
        Self { service: Arc::clone(&self.service), jar: self.jar.clone(), origin: self.origin.clone() }
    }
}

impl<S> fmt::Debug for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("jar", &self.jar).field("origin", &self.origin).finish_non_exhaustive()
    }
}
