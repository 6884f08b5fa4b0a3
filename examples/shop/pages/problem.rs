//! Pages for what went wrong. They show no error's own text.

use askama::Template;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue};
use session_runtime::{Session, SessionError};

use crate::problem::{NO_SESSION, Problem};
use crate::reply::{self, Reply};
use crate::session::Shop;

use super::frame::Frame;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    status: StatusCode,
    title: &'static str,
    words: &'static str,
}

/// The answer to a request that cannot be done.
pub(crate) fn problem(session: &Session<Shop>, problem: &Problem) -> Result<Reply, SessionError> {
    tracing::debug!(%problem, "a request was refused");
    let mut reply = page(Frame::of(session, None)?, problem.status(), problem.words());
    if let Problem::Method(allowed) = problem {
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    }
    Ok(reply)
}

/// The answer when the session itself fails. Of the error only the status is shown.
pub(crate) fn failure(error: &SessionError) -> Reply {
    tracing::error!(error = error as &dyn std::error::Error, "a session failed");
    unavailable(error.status())
}

/// The page for a session that fails, whatever the error was.
pub(crate) fn unavailable(status: StatusCode) -> Reply {
    page(Frame::bare(String::new()), status, NO_SESSION)
}

fn page(frame: Frame, status: StatusCode, (title, words): (&'static str, &'static str)) -> Reply {
    let page = Page { frame, status, title, words };
    reply::page(status, &page)
}
