//! The page for forms that the guard did not let through. A visitor whose session ended while he wrote gets what he wrote
//! back, to send it once more.

use askama::Template;
use http::StatusCode;
use session_runtime::csrf::{CsrfFault, CsrfRefusal};
use session_runtime::{Input, LocalPath};

use crate::problem::Problem;
use crate::reply::{self, Reply};

use super::frame::Frame;
use super::problem::failure;

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    frame: Frame,
    status: StatusCode,
    title: &'static str,
    words: &'static str,
    again: Option<&'a str>,
    fields: Vec<(&'a str, &'a str)>,
}

pub(crate) fn refused(refusal: &CsrfRefusal) -> Reply {
    let problem = match refusal.fault() {
        CsrfFault::Session(error) => return failure(error),
        CsrfFault::CrossSite | CsrfFault::Origin => Problem::Foreign,
        CsrfFault::TooLarge => Problem::TooLong(crate::forms::LONGEST),
        CsrfFault::TooSlow => Problem::TooSlow,
        CsrfFault::Stale => Problem::Ended,
        CsrfFault::Unreadable => Problem::Form,
        _ => Problem::Token,
    };
    // Without a token of the new session there is no way to send the form again, and the page says so.
    let token = refusal.session().and_then(|session| session.csrf_token().ok());
    // What a stranger asked for is an address of ours, or it is not written into a form.
    let target = refusal.head().uri.path_and_query().and_then(|target| LocalPath::parse(target.as_str()));
    let again = target
        .as_ref()
        .map(LocalPath::as_str)
        .filter(|_| matches!(refusal.fault(), CsrfFault::Stale) && token.is_some());
    let (title, words) = problem.words();
    let frame = Frame::bare(token.unwrap_or_default());
    let fields = typed(refusal.input());
    reply::page(refusal.status(), &Refused { frame, status: refusal.status(), title, words, again, fields })
}

/// What was typed, but for what is not shown again on any page.
fn typed(input: &Input) -> Vec<(&str, &str)> {
    let shown = input.names().filter(|name| *name != "pin");
    shown.flat_map(|name| input.all(name).iter().map(move |value| (name, value.as_str()))).collect()
}
