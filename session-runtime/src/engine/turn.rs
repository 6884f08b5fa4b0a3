//! The turn of one commit of a request: others of it wait for its end.

use crate::error::SessionError;
use crate::observe::EventKind;
use crate::plan::Outcome;

use super::exchange::Exchange;
use super::executor::Executor;
use super::tell::Story;

/// Ends with the commit, however that ends.
pub(super) struct Turn<'a> {
    exchange: &'a Exchange,
    /// Whether there is anybody who may wait for its end.
    watched: bool,
    /// Whether it was ended with what the commit led to.
    ended: bool,
    story: Option<Story>,
}

impl<'a> Turn<'a> {
    pub(super) fn of(exchange: &'a Exchange, executor: &Executor) -> Self {
        // The loudest that a commit comes to.
        let told = exchange.core.teller.listens(EventKind::Login);
        Self {
            exchange,
            watched: executor.is_watched(),
            ended: false,
            story: told.then(|| Story::of(executor)),
        }
    }

    /// Tells what the commit came to, and has the request take it over.
    pub(super) fn end(
        mut self,
        executor: &mut Executor,
        result: Result<Outcome, SessionError>,
    ) -> Result<Outcome, SessionError> {
        if let Some(story) = &self.story {
            story.tell(&self.exchange.core, executor, result.as_ref().ok().copied());
        }
        self.ended = self.exchange.settle(executor, &result);
        result
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.exchange.end_turn();
        }
        if self.watched {
            self.exchange.wake();
        }
    }
}
