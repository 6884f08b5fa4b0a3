//! Where the teas go, for visitors who are signed in.

use askama::Template;
use http::StatusCode;
use session_runtime::{Form, Session, SessionError};

use crate::cart;
use crate::catalogue::Price;
use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;
use super::sheet::{Sheet, Spec};

#[derive(Template)]
#[template(path = "checkout.html")]
struct Checkout {
    frame: Frame,
    sheet: Sheet,
    total: Price,
}

pub(crate) fn checkout_form(session: &Session<Shop>) -> Form<'_> {
    session.form("checkout").back_to(View::Checkout.path())
}

pub(crate) fn checkout(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let page = Checkout {
        frame: Frame::of(session, Some(View::Checkout))?,
        sheet: Sheet::of(&checkout_form(session), View::Checkout.path(), &FIELDS, "Order"),
        total: cart::lines(&session.cart().get()?).iter().map(cart::Line::price).sum(),
    };
    Ok(reply::page(StatusCode::OK, &page))
}

const FIELDS: [Spec; 3] = [
    Spec { name: "name", label: "Name", kind: "text", autocomplete: "name" },
    Spec { name: "street", label: "Street and number", kind: "text", autocomplete: "street-address" },
    Spec { name: "town", label: "Postcode and town", kind: "text", autocomplete: "address-level2" },
];
