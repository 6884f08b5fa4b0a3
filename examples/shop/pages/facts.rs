//! What the session knows about itself.

use askama::Template;
use http::StatusCode;
use session_runtime::{Session, SessionError};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;
use super::moment::Moment;

#[derive(Template)]
#[template(path = "facts.html")]
struct Facts {
    frame: Frame,
    fresh: bool,
    stored: Option<Stored>,
    signed_in: Option<Moment>,
    views: u64,
}

/// What is known of a session only once it is stored.
struct Stored {
    selector: String,
    id: String,
    created: Moment,
    expires: Moment,
}

pub(crate) fn facts(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let page = Facts {
        frame: Frame::of(session, Some(View::Facts))?,
        fresh: session.is_fresh(),
        stored: stored(session),
        signed_in: session.authenticated_at().map(Moment::new),
        views: session.views().get()?,
    };
    Ok(reply::page(StatusCode::OK, &page))
}

fn stored(session: &Session<Shop>) -> Option<Stored> {
    Some(Stored {
        // It names the session and does not open it, so that its owner may see it.
        selector: session.selector()?.to_string(),
        id: session.id()?,
        created: Moment::new(session.created_at()?),
        expires: Moment::new(session.expires_at()?),
    })
}
