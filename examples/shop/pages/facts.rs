//! What the session knows about itself.

use std::time::{Duration, UNIX_EPOCH};

use askama::Template;
use http::StatusCode;
use session_runtime::{Clock as _, Session, SessionError, SystemClock, Timestamp};

use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::Shop;

use super::frame::Frame;

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

/// A point in time, exactly and as people say it.
struct Moment {
    exact: String,
    distance: String,
}

pub(crate) fn facts(session: &Session<Shop>) -> Result<Reply, SessionError> {
    let page = Facts {
        frame: Frame::of(session, View::Facts)?,
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

impl Moment {
    fn new(time: Timestamp) -> Self {
        let system = UNIX_EPOCH + Duration::from_millis(time.unix_millis());
        let now = SystemClock.now();
        let rounded = |distance: Duration| {
            let coarse = if distance.as_secs() < 60 { 1 } else { 60 };
            let whole = Duration::from_secs(distance.as_secs() / coarse * coarse);
            humantime::format_duration(whole).to_string()
        };
        Self {
            exact: humantime::format_rfc3339_seconds(system).to_string(),
            distance: if time > now {
                format!("in {}", rounded(time.since(now)))
            } else {
                format!("{} ago", rounded(now.since(time)))
            },
        }
    }
}
