//! In: the future of one request. Out: the same under a public name.
//! It stays apart from the jar, so that a test decides when the answer arrives.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::error::TestError;
use super::response::TestResponse;

/// A request that has left with the cookies of its moment and whose answer has not arrived yet.
///
/// The service works on it while this is polled: `tokio::spawn` it, join several, or await them in any order.
/// The jar learns of the answer by [`TestClient::deliver`](super::TestClient::deliver) only. Dropping it is a
/// client that hangs up.
#[must_use = "the service works only while the exchange is polled"]
pub struct Exchange {
    answer: Pin<Box<dyn Future<Output = Result<TestResponse, TestError>> + Send>>,
}

impl Exchange {
    pub(super) fn new(
        answer: impl Future<Output = Result<TestResponse, TestError>> + Send + 'static,
    ) -> Self {
        Self { answer: Box::pin(answer) }
    }
}

impl Future for Exchange {
    type Output = Result<TestResponse, TestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer.as_mut().poll(cx)
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}
