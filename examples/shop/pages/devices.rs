//! Where the visitor is signed in, and his password.

use askama::Template;
use http::StatusCode;
use session_runtime::{Device, Form, Session, SessionError, Sessions, SignedIn};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;
use super::moment::Moment;
use super::sheet::{Sheet, Spec};

#[derive(Template)]
#[template(path = "devices.html")]
struct Page {
    frame: Frame,
    sheet: Sheet,
    devices: Vec<Row>,
}

/// One session of the visitor's.
struct Row {
    selector: String,
    agent: String,
    address: Option<String>,
    signed_in: Option<Moment>,
    seen: Moment,
    is_current: bool,
}

pub(crate) fn password_form(session: &Session<Shop>) -> Form<'_> {
    session.form("password").back_to(View::Devices.path())
}

pub(crate) async fn devices(session: &SignedIn<Shop>, sessions: &Sessions) -> Result<Reply, SessionError> {
    let devices = sessions.of(session.principal())?.list().await?;
    let page = Page {
        frame: Frame::of(session, Some(View::Devices))?,
        sheet: Sheet::of(&password_form(session), "/password", &FIELDS, "Change password"),
        devices: devices.iter().map(|device| Row::of(device, session)).collect(),
    };
    Ok(reply::page(StatusCode::OK, &page))
}

impl Row {
    fn of(device: &Device, session: &Session<Shop>) -> Self {
        Self {
            // It names the session and does not open it.
            selector: device.selector.to_string(),
            agent: device.agent.as_deref().unwrap_or("A browser").to_owned(),
            address: device.address.as_deref().map(str::to_owned),
            signed_in: device.authenticated_at.map(Moment::new),
            seen: Moment::new(device.seen_at),
            is_current: device.is_current(session),
        }
    }

    /// Where the button is, for people who hear the page.
    fn label(&self) -> String {
        format!("End the session of {}", self.agent)
    }
}

const FIELDS: [Spec; 2] = [
    Spec {
        name: "password",
        label: "Present password, if you have set one",
        kind: "password",
        autocomplete: "current-password",
    },
    Spec { name: "new_password", label: "New password", kind: "password", autocomplete: "new-password" },
];
