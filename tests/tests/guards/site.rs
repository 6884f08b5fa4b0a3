//! A site with a page for everybody, one for those who are signed in, and one for those who proved it a minute ago.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::service::Service;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{CookieJar, ManualClock, SpyDriver, TestClient, TestResponse};
use session_runtime::{
    Builder, LocalPath, RecentlySignedIn, Rejection, Session, SessionError, SessionSchema, SessionService,
    Sessions, SignedIn,
};

#[derive(SessionSchema)]
pub(crate) struct Account {
    #[session(principal)]
    pub(crate) user: Option<u64>,
    pub(crate) views: u64,
}

pub(crate) type Answer = Response<Full<Bytes>>;

/// The handler of hyper.
#[derive(Clone, Debug)]
pub(crate) struct Pages;

impl Service<Request<Full<Bytes>>> for Pages {
    type Response = Answer;
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, SessionError>> + Send>>;

    fn call(&self, request: Request<Full<Bytes>>) -> Self::Future {
        Box::pin(async move { page(request).await.or_else(Rejection::answer) })
    }
}

async fn page(request: Request<Full<Bytes>>) -> Result<Answer, Rejection> {
    match request.uri().path() {
        "/orders" => {
            let session = SignedIn::<Account>::load(&request).await?;
            session.views().increment()?;
            let user: &u64 = session.principal();
            Ok(text(&format!("orders of {user}")))
        }
        "/password" => {
            let session = RecentlySignedIn::<Account, 60>::load(&request).await?;
            Ok(text(&format!("password of {}", session.principal())))
        }
        "/payment" => {
            let session = Session::<Account>::load(&request).await?;
            let session = SignedIn::of(session, &request)?.within(Duration::from_secs(30), &request)?;
            Ok(text(&format!("payment of {}", session.into_session().user().get()?.unwrap())))
        }
        "/reauthenticate" => {
            let session = Session::<Account>::load(&request).await?;
            session.elevate()?;
            SignedIn::of(session, &request)?.within(Duration::from_secs(30), &request)?;
            Ok(text("proved"))
        }
        "/login" => {
            let session = Session::<Account>::load(&request).await?;
            if *request.method() == Method::POST {
                session.user().login(42_u64)?;
                return Ok(session.intended_or("/")?.response());
            }
            Ok(text("who are you?"))
        }
        "/logout" => {
            Session::<Account>::load(&request).await?.user().logout()?;
            Ok(text("bye"))
        }
        "/stranger" => {
            // As an application of another version stores ids.
            Session::<Account>::load(&request).await?.login("forty-two")?;
            Ok(text(""))
        }
        _ => Ok(text("hello")),
    }
}

fn text(text: &str) -> Answer {
    Response::new(Full::from(text.to_owned()))
}

pub(crate) struct Site {
    pub(crate) clock: ManualClock,
    pub(crate) spy: SpyDriver<MemoryDriver>,
    pub(crate) browser: TestClient<SessionService<Pages>>,
}

impl Site {
    /// Whose login is at `/login`.
    pub(crate) fn with_login() -> Self {
        Self::new(|builder| builder.login_at(LocalPath::parse("/login").unwrap()))
    }

    /// That answers 401.
    pub(crate) fn without() -> Self {
        Self::new(|builder| builder)
    }
}

impl Site {
    fn new(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = ManualClock::default();
        let spy = SpyDriver::new(MemoryDriver::new().with_clock(clock.clone()));
        let sessions = configure(Sessions::builder(spy.clone()).clock(clock.clone())).build().unwrap();
        let browser = TestClient::new(sessions.service(Pages), CookieJar::new(clock.clone()));
        Self { clock, spy, browser }
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn records(&self) -> usize {
        self.spy.driver().len()
    }
}

/// What a person at a browser does: a link or a form is followed to a page.
pub(crate) async fn browses(site: &Site, method: Method, path: &str) -> TestResponse {
    let request = site.browser.request(method, path);
    request.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document").send().await.unwrap()
}
