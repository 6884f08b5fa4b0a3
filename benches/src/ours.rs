//! The bare service and ours.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up stops")]

use std::convert::Infallible;
use std::hint::black_box;

use http::header::{CONTENT_TYPE, COOKIE};
use http::{HeaderValue, Request, Response};
use hyper::service::{Service, service_fn};
use ring::rand::SecureRandom as _;
use session_runtime::drivers::{
    Backend, CookieDriver, IntoBackend as _, KeyRing, MemoryBounds, MemoryDriver, Revocation, RevocationStore,
};
use session_runtime::{Session, SessionError, SessionSchema, Sessions, UntypedSession};

use crate::scenario::Scenario;

/// Five fields, as a small shop has them.
#[derive(SessionSchema)]
pub(crate) struct Shop {
    #[session(principal)]
    user: Option<u64>,
    pub(crate) theme: String,
    currency: String,
    pub(crate) views: u64,
    cart: Vec<u64>,
    address: String,
}

/// A service, and the cookie that its requests carry.
#[derive(Debug)]
pub struct Ours {
    scenario: Scenario,
    sessions: Sessions,
    cookie: Option<HeaderValue>,
}

impl Ours {
    pub(crate) async fn ready(scenario: Scenario) -> Self {
        let sessions = Sessions::builder(backend(scenario)).build().expect("the defaults are sound");
        let cookie = match scenario {
            Scenario::BareNew | Scenario::Hash | Scenario::Random | Scenario::New => None,
            _ => Some(seed(&sessions, scenario).await.expect("memory takes a session")),
        };
        Self { scenario, sessions, cookie }
    }

    pub(crate) async fn run(&self, requests: usize) {
        match self.scenario {
            Scenario::Bare | Scenario::BareNew => self.drive(service_fn(bare), requests).await,
            Scenario::Hash => hash(requests),
            Scenario::Random => random(requests),
            Scenario::Read | Scenario::ReadBesideLarge | Scenario::CookieRead | Scenario::CheckedRead => {
                self.serve(read, requests).await;
            }
            Scenario::Write
            | Scenario::WriteBesideLarge
            | Scenario::New
            | Scenario::CookieWrite
            | Scenario::CheckedWrite => self.serve(write, requests).await,
            _ => self.serve(untouched, requests).await,
        }
    }

    async fn serve<F>(&self, handler: impl Fn(Request<String>) -> F, requests: usize)
    where
        F: Future<Output = Result<Response<String>, SessionError>>,
    {
        self.drive(self.sessions.service(service_fn(handler)), requests).await;
    }

    async fn drive<S>(&self, service: S, requests: usize)
    where
        S: Service<Request<String>, Response = Response<String>>,
    {
        for _ in 0..requests {
            let mut request = Request::new(String::new());
            if let Some(cookie) = &self.cookie {
                request.headers_mut().insert(COOKIE, cookie.clone());
            }
            drop(black_box(service.call(request).await));
        }
    }
}

fn backend(scenario: Scenario) -> Backend {
    let revocation = match scenario {
        Scenario::CookieRead | Scenario::CookieWrite => Revocation::AcceptReplay,
        Scenario::CheckedRead | Scenario::CheckedWrite => {
            Revocation::Checked(RevocationStore::single_process())
        }
        _ => {
            let bounds = MemoryBounds { sessions: usize::MAX, bytes: usize::MAX };
            return MemoryDriver::bounded(bounds).into_backend();
        }
    };
    let keys = KeyRing::ephemeral().expect("the system has randomness");
    CookieDriver::new(keys, revocation).into_backend()
}

async fn seed(sessions: &Sessions, scenario: Scenario) -> Result<HeaderValue, SessionError> {
    let session = sessions.create::<Shop>().await?;
    session.fill(shop())?;
    if matches!(scenario, Scenario::ReadBesideLarge | Scenario::WriteBesideLarge) {
        session.put("large", "x".repeat(100_000))?;
    }
    session.commit().await?;
    cookies(sessions, &session)
}

/// What a visitor has in his session.
pub(crate) fn shop() -> Shop {
    Shop {
        user: None,
        theme: "solarized dark".into(),
        currency: "EUR".into(),
        views: 1,
        cart: vec![3, 14, 159],
        address: "12 Analytical Row, London".into(),
    }
}

/// What the browser sends that has the session.
pub(crate) fn cookies(sessions: &Sessions, session: &Session<Shop>) -> Result<HeaderValue, SessionError> {
    let lines = sessions.set_cookies(session)?;
    let pairs = lines.iter().filter_map(|line| line.to_str().ok()?.split(';').next());
    let header = pairs.collect::<Vec<_>>().join("; ");
    Ok(HeaderValue::try_from(header).unwrap_or(HeaderValue::from_static("")))
}

fn answer() -> Response<String> {
    let mut response = Response::new(String::new());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

async fn bare(request: Request<String>) -> Result<Response<String>, Infallible> {
    black_box(&request);
    Ok(answer())
}

async fn untouched(request: Request<String>) -> Result<Response<String>, SessionError> {
    black_box(&request);
    Ok(answer())
}

async fn read(request: Request<String>) -> Result<Response<String>, SessionError> {
    let session = Session::<Shop>::load(&request).await?;
    black_box(session.theme().get()?);
    Ok(answer())
}

async fn write(request: Request<String>) -> Result<Response<String>, SessionError> {
    let session = Session::<Shop>::load(&request).await?;
    black_box(session.views().increment()?);
    Ok(answer())
}

async fn read_untyped(request: Request<String>) -> Result<Response<String>, SessionError> {
    let session = UntypedSession::load(&request).await?;
    black_box(session.get::<String>("theme")?);
    Ok(answer())
}

fn hash(times: usize) {
    for _ in 0..times {
        black_box(ring::digest::digest(&ring::digest::SHA256, black_box(&[7; 40])));
    }
}

fn random(times: usize) {
    let source = ring::rand::SystemRandom::new();
    let mut bytes = [0; 32];
    for _ in 0..times {
        source.fill(black_box(&mut bytes)).expect("the system has randomness");
    }
}

/// Bytes of a handler's future without and with a loaded session, typed and untyped.
#[must_use]
pub fn future_sizes() -> [(&'static str, usize); 3] {
    [
        ("handler without a session", size_of_val(&untouched(Request::new(String::new())))),
        ("handler with a typed session", size_of_val(&read(Request::new(String::new())))),
        ("handler with an untyped session", size_of_val(&read_untyped(Request::new(String::new())))),
    ]
}
