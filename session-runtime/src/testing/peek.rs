//! What a browser's session holds, seen by a test and by nobody else.

use http::{HeaderMap, header};

use crate::error::SessionError;
use crate::session::{Session, SessionSchema, UntypedSession};
use crate::sessions::Sessions;
use crate::state::Access;

use super::client::TestClient;

impl<S> TestClient<S> {
    /// The session of this browser as its next request would see it: fields, flash, the old input and the errors of
    /// forms.
    ///
    /// It is for reading, and never committed: flash that is looked at here is still there for the next request, and no
    /// deadline moves. Without a session cookie in the jar it is an empty session.
    ///
    /// ```
    /// # use session_runtime::testing::TestClient;
    /// # use session_runtime::{SessionError, Sessions, Untyped};
    /// # async fn test<S>(client: TestClient<S>, sessions: Sessions) -> Result<(), SessionError> {
    /// let session = client.peek::<Untyped>(&sessions).await?;
    /// assert_eq!(session.flash_messages().get::<String>("notice")?.as_deref(), Some("Saved."));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::Unavailable`] and [`SessionError::Corrupt`] when the store cannot tell.
    pub async fn peek<Schema: SessionSchema>(
        &self,
        sessions: &Sessions,
    ) -> Result<Session<Schema>, SessionError> {
        let mut headers = HeaderMap::new();
        if let Some(cookies) = self.cookies() {
            headers.insert(header::COOKIE, cookies);
        }
        let loaded = sessions.load::<Schema>(&headers).await?;
        Ok(Session::new(UntypedSession::new(loaded.exchange().clone(), Access::Read)))
    }
}
