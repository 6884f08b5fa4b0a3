//! A site whose handler does, request by request, what the story says.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::service::Service;
use session_runtime::testing::{CookieJar, ManualClock, SpyDriver, TestClient, TestRequest, TestResponse};
use session_runtime::{Builder, Rejection, Session, SessionError, SessionService, Sessions, UntypedSession};
use session_tests::stage::{Store, spied};

pub(crate) type Answer = Result<Response<Full<Bytes>>, Rejection>;
pub(crate) type Browser = TestClient<SessionService<Desk>>;

type Act = Box<dyn FnOnce(&Session, &Request<Bytes>) -> Answer + Send>;

/// A site, and one browser on it.
pub(crate) struct Site {
    pub(crate) browser: Browser,
    pub(crate) clock: ManualClock,
    pub(crate) spy: SpyDriver<Store>,
    pub(crate) sessions: Sessions,
    desk: Desk,
}

/// The handler: for each request the next act.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    acts: Arc<Mutex<VecDeque<Act>>>,
    readonly: bool,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let (store, clock) = Store::chosen();
        let spy = SpyDriver::new(store);
        let sessions = configure(spied(&spy).clock(clock.clone())).build().unwrap();
        let desk = Desk::default();
        let browser = TestClient::new(sessions.service(desk.clone()), CookieJar::new(clock.clone()));
        Self { browser, clock, spy, sessions, desk }
    }

    /// A request that the browser sends, and what the handler does with it.
    pub(crate) async fn send(
        &self,
        request: impl FnOnce(&Browser) -> TestRequest<SessionService<Desk>>,
        act: impl FnOnce(&Session, &Request<Bytes>) -> Answer + Send + 'static,
    ) -> TestResponse {
        self.desk.acts.lock().unwrap().push_back(Box::new(act));
        request(&self.browser).send().await.unwrap()
    }

    /// Whether nobody got a session.
    pub(crate) fn is_untouched(&self) -> bool {
        self.spy.driver().records() == 0 && self.browser.jar().cookie("__Host-id").is_none()
    }

    /// What the handler comes to in a request that ends well.
    pub(crate) async fn run<R: Send + 'static>(&self, act: impl FnOnce(&Session) -> R + Send + 'static) -> R {
        self.run_to(200, act).await
    }

    /// The same in a request that is answered with this status.
    pub(crate) async fn run_to<R: Send + 'static>(
        &self,
        status: u16,
        act: impl FnOnce(&Session) -> R + Send + 'static,
    ) -> R {
        let said = Arc::new(Mutex::new(None));
        let says = said.clone();
        let answer = self.send(
            |browser| browser.post("/"),
            move |session, _| {
                *says.lock().unwrap() = Some(act(session));
                Ok(Response::builder().status(status).body(Full::default()).unwrap())
            },
        );
        assert_eq!(answer.await.status(), status);
        let said = said.lock().unwrap().take();
        said.unwrap()
    }

    /// The same in a request that loads the session for reading only.
    pub(crate) async fn look<R: Send + 'static>(
        &self,
        act: impl FnOnce(&Session) -> R + Send + 'static,
    ) -> R {
        let desk = Desk { readonly: true, ..self.desk.clone() };
        let browser = TestClient::new(self.sessions.service(desk.clone()), self.browser.jar().clone());
        let site = Self {
            browser,
            clock: self.clock.clone(),
            spy: self.spy.clone(),
            sessions: self.sessions.clone(),
            desk,
        };
        site.run(act).await
    }

    /// A POST of a form to `path`, whose handler is told the input.
    pub(crate) async fn post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        act: impl FnOnce(&Session, &Request<Bytes>) -> Answer + Send + 'static,
    ) -> TestResponse {
        self.send(|browser| browser.post(path).form(fields), act).await
    }
}

/// An empty page.
pub(crate) fn done() -> Response<Full<Bytes>> {
    Response::new(Full::default())
}

impl Service<Request<Full<Bytes>>> for Desk {
    type Response = Response<Full<Bytes>>;
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, SessionError>> + Send>>;

    fn call(&self, request: Request<Full<Bytes>>) -> Self::Future {
        let act = self.acts.lock().unwrap().pop_front().unwrap();
        let readonly = self.readonly;
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let request = Request::from_parts(parts, body);
            let session = if readonly {
                UntypedSession::load_readonly(&request).await?
            } else {
                UntypedSession::load(&request).await?
            };
            act(&session, &request).or_else(Rejection::answer)
        })
    }
}
