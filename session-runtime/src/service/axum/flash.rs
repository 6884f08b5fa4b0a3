//! Flash as an extractor of axum.

use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;

use crate::error::SessionError;
use crate::session::{FlashMessages, UntypedSession};

/// Extracts the flash that arrived for this request, and leaves some for the next. It shares the load of the other
/// extractors, and is consumed as with [`Session`](crate::Session).
///
/// ```
/// # use session_runtime::{Flash, SessionError};
/// async fn page(flash: Flash) -> Result<String, SessionError> {
///     flash.get_or("notice", String::new())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Flash {
    session: UntypedSession,
    messages: FlashMessages,
}

impl Flash {
    /// Leaves `value` for the next request; see [`UntypedSession::flash`].
    ///
    /// # Errors
    /// As there.
    pub fn put(&self, key: &str, value: impl Serialize) -> Result<(), SessionError> {
        self.session.flash(key, value)
    }

    /// Keeps everything that arrived for one more request; see [`UntypedSession::reflash`].
    ///
    /// # Errors
    /// As there.
    pub fn keep(&self) -> Result<(), SessionError> {
        self.session.reflash()
    }
}

impl Deref for Flash {
    type Target = FlashMessages;

    fn deref(&self) -> &FlashMessages {
        &self.messages
    }
}

impl<T: Sync> FromRequestParts<T> for Flash {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, SessionError> {
        let session = UntypedSession::load(&*parts).await?;
        Ok(Self { messages: session.flash_messages(), session: UntypedSession::clone(&session) })
    }
}
