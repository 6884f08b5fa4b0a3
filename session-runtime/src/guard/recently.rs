//! The guard of what needs a principal who proved not long ago who he is.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::time::Duration;

use crate::redirect::Rejection;
use crate::session::{HasPrincipal, SessionSource, Visit};

use super::signed_in::SignedIn;

/// A session whose principal proved within the last `SECONDS` who he is: by a login, or by
/// [`elevate`](crate::UntypedSession::elevate).
///
/// For what somebody at an unlocked screen must not do: a new password, another address, a payment. Everybody else is
/// refused as by [`SignedIn`], to which this dereferences. [`SignedIn::within`] is the same with an age that is known at run
/// time only.
///
/// ```
/// use http::{Request, Response};
/// use session_runtime::{RecentlySignedIn, Rejection, SessionSchema};
///
/// #[derive(SessionSchema)]
/// struct Shop {
///     #[session(principal)]
///     user: Option<u64>,
/// }
///
/// async fn change_password(request: Request<String>) -> Result<Response<String>, Rejection> {
///     let session = RecentlySignedIn::<Shop, 300>::load(&request).await?;
///     Ok(Response::new(format!("a new password for {}", session.principal())))
/// }
/// ```
pub struct RecentlySignedIn<S: HasPrincipal, const SECONDS: u64>(SignedIn<S>);

impl<S: HasPrincipal, const SECONDS: u64> RecentlySignedIn<S, SECONDS> {
    /// Loads the session of a request for those who proved not long ago who they are.
    ///
    /// # Errors
    /// As [`SignedIn::load`]; [`Rejection::NotSignedIn`] also if the proof is too old.
    pub fn load<R: SessionSource>(
        request: &R,
    ) -> impl Future<Output = Result<Self, Rejection>> + Send + use<S, R, SECONDS> {
        let (loading, visit) = (SignedIn::<S>::load(request), Visit::of(request));
        async move { loading.await?.proven_within(Duration::from_secs(SECONDS), visit).map(Self) }
    }

    /// The same without the promise.
    pub fn into_signed_in(self) -> SignedIn<S> {
        self.0
    }
}

impl<S: HasPrincipal, const SECONDS: u64> Deref for RecentlySignedIn<S, SECONDS> {
    type Target = SignedIn<S>;

    fn deref(&self) -> &SignedIn<S> {
        &self.0
    }
}

impl<S: HasPrincipal, const SECONDS: u64> fmt::Debug for RecentlySignedIn<S, SECONDS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
