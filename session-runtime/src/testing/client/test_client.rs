//! In: a service and a jar. Out: a browser for tests, from which requests start and to which answers come.
//! The work is done by its siblings; this is the face that a test sees.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use hyper::service::Service;

use super::request::TestRequest;
use super::response::TestResponse;
use super::wire::Wire;
use crate::testing::jar::{CookieJar, Refusal, Site};

/// A browser that drives a service within the process.
///
/// A clone is another tab: it shares the jar. [`TestClient::other_browser`] is another person. Requests go to
/// `https://shop.example` unless [`TestClient::at`] says otherwise; a path may also be a whole URL.
///
/// ```
/// use std::convert::Infallible;
///
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::Full;
/// use session_runtime::SystemClock;
/// use session_runtime::testing::{CookieJar, TestClient};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = hyper::service::service_fn(|request: Request<Full<Bytes>>| async move {
///     let seen = request.headers().get("cookie").map_or("none", |_| "some");
///     let response = Response::builder().header("set-cookie", "__Host-id=1; Path=/; Secure");
///     Ok::<_, Infallible>(response.body(Full::<Bytes>::from(seen)).unwrap_or_default())
/// });
/// let client = TestClient::new(service, CookieJar::new(SystemClock));
///
/// assert_eq!(client.get("/").send().await?.text()?, "none");
/// assert_eq!(client.get("/").send().await?.text()?, "some");
/// assert_eq!(client.other_browser().get("/").send().await?.text()?, "none");
/// # Ok(())
/// # }
/// ```
pub struct TestClient<S> {
    wire: Wire<S>,
}

impl<S> TestClient<S> {
    /// A browser with these cookies, at `https://shop.example`.
    pub fn new(service: S, jar: CookieJar) -> Self
    where
        S: Service<Request<Full<Bytes>>>,
    {
        let origin = Uri::from_static("https://shop.example/");
        Self { wire: Wire { service: Arc::new(service), jar, origin } }
    }

    /// The same browser on another site: the address against which paths are resolved.
    #[must_use]
    pub fn at(mut self, origin: Uri) -> Self {
        self.wire.origin = origin;
        self
    }

    /// Another browser over the same service: same origin and clock, no cookies.
    #[must_use]
    pub fn other_browser(&self) -> Self {
        let mut wire = self.wire.clone();
        wire.jar = self.wire.jar.fresh();
        Self { wire }
    }

    /// The cookies.
    #[must_use]
    pub fn jar(&self) -> &CookieJar {
        &self.wire.jar
    }

    /// What it would send to its own origin.
    pub(in crate::testing) fn cookies(&self) -> Option<HeaderValue> {
        self.wire.jar.header(&self.wire.origin, &Method::GET, Site::Same)
    }

    /// Puts a `Set-Cookie` line into the jar as if the client's own origin had sent it.
    ///
    /// # Errors
    ///
    /// The reason for which a browser drops the line.
    pub fn put_cookie(&self, line: &str) -> Result<(), Refusal> {
        self.wire.jar.put(&self.wire.origin, line)
    }

    /// Starts a GET.
    pub fn get(&self, path: &str) -> TestRequest<S> {
        self.request(Method::GET, path)
    }

    /// Starts a POST.
    pub fn post(&self, path: &str) -> TestRequest<S> {
        self.request(Method::POST, path)
    }

    /// Starts a request of any method.
    pub fn request(&self, method: Method, path: &str) -> TestRequest<S> {
        TestRequest::new(self.wire.clone(), method, path)
    }

    /// Lets the answer to a [started](TestRequest::start) request arrive: its cookies go into the jar.
    ///
    /// ```
    /// # use std::convert::Infallible;
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use session_runtime::SystemClock;
    /// # use session_runtime::testing::{CookieJar, TestClient};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let service = hyper::service::service_fn(|request: Request<Full<Bytes>>| async move {
    /// #     let cookie = format!("last={}", request.uri().path().trim_matches('/'));
    /// #     let response = Response::builder().header("set-cookie", cookie);
    /// #     Ok::<_, Infallible>(response.body(Full::<Bytes>::default()).unwrap_or_default())
    /// # });
    /// # let client = TestClient::new(service, CookieJar::new(SystemClock));
    /// // The service answers every path with `last=<path>`.
    /// let (first, second) = tokio::join!(client.get("/first").start(), client.get("/second").start());
    /// client.deliver(&second?);
    /// client.deliver(&first?);
    /// assert_eq!(client.jar().cookie("last").map(|c| c.value().to_owned()), Some("first".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn deliver(&self, response: &TestResponse) {
        self.wire.deliver(response);
    }
}

impl<S> Clone for TestClient<S> {
    fn clone(&self) -> Self {
        Self { wire: self.wire.clone() }
    }
}

impl<S> fmt::Debug for TestClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient").field("wire", &self.wire).finish()
    }
}
