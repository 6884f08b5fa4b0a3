//! The page that was asked for before something else, a login mostly, had to come first.

use std::time::Duration;

use crate::error::SessionError;
use crate::local_path::LocalPath;
use crate::value::JsonText;

use super::load::SessionSource;
use super::navigation;
use super::untyped::UntypedSession;

impl UntypedSession {
    /// Remembers the page that this request asks for, to be returned to by [`intended_or`](Self::intended_or), for 30
    /// minutes. Whether it was.
    ///
    /// Only a page that the visitor navigates to is remembered: a GET for a document, by what browsers say of it
    /// (`Sec-Fetch-Mode`, `Sec-Fetch-Dest`), or where they say nothing by `Accept`. Frames, images, scripts and what is
    /// fetched ahead are not. A visitor without a session gets one. Nothing is remembered unless this is called.
    ///
    /// The path is the request's own: in a nested router of axum, which cuts it, give the `OriginalUri` to
    /// [`set_intended_url`](Self::set_intended_url).
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`], [`SessionError::FlashTooLarge`].
    pub fn remember_intended<R: SessionSource>(&self, request: &R) -> Result<bool, SessionError> {
        let target = request.uri().path_and_query();
        match target {
            Some(target) if navigation::is_one(request) => self.set_intended_url(target.as_str()),
            _ => Ok(false),
        }
    }

    /// Remembers a path of this site. What is none is refused (see [`LocalPath`]): `false`, and nothing changes.
    ///
    /// # Errors
    /// As [`remember_intended`](Self::remember_intended).
    pub fn set_intended_url(&self, path: &str) -> Result<bool, SessionError> {
        let Some(path) = LocalPath::parse(path) else {
            return Ok(false);
        };
        // A path has no character that could not be written.
        let json = JsonText::encode(path.as_str()).unwrap_or_else(|_| JsonText::null());
        self.put_bag(INTENDED, json, PATIENCE)?;
        Ok(true)
    }

    /// The page that is remembered. It stays so.
    #[must_use]
    pub fn intended_url(&self) -> Option<LocalPath> {
        let json = self.pending_bag(INTENDED).or_else(|| self.peek_bag(INTENDED))?;
        LocalPath::parse(&json.decode::<String>().ok()?)
    }

    /// The page that is remembered, and is no longer.
    ///
    /// # Errors
    /// As [`forget_intended_url`](Self::forget_intended_url).
    pub fn pull_intended_url(&self) -> Result<Option<LocalPath>, SessionError> {
        let url = self.intended_url();
        if url.is_some() {
            self.forget_intended_url()?;
        }
        Ok(url)
    }

    /// Remembers no page.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn forget_intended_url(&self) -> Result<(), SessionError> {
        self.forget_bag(INTENDED)
    }

    /// The page of this site that the visitor comes from: the path of `Referer`, if that is ours by the request's
    /// `Host`. Nothing is stored for it.
    #[must_use]
    pub fn previous_url<R: SessionSource>(&self, request: &R) -> Option<LocalPath> {
        navigation::came_from(request)
    }
}

/// How long the page is remembered.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// The key that it is kept under.
const INTENDED: &str = "_intended";
