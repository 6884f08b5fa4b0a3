//! The form to sign in, also with what was wrong with it.

use askama::Template;
use http::StatusCode;
use session_runtime::{Session, SessionError};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    frame: Frame,
    name: &'a str,
    reason: Option<&'a str>,
}

pub(crate) fn login(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let page = Login { frame: Frame::of(session, Some(View::Login))?, name: "", reason: None };
    Ok(reply::page(StatusCode::OK, &page))
}

/// The form as it was sent, and why it will not do.
pub(crate) fn login_again(session: &Session<Shop>, name: &str, reason: &str) -> Result<Reply, SessionError> {
    let page = Login { frame: Frame::of(session, Some(View::Login))?, name, reason: Some(reason) };
    Ok(reply::page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
