//! One request through the guard: it is asked, and then refused or handed to the handler.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;

use crate::driver::BoxFuture;

use super::body::GuardedBody;
use super::refusal::Refuse;
use super::rules::Checked;

pin_project! {
    /// The future of a request to a [`CsrfService`](super::CsrfService).
    #[must_use = "a request is handled when this is awaited"]
    pub struct CsrfFuture<S, F, P, B> {
        #[pin]
        stage: Stage<S, F, P, B>,
    }
}

pin_project! {
    #[project = StageNow]
    enum Stage<S, F, P, B> {
        Checking {
            checking: BoxFuture<'static, Checked<B>>,
            inner: S,
            call: fn(&mut S, Request<GuardedBody<B>>) -> F,
            refusal: P,
        },
        Calling {
            #[pin]
            answer: F,
        },
    }
}

impl<S, F, P, B> CsrfFuture<S, F, P, B> {
    pub(super) const fn calling(answer: F) -> Self {
        Self { stage: Stage::Calling { answer } }
    }

    pub(super) fn checking(
        checking: BoxFuture<'static, Checked<B>>,
        inner: S,
        call: fn(&mut S, Request<GuardedBody<B>>) -> F,
        refusal: P,
    ) -> Self {
        Self { stage: Stage::Checking { checking, inner, call, refusal } }
    }
}

impl<S, F, P, B, R, E> Future for CsrfFuture<S, F, P, B>
where
    F: Future<Output = Result<Response<R>, E>>,
    P: Refuse<R>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut stage = self.project().stage;
        loop {
            let answer = match stage.as_mut().project() {
                StageNow::Calling { answer } => return answer.poll(context),
                StageNow::Checking { checking, inner, call, refusal } => {
                    match ready!(checking.as_mut().poll(context)) {
                        Ok(request) => call(inner, request),
                        Err(refused) => return Poll::Ready(Ok(refusal.respond(&refused))),
                    }
                }
            };
            stage.set(Stage::Calling { answer });
        }
    }
}

impl<S, F, P, B> fmt::Debug for CsrfFuture<S, F, P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsrfFuture").finish_non_exhaustive()
    }
}
