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

/// A point in time: for machines, for people, and as people say it.
struct Moment {
    exact: String,
    shown: String,
    distance: String,
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

impl Moment {
    fn new(time: Timestamp) -> Self {
        let system = UNIX_EPOCH + Duration::from_millis(time.unix_millis());
        let exact = humantime::format_rfc3339_seconds(system).to_string();
        let now = SystemClock.now();
        Self {
            shown: exact.replace('T', " ").replace('Z', " UTC"),
            exact,
            distance: match (rounded(time.since(now)), rounded(now.since(time))) {
                (Some(ahead), _) => format!("in {ahead}"),
                (_, Some(behind)) => format!("{behind} ago"),
                (None, None) => "just now".to_owned(),
            },
        }
    }
}

/// In whole minutes, or in seconds where there is no minute; `None` for less than a second.
fn rounded(distance: Duration) -> Option<String> {
    let coarse = if distance.as_secs() < 60 { 1 } else { 60 };
    let seconds = distance.as_secs() / coarse * coarse;
    (seconds > 0).then(|| humantime::format_duration(Duration::from_secs(seconds)).to_string())
}
