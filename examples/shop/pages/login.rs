//! The form to sign in.

use askama::Template;
use http::StatusCode;
use session_runtime::{Form, Session, SessionError};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;
use super::sheet::{Sheet, Spec};

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    frame: Frame,
    sheet: Sheet,
}

pub(crate) fn login_form(session: &Session<Shop>) -> Form<'_> {
    session.form("login").back_to(View::Login.path())
}

pub(crate) fn login(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let page = Login {
        frame: Frame::of(session, Some(View::Login))?,
        sheet: Sheet::of(&login_form(session), View::Login.path(), &FIELDS, "Sign in"),
    };
    Ok(reply::page(StatusCode::OK, &page))
}

const FIELDS: [Spec; 2] = [
    Spec { name: "name", label: "Your name", kind: "text", autocomplete: "username" },
    Spec {
        name: "password",
        label: "Password, if you have set one",
        kind: "password",
        autocomplete: "current-password",
    },
];
