//! The end of a session as something to wait for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::driver::BoxFuture;
use crate::engine::{End, owner_of, watch_end};

use super::untyped::UntypedSession;

impl UntypedSession {
    /// The end of this session, to be waited for by whoever serves it for longer than a request: a WebSocket, a stream of
    /// events.
    ///
    /// What this process ends is told at once. What another one does is found within
    /// [`watch_every`](crate::Builder::watch_every), 15 seconds by default, by one read of the store for each watch. It is
    /// an end as well if the session is given to somebody else, as an anonymous one by its login. While the store is away
    /// nothing has ended. Where nothing is stored the wait is over at once: commit before.
    ///
    /// With a cookie driver, nothing is known of what the browser holds by now: a login, an elevation, a change of
    /// credentials, and the idle deadline that the session came with, end the watch even of a session that lives on; the
    /// connection should be made anew then. Without a store of what was revoked only the deadline does.
    ///
    /// ```
    /// # use session_runtime::Session;
    /// # async fn next_message() -> Option<String> { None }
    /// async fn serve(session: Session) {
    ///     let mut ended = session.watch();
    ///     loop {
    ///         tokio::select! {
    ///             _ = &mut ended => break, // close the connection
    ///             message = next_message() => match message {
    ///                 Some(message) => println!("{message}"),
    ///                 None => break,
    ///             },
    ///         }
    ///     }
    /// }
    /// ```
    pub fn watch(&self) -> Watch {
        let core = self.exchange().core.clone();
        let stored = self.look(|state| state.ground.base.stored().cloned());
        Watch(stored.map(|stored| -> BoxFuture<'static, End> {
            // Listens from now on, not from the first poll.
            let bell = core.endings.listen(stored.token.selector(), owner_of(&stored));
            Box::pin(watch_end(core, bell, stored))
        }))
    }
}

/// Resolves when a session has ended; made by [`UntypedSession::watch`]. Dropped, it leaves nothing behind.
#[must_use = "a watch does nothing until it is awaited"]
pub struct Watch(Option<BoxFuture<'static, End>>);

impl Future for Watch {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<End> {
        let Some(waiting) = &mut self.0 else {
            return Poll::Ready(End::Ended);
        };
        let end = ready!(waiting.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(end)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}
