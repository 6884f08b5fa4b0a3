//! The token in a form with files. In: a body of which only the beginning is read. Out: the token, and the fields before it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderValue;
use http_body::Body;
use multer::Multipart;

use crate::form::Input;

use super::body::{GuardedBody, Unread};
use super::field::Field;

/// What separates the parts of a form with files; `None` for other media types.
pub(super) fn boundary(media: Option<&HeaderValue>) -> Option<String> {
    multer::parse_boundary(media?.to_str().ok()?).ok()
}

/// The value of the field `name`, which has to stand before the first file, and what was typed before it. Reads no further,
/// and no more than `limit` bytes.
pub(super) async fn find<B>(
    body: &mut GuardedBody<B>,
    boundary: String,
    name: &str,
    limit: usize,
    input: &mut Input,
) -> Result<Field<'static>, Unread>
where
    B: Body<Data = Bytes> + Unpin + Send,
{
    let mut exceeded = false;
    let beginning = Beginning { body, left: limit, exceeded: &mut exceeded };
    let found = find_in(Multipart::new(beginning, boundary), name, input).await;
    found.map_err(|_| if exceeded { Unread::TooLarge } else { Unread::Failed })
}

async fn find_in(
    mut form: Multipart<'_>,
    name: &str,
    input: &mut Input,
) -> Result<Field<'static>, multer::Error> {
    while let Some(part) = form.next_field().await? {
        if part.file_name().is_some() {
            break;
        }
        let Some(named) = part.name().map(ToOwned::to_owned) else { continue };
        let text = part.text().await?;
        if named == name {
            return Ok(Field::One(text.into()));
        }
        input.push(named, text);
    }
    Ok(Field::Missing)
}

/// The beginning of a body, as it is read. It ends with the limit, without an error: the parser takes whatever there is
/// before it looks at it, and may find the token in that.
struct Beginning<'b, B> {
    body: &'b mut GuardedBody<B>,
    left: usize,
    exceeded: &'b mut bool,
}

impl<B: Body<Data = Bytes> + Unpin> Stream for Beginning<'_, B> {
    type Item = Result<Bytes, Broken>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if *this.exceeded {
            return Poll::Ready(None);
        }
        let Some(read) = ready!(this.body.poll_data(context)) else {
            return Poll::Ready(None);
        };
        let Ok(mut data) = read else {
            return Poll::Ready(Some(Err(Broken)));
        };
        *this.exceeded = data.len() > this.left;
        data.truncate(this.left);
        this.left -= data.len();
        Poll::Ready(Some(Ok(data)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the form breaks off")]
struct Broken;
