//! Managers over one store, each as a process of its own would have it, and sessions outside of requests.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Response};
use session_runtime::drivers::{Driver, MemoryDriver};
use session_runtime::testing::{ManualClock, SpyDriver};
use session_runtime::{Builder, End, Session, Sessions, Token, Watch};

pub(crate) struct Site<D> {
    pub(crate) clock: ManualClock,
    pub(crate) spy: SpyDriver<Arc<D>>,
    pub(crate) sessions: Sessions,
}

impl Site<MemoryDriver> {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = ManualClock::default();
        let driver = Arc::new(MemoryDriver::new().with_clock(clock.clone()));
        Self::over(driver, clock, configure)
    }

    /// Another process over the same store.
    pub(crate) fn elsewhere(&self) -> Self {
        Self::over(Arc::clone(self.spy.driver()), self.clock.clone(), |builder| builder)
    }
}

impl<D: Driver> Site<D> {
    pub(crate) fn over(
        driver: Arc<D>,
        clock: ManualClock,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let spy = SpyDriver::new(driver);
        let sessions = configure(Sessions::builder(spy.clone()).clock(clock.clone())).build().unwrap();
        Self { clock, spy, sessions }
    }

    /// A session of this user with a value.
    pub(crate) async fn signed_in(&self, user: u64) -> (Session, Token) {
        let session: Session = self.sessions.create().await.unwrap();
        session.login(user).unwrap();
        session.put("a", 1).unwrap();
        session.commit().await.unwrap();
        let token = self.sessions.token(&session).unwrap();
        (session, token)
    }

    /// A request of the browser that holds this token; the token that it holds afterwards.
    pub(crate) async fn visited(&self, token: Token) -> Token {
        let cookie = format!("__Host-id={}", token.reveal()).parse().unwrap();
        let session: Session = self.sessions.load(&HeaderMap::from_iter([(COOKIE, cookie)])).await.unwrap();
        let mut response = Response::new(());
        self.sessions.finish(&session, &mut response).await.unwrap();
        let line = response.headers().get(SET_COOKIE).map(|line| line.to_str().unwrap());
        let value = line.map(|line| line.split(['=', ';']).nth(1).unwrap());
        value.map_or(token, |value| Token::parse(value).unwrap())
    }

    /// The same session in another request.
    pub(crate) async fn opened(&self, token: Token) -> Session {
        self.sessions.open(token).await.unwrap()
    }
}

/// Whether the watch has come to its end by now.
pub(crate) fn end_of(watch: &mut Watch) -> Option<End> {
    match Pin::new(watch).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(end) => Some(end),
        Poll::Pending => None,
    }
}
