//! A visitor of an application whose handler does what the story says, request by request.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::service::Service;
use session_runtime::testing::{CookieJar, TestClient};
use session_runtime::{Builder, Session, SessionError, SessionSchema, SessionService};
use session_tests::stage::World;

#[derive(Debug, SessionSchema)]
pub(crate) struct Shop {
    #[session(principal)]
    pub(crate) user: Option<u64>,
    #[session(default = "light", survives_logout)]
    pub(crate) theme: String,
    pub(crate) cart: Vec<String>,
    #[session(flash)]
    pub(crate) notice: Option<String>,
    #[session(flash(max_bytes = 40))]
    pub(crate) hint: Option<String>,
    #[session(flash(until_read, max_age = "10m"))]
    pub(crate) export: Option<String>,
    #[session(flash(until_read))]
    pub(crate) welcome: Option<String>,
}

type Answer = Result<Response<Full<Bytes>>, SessionError>;
type Working = Pin<Box<dyn Future<Output = Answer> + Send>>;
type Act = Box<dyn FnOnce(Request<Full<Bytes>>) -> Working + Send>;

/// The handler: does what was put there for the next request.
#[derive(Clone, Default)]
pub(crate) struct Acting(Arc<Mutex<VecDeque<Act>>>);

impl Service<Request<Full<Bytes>>> for Acting {
    type Response = Response<Full<Bytes>>;
    type Error = SessionError;
    type Future = Working;

    fn call(&self, request: Request<Full<Bytes>>) -> Working {
        let act = self.0.lock().unwrap().pop_front().unwrap();
        act(request)
    }
}

/// One person at one browser.
pub(crate) struct Visitor {
    pub(crate) world: World,
    acting: Acting,
    pub(crate) browser: TestClient<SessionService<Acting>>,
}

/// A request before it is sent; by default a `GET` that loads the session for writing and is answered with 200.
pub(crate) struct Visit<'v> {
    visitor: &'v Visitor,
    method: Method,
    headers: Vec<(&'static str, &'static str)>,
    status: StatusCode,
    readonly: bool,
    answered: Option<StatusCode>,
}

impl Visitor {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let world = World::with(configure);
        let acting = Acting::default();
        let jar = CookieJar::new(world.clock.clone());
        let browser = TestClient::new(world.sessions.service(acting.clone()), jar);
        Self { world, acting, browser }
    }

    /// A request that is answered with 200, and what `act` made of its session.
    pub(crate) async fn visit<R: Send + 'static>(
        &self,
        act: impl FnOnce(&Session<Shop>) -> R + Send + 'static,
    ) -> R {
        self.request().run(act).await
    }

    pub(crate) fn request(&self) -> Visit<'_> {
        let (method, status) = (Method::GET, StatusCode::OK);
        Visit { visitor: self, method, headers: Vec::new(), status, readonly: false, answered: None }
    }

    /// A request whose handler loads the session, does this, and panics.
    pub(crate) async fn panic_after(&self, act: impl FnOnce(&Session<Shop>) + Send + 'static) {
        let act: Act = Box::new(move |request| {
            Box::pin(async move {
                act(&Session::load(&request).await?);
                panic!("as the story says");
            })
        });
        self.acting.0.lock().unwrap().push_back(act);
        let request = self.browser.request(Method::GET, "/").start();
        assert!(tokio::spawn(request).await.unwrap_err().is_panic());
    }

    /// The notice that a request sees.
    pub(crate) async fn notice(&self) -> Option<String> {
        self.visit(|session| session.notice().get().unwrap()).await
    }

    pub(crate) async fn flash(&self, text: &'static str) {
        self.visit(move |session| session.notice().flash(text).unwrap()).await;
    }

    pub(crate) fn later(&self, time: Duration) {
        self.world.clock.advance(time);
    }

    /// Whether the sessions are in the cookies of their browsers.
    pub(crate) fn carries_its_session() -> bool {
        std::env::var(session_tests::stage::STORIES_ON).is_ok_and(|named| named == "cookie")
    }
}

impl Visit<'_> {
    pub(crate) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The answer is another one than the handler's.
    pub(crate) fn answered(mut self, status: StatusCode) -> Self {
        self.answered = Some(status);
        self
    }

    pub(crate) fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    pub(crate) async fn run<R: Send + 'static>(
        self,
        act: impl FnOnce(&Session<Shop>) -> R + Send + 'static,
    ) -> R {
        self.run_async(async move |session| act(&session)).await
    }

    /// The same for what has to be waited for.
    pub(crate) async fn run_async<R, F>(self, act: impl FnOnce(Session<Shop>) -> F + Send + 'static) -> R
    where
        R: Send + 'static,
        F: Future<Output = R> + Send,
    {
        self.run_as(act).await
    }

    /// The same through another schema.
    pub(crate) async fn run_as<S, R, F>(self, act: impl FnOnce(Session<S>) -> F + Send + 'static) -> R
    where
        S: SessionSchema,
        R: Send + 'static,
        F: Future<Output = R> + Send,
    {
        let (told, heard) = tokio::sync::oneshot::channel();
        let Self { visitor, method, headers, status, readonly, answered } = self;
        let act: Act = Box::new(move |request| {
            Box::pin(async move {
                let session = if readonly {
                    Session::<S>::load_readonly(&request).await?
                } else {
                    Session::<S>::load(&request).await?
                };
                assert!(told.send(act(session).await).is_ok(), "the story waits for it");
                Ok(Response::builder().status(status).body(Full::default()).unwrap())
            })
        });
        visitor.acting.0.lock().unwrap().push_back(act);
        let mut request = visitor.browser.request(method, "/");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), answered.unwrap_or(status), "what came of the commit");
        heard.await.unwrap()
    }
}
