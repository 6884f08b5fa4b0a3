//! Fields that are configured away are away everywhere.

use session_runtime::{Session, SessionError, SessionSchema};

#[derive(SessionSchema)]
struct Conditional {
    #[cfg(not(test))]
    first: Missing,
    #[cfg(test)]
    views: u64,
    #[cfg_attr(test, session(rename = "skin"))]
    theme: String,
    #[cfg(not(test))]
    #[session(principal)]
    last: Missing,
}

fn uses(session: &Session<Conditional>) -> Result<Conditional, SessionError> {
    session.views().get()?;
    session.snapshot()
}

#[test]
fn only_what_is_there_is_listed() {
    let _ = uses;
    assert_eq!(super::keys::<Conditional>(), [("views", "views"), ("theme", "skin")]);
}
