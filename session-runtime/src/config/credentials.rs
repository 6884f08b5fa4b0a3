//! Where the application says what a principal's credentials are now.

use std::future::Future;

use crate::driver::{BoxError, BoxFuture};

/// Tells what the credentials of a principal are now, so that sessions which were
/// [bound](crate::UntypedSession::bind_credentials) to others end when they are loaded. Set by
/// [`Builder::credentials`](crate::Builder::credentials).
///
/// It is asked whenever a session that is bound is loaded, so it should be quick. It answers the same bytes that the session
/// was bound with: the password's hash as it is stored, or a number that is raised with each change; never a password.
///
/// ```
/// use std::collections::HashMap;
/// use session_runtime::CredentialSource;
/// use session_runtime::drivers::BoxError;
///
/// struct Accounts(HashMap<u64, String>);
///
/// impl CredentialSource for Accounts {
///     async fn current(&self, principal: &str) -> Result<Option<Vec<u8>>, BoxError> {
///         let user: u64 = principal.parse()?;
///         Ok(self.0.get(&user).map(|hash| hash.clone().into_bytes()))
///     }
/// }
/// ```
pub trait CredentialSource: Send + Sync + 'static {
    /// What the credentials of this principal are now; `None` for one that is no more. Both another answer than the one
    /// that the session was bound with and `None` end the session.
    ///
    /// The principal is given as JSON text: `42`, or `"ada"` with its quotes.
    ///
    /// # Errors
    /// Any, when it cannot be told: the request is answered with 503, and nobody is signed out. The text must not contain
    /// credentials, since it is logged.
    fn current(&self, principal: &str) -> impl Future<Output = Result<Option<Vec<u8>>, BoxError>> + Send;
}

/// The object-safe twin of [`CredentialSource`].
pub(crate) trait ErasedSource: Send + Sync {
    fn current<'a>(&'a self, principal: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, BoxError>>;
}

impl<S: CredentialSource> ErasedSource for S {
    fn current<'a>(&'a self, principal: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, BoxError>> {
        Box::pin(CredentialSource::current(self, principal))
    }
}
