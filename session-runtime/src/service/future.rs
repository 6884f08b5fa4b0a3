//! One request from handler to released head: the handler runs, the commit runs, the head is written.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::Response;
use pin_project_lite::pin_project;

use crate::engine::{Candidates, CommitFuture, Exchange, Started};
use crate::error::SessionError;
use crate::plan::{Occasion, Outcome};

use super::failure::{Failure, HandlerFailed, session_error};
use super::head;

pin_project! {
    /// The future of a request to a [`SessionService`](crate::SessionService).
    ///
    /// Dropped before the handler has answered, it commits nothing; afterwards the commit runs to its end.
    #[must_use = "a request is handled when this is awaited"]
    pub struct ResponseFuture<F, P, B, E> {
        #[pin]
        handler: F,
        exchange: Option<Arc<Exchange>>,
        // Read before the handler ran, where the session is looked at whether it asks or not. Boxed, so that the future
        // stays small where it is not.
        unasked: Option<Box<Candidates>>,
        failure: P,
        committing: Option<Committing<B, E>>,
    }
}

struct Committing<B, E> {
    answer: Result<Response<B>, E>,
    commit: CommitFuture,
}

impl<F, P, B, E> ResponseFuture<F, P, B, E> {
    /// Without an exchange the handler's answer passes as it is.
    pub(super) fn new(
        handler: F,
        attached: Option<(Arc<Exchange>, Option<Box<Candidates>>)>,
        failure: P,
    ) -> Self {
        let (exchange, unasked) =
            attached.map_or((None, None), |(exchange, unasked)| (Some(exchange), unasked));
        Self { handler, exchange, unasked, failure, committing: None }
    }
}

impl<F, P, B, E> Future for ResponseFuture<F, P, B, E>
where
    F: Future<Output = Result<Response<B>, E>>,
    P: Failure<B>,
    E: 'static,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if this.committing.is_none() {
            let mut answer = ready!(this.handler.poll(context));
            let Some(exchange) = this.exchange.take() else {
                return Poll::Ready(answer);
            };
            let failed = answer.as_ref().map_or(true, failed);
            // To hyper a service error is a dead connection, so ours are answered here.
            if let Some(error) = answer.as_ref().err().and_then(session_error) {
                answer = Ok(this.failure.respond(error));
            }
            if !exchange.was_asked() && this.unasked.is_none() {
                exchange.release();
                return Poll::Ready(answer);
            }
            match begin(exchange, this.unasked.take(), Occasion::Response { failed }) {
                Ok((exchange, outcome)) => {
                    return Poll::Ready(released(&exchange, answer, &outcome, this.failure));
                }
                Err(commit) => *this.committing = Some(Committing { answer, commit }),
            }
        }
        let Some(Committing { commit, .. }) = this.committing else {
            return Poll::Pending;
        };
        let outcome = ready!(Pin::new(&mut *commit).poll(context));
        let Some(Committing { answer, commit }) = this.committing.take() else {
            return Poll::Pending;
        };
        Poll::Ready(released(commit.exchange(), answer, &outcome, this.failure))
    }
}

/// Whether the response says that the handler has failed.
fn failed<B>(response: &Response<B>) -> bool {
    response.status().is_server_error() || response.extensions().get::<HandlerFailed>().is_some()
}

/// What a commit came to, if it needs no driver; else the commit.
type AtOnce = Result<(Arc<Exchange>, Result<Outcome, SessionError>), CommitFuture>;

fn begin(exchange: Arc<Exchange>, unasked: Option<Box<Candidates>>, occasion: Occasion) -> AtOnce {
    if let Some(candidates) = unasked.filter(|_| !exchange.is_loaded()) {
        return Err(CommitFuture::loading(exchange, *candidates, occasion));
    }
    // Besides this handle, others read the session only if the handler gave it to a body or a task.
    let watched = Arc::strong_count(&exchange) > 1;
    match CommitFuture::start(exchange, occasion, watched) {
        // The handler has finished its session by hand.
        Started::Done(exchange, Err(SessionError::Committed)) => Ok((exchange, Ok(Outcome::Unchanged))),
        Started::Done(exchange, outcome) => Ok((exchange, outcome)),
        Started::Waiting(commit) => Err(commit),
    }
}

/// The answer with its head written, or the failure's in its place.
fn released<B, E>(
    exchange: &Exchange,
    mut answer: Result<Response<B>, E>,
    outcome: &Result<Outcome, SessionError>,
    failure: &impl Failure<B>,
) -> Result<Response<B>, E> {
    if let (Err(error), Ok(_)) = (outcome, &answer) {
        answer = Ok(failure.respond(error));
    }
    exchange.release();
    if let Ok(response) = &mut answer {
        let failed = outcome.is_err() || failed(response);
        head::write_last(exchange, response.headers_mut(), failed);
    }
    answer
}

impl<F, P, B, E> fmt::Debug for ResponseFuture<F, P, B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
