//! The cart, with what it comes to.

use askama::Template;
use http::StatusCode;
use session_runtime::{Session, SessionError};

use crate::cart::{self, Line};
use crate::catalogue::Price;
use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;

#[derive(Template)]
#[template(path = "cart.html")]
struct Cart {
    frame: Frame,
    lines: Vec<Line>,
    total: Price,
}

pub(crate) fn cart(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let lines = cart::lines(&session.cart().get()?);
    let page = Cart {
        frame: Frame::of(session, Some(View::Cart))?,
        total: lines.iter().map(Line::price).sum(),
        lines,
    };
    Ok(reply::page(StatusCode::OK, &page))
}
