//! Points in time as pages show them.

use std::time::{Duration, UNIX_EPOCH};

use session_runtime::{Clock as _, SystemClock, Timestamp};

/// A point in time: for machines, for people, and as people say it.
pub(super) struct Moment {
    pub(super) exact: String,
    pub(super) shown: String,
    pub(super) distance: String,
}

impl Moment {
    pub(super) fn new(time: Timestamp) -> Self {
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
