//! Tokens against forged requests.

use crate::error::SessionError;

use super::untyped::UntypedSession;

impl UntypedSession {
    /// A token for a form of this page: 43 characters of base64url, which need no escaping. The form sends it back in the
    /// hidden field `_csrf`, a script in the header `X-CSRF-Token`; [`Sessions::csrf`](crate::Sessions::csrf) refuses
    /// what comes without it.
    ///
    /// Every call gives another one; all of them hold until the session is regenerated, elevated, logged in to or
    /// ended. After one of these calls it is the token of the session that the commit leads to.
    ///
    /// A visitor without a session gets none by this, read-only handles may call it, and nothing is written to the
    /// store: his browser keeps the key, sealed, in a cookie that ends with the browser (`__Host-csrf` beside
    /// `__Host-id`, else `<name>-csrf`; see [`Builder::keys`](crate::Builder::keys)). The first session that he gets
    /// without logging in takes the key over, so that his open forms hold. Ask for the token before the response
    /// leaves, not in a streaming body.
    ///
    /// ```
    /// # use session_runtime::{Session, SessionError};
    /// fn form(session: &Session) -> Result<String, SessionError> {
    ///     let token = session.csrf_token()?;
    ///     Ok(format!(r#"<form method="post"><input type="hidden" name="_csrf" value="{token}"></form>"#))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::Random`] without random bytes; [`SessionError::Committed`] when there is no session, and the
    /// response head has left that could have carried the cookie.
    pub fn csrf_token(&self) -> Result<String, SessionError> {
        let key = self.exchange.key_to_render()?;
        Ok(key.token(&*self.exchange.core.random)?)
    }

    /// Whether `token` is one of this session, or of this visitor. For what comes by other ways than a
    /// [guarded](crate::Sessions::csrf) request: the first message of a socket, for instance. Takes the same time for
    /// every token.
    #[must_use]
    pub fn accepts_csrf_token(&self, token: &str) -> bool {
        self.exchange.key_to_check().is_some_and(|key| key.accepts(token))
    }

    /// Whether the browser remembers a session that is no more: it expired, was ended, or was replaced by a login in
    /// another tab. A page can say so, instead of looking as if nobody had ever been here.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.exchange.is_stale()
    }
}
