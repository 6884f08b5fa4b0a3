//! What ties a session to the credentials that it was opened with.

use subtle::ConstantTimeEq as _;

use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::record::{CredentialMark, Principal};
use crate::state::{Credentials, Privilege};

use super::untyped::UntypedSession;

impl UntypedSession {
    /// Binds the session to the credentials that it is opened with: call it with the login. When they change, a
    /// [source](crate::CredentialSource) that the manager was given, or [`check_credentials`](Self::check_credentials), ends
    /// the session wherever it is. That also works where nobody can list a principal's sessions, as with sessions in
    /// cookies without a store.
    ///
    /// `current` is what changes with them: the password's hash as it is stored, or a number; **not the password**. Only a
    /// short keyed hash of it is kept, which is another one in each session and which nobody can compute back.
    ///
    /// ```
    /// # use session_runtime::{Session, SessionError};
    /// fn signed_in(session: &Session, user: u64, password_hash: &str) -> Result<(), SessionError> {
    ///     session.login(user)?;
    ///     session.bind_credentials(password_hash.as_bytes())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::SignedOut`] if the session is nobody's; [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn bind_credentials(&self, current: &[u8]) -> Result<(), SessionError> {
        self.record(|state| {
            if state.ground.principal().is_none() {
                return Err(SessionError::SignedOut);
            }
            state.ground.changes.seldom_mut().credential = Some(Credentials::Bind(current.into()));
            Ok(())
        })?
    }

    /// Whether the session is bound to these credentials. If it is bound to others it ends with this request, and reads as
    /// empty from now on. A session that is bound to none is not ended.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`] and [`SessionError::Committed`], where it would have to end.
    pub fn check_credentials(&self, current: &[u8]) -> Result<bool, SessionError> {
        let (holds, session, principal) = self.look(|state| {
            let ground = &state.ground;
            let stored =
                ground.base.stored().filter(|_| !matches!(ground.changes.privilege, Privilege::Login(_)));
            let mark = stored.and_then(|stored| Some((stored, stored.record.metadata().credential()?)));
            let holds = match (&ground.changes.seldom().credential, mark) {
                (Some(Credentials::Bind(bound)), _) => bound.ct_eq(current).into(),
                (Some(Credentials::Forget), _) | (None, None) => true,
                (None, Some((stored, mark))) => {
                    *mark == CredentialMark::of(&stored.token.selector(), current)
                }
            };
            (holds, stored.map(|stored| stored.token.selector()), ground.principal().cloned())
        });
        if !holds {
            self.invalidate()?;
            let principal = principal.as_ref().map(Principal::key);
            let about = About { session, principal, ..About::default() };
            self.exchange().core.tell(EventKind::Revoked(Reason::Credentials), about);
        }
        Ok(holds)
    }
}
