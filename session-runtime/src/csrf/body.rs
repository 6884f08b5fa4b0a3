//! The body of a request that has been looked into: what was read of it, and then the rest, byte for byte.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

/// The body that a handler behind a [`CsrfGuard`](super::CsrfGuard) gets: the one that was sent, trailers included.
pub struct GuardedBody<B> {
    /// What was read and not yet handed on.
    frames: VecDeque<Frame<Bytes>>,
    /// What was read after that in small pieces, put together: a frame takes more room than a byte.
    tail: BytesMut,
    /// `None` when it has come to its end.
    rest: Option<B>,
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(super) enum Unread {
    TooLarge,
    Failed,
}

impl<B: Body<Data = Bytes> + Unpin> GuardedBody<B> {
    /// A body that nobody has looked into.
    pub(super) fn untouched(body: B) -> Self {
        Self { frames: VecDeque::new(), tail: BytesMut::new(), rest: Some(body) }
    }

    /// Reads to the end, and keeps what was read.
    pub(super) async fn read_whole(&mut self, limit: usize) -> Result<Bytes, Unread> {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let mut bytes = 0;
        loop {
            // Whoever announces too much is not read at all.
            let announced = self.rest.as_ref().map_or(0, |rest| rest.size_hint().lower());
            if announced.saturating_add(bytes) > limit {
                return Err(Unread::TooLarge);
            }
            match self.read_frame().await {
                None => return Ok(self.joined()),
                Some(Err(_)) => return Err(Unread::Failed),
                Some(Ok(read)) => bytes = bytes.saturating_add(read),
            }
        }
    }

    /// Reads one frame more; how many bytes of data it held.
    pub(super) async fn read_frame(&mut self) -> Option<Result<u64, B::Error>> {
        let rest = self.rest.as_mut()?;
        match poll_fn(|context| Pin::new(&mut *rest).poll_frame(context)).await {
            None => {
                self.rest = None;
                None
            }
            Some(Err(error)) => Some(Err(error)),
            Some(Ok(frame)) => {
                let bytes = data_of(&frame);
                self.keep(frame);
                Some(Ok(bytes))
            }
        }
    }

    /// The next data, which is kept too.
    #[cfg(feature = "multipart")]
    pub(super) fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        while let Some(rest) = &mut self.rest {
            match std::task::ready!(Pin::new(rest).poll_frame(context)) {
                None => self.rest = None,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => {
                    let data = frame.data_ref().cloned();
                    self.keep(frame);
                    if let Some(data) = data.filter(|data| !data.is_empty()) {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
        Poll::Ready(None)
    }

    /// Keeps what was read, in no more room than the bytes take, however small the pieces are that they came in.
    fn keep(&mut self, frame: Frame<Bytes>) {
        match frame.data_ref() {
            Some(data) if data.len() < SMALL => self.tail.extend_from_slice(data),
            _ => {
                if !self.tail.is_empty() {
                    self.frames.push_back(Frame::data(self.tail.split().freeze()));
                }
                self.frames.push_back(frame);
            }
        }
    }

    /// The data that was read.
    fn joined(&self) -> Bytes {
        let mut joined = BytesMut::new();
        self.frames.iter().filter_map(Frame::data_ref).for_each(|data| joined.extend_from_slice(data));
        joined.extend_from_slice(&self.tail);
        joined.freeze()
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for GuardedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(frame) = self.frames.pop_front() {
            return Poll::Ready(Some(Ok(frame)));
        }
        if !self.tail.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.tail.split().freeze()))));
        }
        match &mut self.rest {
            Some(rest) => Pin::new(rest).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty() && self.tail.is_empty() && self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let tail = u64::try_from(self.tail.len()).unwrap_or(u64::MAX);
        let read = self.frames.iter().map(data_of).sum::<u64>().saturating_add(tail);
        let rest = self.rest.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        let mut whole = SizeHint::new();
        whole.set_lower(rest.lower().saturating_add(read));
        if let Some(upper) = rest.upper() {
            whole.set_upper(upper.saturating_add(read));
        }
        whole
    }
}

fn data_of(frame: &Frame<Bytes>) -> u64 {
    frame.data_ref().map_or(0, |data| u64::try_from(data.len()).unwrap_or(u64::MAX))
}

impl<B> fmt::Debug for GuardedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedBody").finish_non_exhaustive()
    }
}

/// In bytes: pieces below it are put together.
const SMALL: usize = 1_024;

#[cfg(test)]
mod tests;
