//! What a guard has to know of a request that it may refuse: where to send it, and whereto it wants.

use http::uri::PathAndQuery;

use crate::local_path::LocalPath;

use super::load::{Attached, SessionSource};
use super::navigation;

/// What the browser asked for, before routers cut it. The service leaves it in a request's extensions where guards may have
/// to remember it.
#[derive(Clone)]
pub(crate) struct AskedFor(pub(crate) PathAndQuery);

/// Where a request is sent if its visitor has to sign in first.
pub(crate) struct Visit {
    /// The login, for a page in front of somebody, if the application has one.
    pub(crate) login_at: Option<LocalPath>,
    /// The page that was asked for, if asking for it again does the same.
    pub(crate) target: Option<LocalPath>,
}

impl Visit {
    /// Where no login is configured nothing is looked at.
    pub(crate) fn of<R: SessionSource>(request: &R) -> Self {
        let attached = request.extensions().get::<Attached>();
        let login_at = attached.and_then(|Attached(exchange)| exchange.core.policy.login_at.clone());
        let Some(login_at) = login_at.filter(|_| navigation::is_page(request)) else {
            return Self { login_at: None, target: None };
        };
        let whole = request.extensions().get::<AskedFor>().map(|AskedFor(target)| target);
        let target = whole.or(request.uri().path_and_query()).filter(|_| navigation::is_one(request));
        let target = target.and_then(|target| LocalPath::parse(target.as_str()));
        Self { login_at: Some(login_at), target }
    }
}
