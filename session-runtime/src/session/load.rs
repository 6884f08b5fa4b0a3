//! From a request to its session: the future of the one read, and what it reads from.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request, Uri};

use crate::driver::BoxFuture;
use crate::engine::{Candidates, Exchange};
use crate::error::SessionError;
use crate::state::Access;

use super::navigation;
use super::typed::{Session, SessionSchema};
use super::untyped::UntypedSession;

/// What a session can be loaded from: a request or its parts. Sealed.
pub trait SessionSource: sealed::Sealed {
    #[doc(hidden)]
    fn method(&self) -> &Method;

    #[doc(hidden)]
    fn uri(&self) -> &Uri;

    #[doc(hidden)]
    fn headers(&self) -> &HeaderMap;

    #[doc(hidden)]
    fn extensions(&self) -> &Extensions;
}

impl<B> SessionSource for Request<B> {
    fn method(&self) -> &Method {
        self.method()
    }

    fn uri(&self) -> &Uri {
        self.uri()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn extensions(&self) -> &Extensions {
        self.extensions()
    }
}

impl SessionSource for Parts {
    fn method(&self) -> &Method {
        &self.method
    }

    fn uri(&self) -> &Uri {
        &self.uri
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "a sealed trait is out of reach on purpose")]
    pub trait Sealed {}
    impl<B> Sealed for http::Request<B> {}
    impl Sealed for http::request::Parts {}
}

/// What the service leaves in a request's extensions.
#[derive(Clone)]
pub(crate) struct Attached(pub(crate) Arc<Exchange>);

/// Marks a request as no activity, in its extensions: whatever its handlers load, it keeps the session alive no longer,
/// eats no flash and renews no secret. What a handler writes is written.
///
/// For routes that pages ask for by themselves, such as polling. It has to be there before the handler loads the session,
/// and before the session service sees the request where [`Activity::EveryRequest`](crate::Activity::EveryRequest) has
/// handlers count that load none. With axum: `.route_layer(axum::Extension(PassiveRequest))`.
///
/// ```
/// use session_runtime::PassiveRequest;
///
/// let mut request = http::Request::new("");
/// if request.uri().path() == "/unread-messages" {
///     request.extensions_mut().insert(PassiveRequest);
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassiveRequest;

/// The future of [`Session::load`]. Small, `Send`, and borrows nothing.
#[must_use = "a session is loaded when this is awaited"]
pub struct Load<S> {
    stage: Stage,
    access: Access,
    schema: PhantomData<fn() -> S>,
}

enum Stage {
    /// Nothing has to be read, or it was.
    Ready(Arc<Exchange>),
    Reading(Arc<Exchange>, BoxFuture<'static, Result<(), SessionError>>),
    Failed(SessionError),
    Done,
}

impl<S> Load<S> {
    pub(super) fn new<R: SessionSource>(source: &R, access: Access) -> Self {
        let stage = match source.extensions().get::<Attached>() {
            None => Stage::Failed(SessionError::NoService),
            Some(Attached(exchange)) => {
                if source.extensions().get::<PassiveRequest>().is_some() {
                    exchange.note_passive();
                }
                let headless = *source.method() == Method::HEAD;
                start(exchange.clone(), source.headers(), headless)
            }
        };
        Self { stage, access, schema: PhantomData }
    }

    pub(crate) fn of(exchange: Arc<Exchange>, headers: &HeaderMap) -> Self {
        Self { stage: start(exchange, headers, false), access: Access::Write, schema: PhantomData }
    }

    pub(crate) fn failed(error: SessionError) -> Self {
        Self { stage: Stage::Failed(error), access: Access::Write, schema: PhantomData }
    }

    pub(crate) fn of_candidates(exchange: Arc<Exchange>, candidates: Candidates) -> Self {
        Self { stage: read(exchange, candidates), access: Access::Write, schema: PhantomData }
    }
}

/// `headless` answers have no body.
fn start(exchange: Arc<Exchange>, headers: &HeaderMap, headless: bool) -> Stage {
    exchange.ask();
    if exchange.is_loaded() {
        return Stage::Ready(exchange);
    }
    let candidates = Candidates::read(&exchange.core, headers);
    match load_at_once(&exchange, headers, &candidates, headless) {
        Some(Ok(())) => Stage::Ready(exchange),
        Some(Err(error)) => Stage::Failed(error),
        None => reading(exchange, candidates),
    }
}

/// Loads what needs no waiting, and keeps of the headers what the session may need.
fn load_at_once(
    exchange: &Exchange,
    headers: &HeaderMap,
    candidates: &Candidates,
    headless: bool,
) -> Option<Result<(), SessionError>> {
    let (mut state, answer) = match exchange.load_at_once(candidates) {
        Some(Ok(state)) => (state, Some(Ok(()))),
        Some(Err(error)) => (exchange.state(), Some(Err(error))),
        None => (exchange.state(), None),
    };
    exchange.note_cookies(&mut state, headers, candidates);
    // Before it is loaded, nobody knows whether that matters, and the headers are not kept.
    if answer.is_none() || state.depends_on_being_shown(&exchange.core.policy) {
        // What this request answers is shown to nobody, or not yet.
        state.spares_flash = headless || navigation::is_ahead(headers);
    }
    answer
}

fn read(exchange: Arc<Exchange>, candidates: Candidates) -> Stage {
    match exchange.load_at_once(&candidates).map(|loaded| loaded.map(drop)) {
        Some(Ok(())) => Stage::Ready(exchange),
        Some(Err(error)) => Stage::Failed(error),
        None => reading(exchange, candidates),
    }
}

fn reading(exchange: Arc<Exchange>, candidates: Candidates) -> Stage {
    let shared = exchange.clone();
    Stage::Reading(exchange, Box::pin(async move { shared.load(&candidates).await }))
}

impl<S: SessionSchema> Future for Load<S> {
    type Output = Result<Session<S>, SessionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let exchange = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Ready(exchange) => exchange,
            Stage::Failed(error) => return Poll::Ready(Err(error)),
            Stage::Done => return Poll::Pending,
            Stage::Reading(exchange, mut reading) => match reading.as_mut().poll(context) {
                Poll::Ready(Ok(())) => exchange,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    self.stage = Stage::Reading(exchange, reading);
                    return Poll::Pending;
                }
            },
        };
        exchange.grant(self.access, S::FIELDS);
        Poll::Ready(Ok(Session::new(UntypedSession::new(exchange, self.access))))
    }
}

impl<S> fmt::Debug for Load<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load").finish_non_exhaustive()
    }
}
