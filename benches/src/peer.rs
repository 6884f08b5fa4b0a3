//! tower-sessions over its memory store.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up stops")]

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use tower_layer::Layer as _;
use tower_service::Service;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

use crate::scenario::Scenario;

/// A service, and the cookie that its requests carry.
#[derive(Debug)]
pub struct Peer {
    scenario: Scenario,
    layer: SessionManagerLayer<MemoryStore>,
    cookie: Option<HeaderValue>,
}

impl Peer {
    pub(crate) async fn ready(scenario: Scenario) -> Self {
        let layer = SessionManagerLayer::new(MemoryStore::default());
        let mut peer = Self { scenario, layer, cookie: None };
        if scenario != Scenario::PeerNew {
            peer.cookie = Some(peer.seed().await);
        }
        peer
    }

    pub(crate) async fn run(&mut self, requests: usize) {
        let handler = match self.scenario {
            Scenario::PeerRead => Handler::Read,
            Scenario::PeerWrite | Scenario::PeerNew => Handler::Write,
            _ => Handler::Untouched,
        };
        let mut service = self.layer.layer(handler);
        for _ in 0..requests {
            let mut request = Request::new(());
            if let Some(cookie) = &self.cookie {
                request.headers_mut().insert(COOKIE, cookie.clone());
            }
            poll_fn(|context| ready(&mut service, context)).await;
            drop(black_box(service.call(request).await));
        }
    }

    async fn seed(&self) -> HeaderValue {
        let mut service = self.layer.layer(Handler::Seed);
        let response = service.call(Request::new(())).await.expect("memory takes a session");
        let line = response.headers().get(SET_COOKIE).and_then(|line| line.to_str().ok());
        let pair = line.and_then(|line| line.split(';').next()).expect("a first write sets a cookie");
        HeaderValue::try_from(pair).expect("a cookie is a header value")
    }
}

fn ready<S: Service<Request<()>>>(service: &mut S, context: &mut Context<'_>) -> Poll<()> {
    service.poll_ready(context).map(|_| ())
}

/// The same handlers as ours.
#[derive(Clone, Copy)]
enum Handler {
    Seed,
    Untouched,
    Read,
    Write,
}

impl Handler {
    async fn run(self, request: Request<()>) -> Result<(), tower_sessions::session::Error> {
        let session = request.extensions().get::<Session>().expect("the layer leaves a session");
        match self {
            Self::Seed => {
                session.insert("theme", "solarized dark").await?;
                session.insert("currency", "EUR").await?;
                session.insert("views", 1).await?;
                session.insert("cart", [3, 14, 159]).await?;
                session.insert("address", "12 Analytical Row, London").await
            }
            Self::Untouched => Ok(()),
            Self::Read => session.get::<String>("theme").await.map(|theme| drop(black_box(theme))),
            Self::Write => {
                let views = session.get::<u64>("views").await?.unwrap_or_default();
                session.insert("views", views + 1).await
            }
        }
    }
}

impl Service<Request<()>> for Handler {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<()>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let handler = *self;
        Box::pin(async move {
            handler.run(request).await.expect("memory keeps sessions");
            let mut response = Response::new(());
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            Ok(response)
        })
    }
}
