//! The form to write to the shop.

use askama::Template;
use http::StatusCode;
use http::request::Parts;
use session_runtime::{Form, Session, SessionError};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;
use super::sheet::{Sheet, Spec};

#[derive(Template)]
#[template(path = "contact.html")]
struct Contact {
    frame: Frame,
    sheet: Sheet,
}

/// The form, by the key of the tab that shows it: two letters that are written at once do not mix.
pub(crate) fn contact_form<'s>(session: &'s Session<Shop>, head: &Parts) -> Form<'s> {
    session.form("contact").instance_of(head).back_to(View::Contact.path())
}

pub(crate) fn contact(session: &Session<Shop>, head: &Parts) -> Result<Reply, SessionError> {
    let form = contact_form(session, head);
    let page = Contact {
        frame: Frame::of(session, Some(View::Contact))?,
        sheet: Sheet::of(&form, View::Contact.path(), &FIELDS, "Send"),
    };
    Ok(reply::page(StatusCode::OK, &page))
}

const FIELDS: [Spec; 4] = [
    Spec { name: "name", label: "Your name", kind: "text", autocomplete: "name" },
    Spec { name: "email", label: "Your address for the answer", kind: "email", autocomplete: "email" },
    Spec { name: "pin", label: "Order PIN", kind: "password", autocomplete: "off" },
    Spec { name: "message", label: "Message", kind: "textarea", autocomplete: "off" },
];
