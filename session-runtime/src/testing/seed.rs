//! Sessions for tests, made from typed values without a request.

use crate::error::SessionError;
use crate::session::{Session, SessionSchema};
use crate::sessions::Sessions;

use super::client::TestClient;
use super::jar::Refusal;

/// Why a session could not be seeded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// It could not be stored.
    #[error("the session could not be stored")]
    Session(#[from] SessionError),
    /// There is nothing in it, so that nothing was stored.
    #[error("an empty session is not stored")]
    Empty,
    /// The jar refused its cookie: the client's origin does not fit the cookie's configuration.
    #[error("the jar refused the session's cookie")]
    Cookie(#[from] Refusal),
}

impl<S> TestClient<S> {
    /// Stores a session as `prepare` leaves it (`session.fill(shop)`, a login, flash), and puts its cookie into the jar.
    ///
    /// # Errors
    /// [`SeedError`].
    pub async fn seed<Schema: SessionSchema>(
        &self,
        sessions: &Sessions,
        prepare: impl FnOnce(&Session<Schema>) -> Result<(), SessionError>,
    ) -> Result<Session<Schema>, SeedError> {
        let session = sessions.create::<Schema>().await?;
        prepare(&session)?;
        session.commit().await?;
        let lines = sessions.set_cookies(&session)?;
        if lines.is_empty() {
            return Err(SeedError::Empty);
        }
        for line in lines {
            self.put_cookie(line.to_str().unwrap_or_default())?;
        }
        Ok(session)
    }
}
