//! The guard of what needs a principal. In: a session. Out: the same with its principal, or what the request is answered.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::time::Duration;

use crate::redirect::{NotSignedIn, Rejection};
use crate::session::{HasPrincipal, Session, SessionSource, Visit};

/// A session whose principal is there, and is of the schema's type.
///
/// An extractor of axum; anywhere else made by [`load`](SignedIn::load). Whoever is not signed in is answered with 401; or,
/// if the application [says where](crate::Builder::login_at) its login is and a browser asked for a page, is sent there,
/// and [`intended_or`](crate::UntypedSession::intended_or) leads back. Dereferences to the session.
///
/// ```
/// use http::{Request, Response};
/// use session_runtime::{Rejection, SessionError, SessionSchema, SignedIn};
///
/// #[derive(SessionSchema)]
/// struct Shop {
///     #[session(principal)]
///     user: Option<u64>,
///     views: u64,
/// }
///
/// async fn orders(request: Request<String>) -> Result<Response<String>, Rejection> {
///     let session = SignedIn::<Shop>::load(&request).await?;
///     session.views().increment()?;
///     Ok(Response::new(format!("the orders of {}", session.principal())))
/// }
///
/// // What hyper is given; a handler of axum returns the rejection as it is.
/// async fn serve(request: Request<String>) -> Result<Response<String>, SessionError> {
///     orders(request).await.or_else(Rejection::answer)
/// }
/// ```
pub struct SignedIn<S: HasPrincipal> {
    session: Session<S>,
    principal: S::Principal,
}

impl<S: HasPrincipal> SignedIn<S> {
    /// Loads the session of a request, as [`Session::load`] does, for those who are signed in.
    ///
    /// # Errors
    /// [`Rejection::NotSignedIn`] for all others; [`Rejection::Session`] when the session cannot be loaded, or its principal
    /// is of another type.
    pub fn load<R: SessionSource>(
        request: &R,
    ) -> impl Future<Output = Result<Self, Rejection>> + Send + use<S, R> {
        let (loading, visit) = (Session::load(request), Visit::of(request));
        async move { Self::admit(loading.await?, visit) }
    }

    /// The same of a session that was loaded before.
    ///
    /// # Errors
    /// As [`load`](SignedIn::load).
    pub fn of<R: SessionSource>(session: Session<S>, request: &R) -> Result<Self, Rejection> {
        Self::admit(session, Visit::of(request))
    }

    /// Who is signed in.
    pub const fn principal(&self) -> &S::Principal {
        &self.principal
    }

    /// The session.
    pub fn into_session(self) -> Session<S> {
        self.session
    }

    /// Goes on only if the principal proved within the last `max_age` who he is, by a login or by
    /// [`elevate`](crate::UntypedSession::elevate): before a new password, another address, a payment.
    ///
    /// # Errors
    /// [`Rejection::NotSignedIn`] if that was longer ago.
    pub fn within<R: SessionSource>(self, max_age: Duration, request: &R) -> Result<Self, Rejection> {
        self.proven_within(max_age, Visit::of(request))
    }

    pub(super) fn proven_within(self, max_age: Duration, visit: Visit) -> Result<Self, Rejection> {
        if self.session.is_proven_within(max_age) {
            return Ok(self);
        }
        Err(NotSignedIn::refuse(&self.session, visit, true))
    }

    fn admit(session: Session<S>, visit: Visit) -> Result<Self, Rejection> {
        match S::present(&session)? {
            Some(principal) => Ok(Self { session, principal }),
            None => Err(NotSignedIn::refuse(&session, visit, false)),
        }
    }
}

impl<S: HasPrincipal> Deref for SignedIn<S> {
    type Target = Session<S>;

    fn deref(&self) -> &Session<S> {
        &self.session
    }
}

/// Shows nothing of the principal.
impl<S: HasPrincipal> fmt::Debug for SignedIn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("session", &self.session).finish_non_exhaustive()
    }
}
