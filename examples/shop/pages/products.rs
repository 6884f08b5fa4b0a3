//! The product list, which counts its visits.

use askama::Template;
use http::StatusCode;
use session_runtime::{Session, SessionError};

use crate::catalogue::{PRODUCTS, Product};
use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;

#[derive(Template)]
#[template(path = "products.html")]
struct Products {
    frame: Frame,
    views: u64,
    shelf: &'static [Product],
}

pub(crate) fn products(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let views = if session.is_readonly() { session.views().get()? } else { session.views().increment()? };
    let page = Products { frame: Frame::of(session, Some(View::Products))?, views, shelf: &PRODUCTS };
    Ok(reply::page(StatusCode::OK, &page))
}
