//! The answer that sends a browser to another page of the site.

use std::fmt;

use http::header::{HeaderValue, LOCATION};
use http::{Response, StatusCode};
use serde::Serialize;

use crate::error::SessionError;
use crate::local_path::LocalPath;
use crate::session::{SessionSource, UntypedSession};

/// A 303 to a path of this site: whatever the request was, the browser asks for that page next.
///
/// Made by [`redirect`](UntypedSession::redirect), [`back_or`](UntypedSession::back_or) and
/// [`intended_or`](UntypedSession::intended_or) of the session. It can lead nowhere else (see [`LocalPath`]).
///
/// ```
/// # use http::{Request, Response};
/// # use session_runtime::{Session, SessionError};
/// async fn save(request: Request<String>, session: Session) -> Result<Response<String>, SessionError> {
///     Ok(session.back_or(&request, "/").with("notice", "Saved.")?.response())
/// }
/// ```
#[derive(Clone)]
#[must_use = "a redirect does nothing until it is answered"]
pub struct Redirect {
    session: UntypedSession,
    path: LocalPath,
}

impl Redirect {
    /// Flashes a value for the page that it leads to; see [`UntypedSession::flash`].
    ///
    /// # Errors
    /// As there.
    pub fn with(self, key: &str, value: impl Serialize) -> Result<Self, SessionError> {
        self.session.flash(key, value)?;
        Ok(self)
    }

    /// Carries on to that page what arrived by flash for this request; see [`UntypedSession::reflash`].
    ///
    /// # Errors
    /// As there.
    pub fn carrying_flash(self) -> Result<Self, SessionError> {
        self.session.reflash()?;
        Ok(self)
    }

    /// Where it leads.
    #[must_use]
    pub const fn path(&self) -> &LocalPath {
        &self.path
    }

    /// The answer, with an empty body.
    #[must_use]
    pub fn response<B: Default>(&self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::SEE_OTHER;
        if let Ok(path) = HeaderValue::from_str(self.path.as_str()) {
            response.headers_mut().insert(LOCATION, path);
        }
        response
    }
}

impl UntypedSession {
    /// A redirect to a path of this site. What is none leads to `/`, with an event: for paths that the application
    /// writes; those of others go through [`LocalPath::parse`] and [`redirect_to`](Self::redirect_to).
    pub fn redirect(&self, path: &str) -> Redirect {
        self.redirect_to(own(path))
    }

    /// A redirect to a path that was checked before.
    pub fn redirect_to(&self, path: LocalPath) -> Redirect {
        Redirect { session: self.clone(), path }
    }

    /// A redirect to the page of this site that the visitor comes from, by the request's `Referer` and `Host`; to
    /// `fallback` if there is none.
    ///
    /// Behind a proxy that sends another `Host` on than browsers do, it is always `fallback`.
    pub fn back_or<R: SessionSource>(&self, request: &R, fallback: &str) -> Redirect {
        self.redirect_to(self.previous_url(request).unwrap_or_else(|| own(fallback)))
    }

    /// A redirect to the page that [`remember_intended`](Self::remember_intended) remembered, which is forgotten by that;
    /// to `fallback` if there is none.
    ///
    /// ```
    /// # use http::Response;
    /// # use session_runtime::{Session, SessionError};
    /// fn logged_in(session: &Session) -> Result<Response<String>, SessionError> {
    ///     Ok(session.intended_or("/")?.response())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn intended_or(&self, fallback: &str) -> Result<Redirect, SessionError> {
        let path = self.pull_intended_url()?.unwrap_or_else(|| own(fallback));
        Ok(self.redirect_to(path))
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirect").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A path that the application writes itself.
pub(super) fn own(path: &str) -> LocalPath {
    LocalPath::parse(path).unwrap_or_else(|| {
        tracing::warn!(target: "session", event = "redirect.no_path", "a redirect to what is no path of this site leads to `/`");
        LocalPath::root()
    })
}
