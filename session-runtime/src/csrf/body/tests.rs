use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, Full};

use super::*;

/// A body of these frames, which says how much is left, or does not.
struct Frames {
    left: VecDeque<Result<Frame<Bytes>, &'static str>>,
    announces: bool,
    polls: usize,
}

impl Frames {
    fn new(announces: bool, chunks: &[&'static str]) -> Self {
        let frames = chunks.iter().map(|chunk| Ok(Frame::data(Bytes::from_static(chunk.as_bytes()))));
        Self { left: frames.collect(), announces, polls: 0 }
    }

    fn then(mut self, frame: Result<Frame<Bytes>, &'static str>) -> Self {
        self.left.push_back(frame);
        self
    }

    fn bytes_left(&self) -> u64 {
        self.left.iter().flatten().map(data_of).sum()
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.polls += 1;
        Poll::Ready(self.left.pop_front())
    }

    fn size_hint(&self) -> SizeHint {
        if self.announces { SizeHint::with_exact(self.bytes_left()) } else { SizeHint::new() }
    }
}

fn trailers() -> HeaderMap {
    [(http::header::ETAG, HeaderValue::from_static("\"1\""))].into_iter().collect()
}

#[tokio::test]
async fn what_was_read_comes_again_and_then_the_trailers() {
    let sent = Frames::new(false, &["a=1", "", "&b=2"]).then(Ok(Frame::trailers(trailers())));
    let mut body = GuardedBody::untouched(sent);
    assert_eq!(body.read_whole(7).await.unwrap(), "a=1&b=2");

    assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(7), false));
    let mut seen = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.unwrap();
        seen.push(frame.into_data().unwrap_or_else(|frame| {
            assert_eq!(frame.into_trailers().unwrap(), trailers());
            Bytes::from_static(b"trailers")
        }));
    }
    assert_eq!(seen, ["a=1&b=2", "trailers"]);
    assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
}

/// A client decides how small the pieces are that it sends.
#[tokio::test]
async fn small_and_empty_pieces_take_no_more_room_than_their_bytes() {
    let large: &'static str = Box::leak("x".repeat(SMALL).into_boxed_str());
    let mut pieces = ["a", "", "b", ""].repeat(5_000);
    pieces.push(large);
    pieces.extend(["c", "", "d"].repeat(5_000));
    let mut body = GuardedBody::untouched(Frames::new(false, &pieces));
    let whole = body.read_whole(30_000).await.unwrap();
    assert_eq!(whole, pieces.concat());
    assert_eq!(body.frames.len(), 2);
    assert_eq!(body.size_hint().exact(), Some(whole.len() as u64));
    assert_eq!(body.collect().await.unwrap().to_bytes(), whole);
}

#[tokio::test]
async fn a_body_read_in_part_goes_on_where_it_was() {
    let mut body = GuardedBody::untouched(Frames::new(true, &["one", "two", "three"]));
    assert_eq!(body.read_frame().await, Some(Ok(3)));
    assert_eq!(body.size_hint().exact(), Some(11));
    assert_eq!(body.collect().await.unwrap().to_bytes(), "onetwothree");
}

#[tokio::test]
async fn an_untouched_body_is_the_one_that_was_sent() {
    let body = GuardedBody::untouched(Full::from("whole"));
    assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(5), false));
    assert_eq!(body.collect().await.unwrap().to_bytes(), "whole");
    assert!(GuardedBody::untouched(Full::<Bytes>::default()).is_end_stream());
}

#[tokio::test]
async fn too_much_is_refused_and_if_it_is_announced_nothing_is_read() {
    let mut announced = GuardedBody::untouched(Frames::new(true, &["12345", "678"]));
    assert!(matches!(announced.read_whole(7).await, Err(Unread::TooLarge)));
    assert_eq!(announced.rest.as_ref().map(|rest| rest.polls), Some(0));

    let mut silent = GuardedBody::untouched(Frames::new(false, &["1234", "5678", "9"]));
    assert!(matches!(silent.read_whole(7).await, Err(Unread::TooLarge)));
    assert_eq!(silent.rest.as_ref().map(|rest| rest.polls), Some(2));

    for announces in [true, false] {
        let mut fits = GuardedBody::untouched(Frames::new(announces, &["12345", "67"]));
        assert_eq!(fits.read_whole(7).await.unwrap(), "1234567");
    }
}

#[tokio::test]
async fn an_error_on_the_way_is_told() {
    let mut body = GuardedBody::untouched(Frames::new(false, &["1234"]).then(Err("reset")));
    assert!(matches!(body.read_whole(10).await, Err(Unread::Failed)));
}

#[tokio::test]
async fn an_empty_body_is_read_at_once() {
    let mut body = GuardedBody::untouched(Full::<Bytes>::default());
    let read: Result<Bytes, Unread> = body.read_whole(0).await;
    assert_eq!(read.unwrap(), "");
    assert!(body.is_end_stream());
}
