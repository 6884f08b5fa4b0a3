//! What a response says about the session: its cookie, and to caches that it depends on one.

use http::header::{CACHE_CONTROL, Entry, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY};

use crate::config::MOST_CHUNKS;
use crate::engine::Exchange;
use crate::state::{CookieChange, VisitorCookie};

/// `Vary: Cookie` as soon as the session was asked for, `Cache-Control: private` if there was one and the handler said
/// nothing, `no-store` with a cookie (RFC 9111 sections 4.1 and 5.2.2; CVE-2023-30861, CVE-2026-27205).
///
/// The cookie stays with the request, for the case that this response never leaves.
pub(crate) fn write(exchange: &Exchange, headers: &mut HeaderMap, failed: bool) {
    write_as(exchange, headers, failed, |cookie| cookie.clone());
}

/// The same for the response that leaves.
pub(crate) fn write_last(exchange: &Exchange, headers: &mut HeaderMap, failed: bool) {
    write_as(exchange, headers, failed, Option::take);
}

fn write_as(
    exchange: &Exchange,
    headers: &mut HeaderMap,
    failed: bool,
    decided: impl FnOnce(&mut Option<CookieChange>) -> Option<CookieChange>,
) {
    let mut state = exchange.state();
    let visitor = state.visitor_cookie();
    let (cookie, chunks, existed) = (decided(&mut state.cookie), state.chunks, state.existed);
    drop(state);
    write_visitor(exchange, visitor, headers, failed);
    if exchange.was_asked() {
        vary_by_cookie(headers);
    }
    if let Some(cookie) = cookie {
        write_cookie(exchange, cookie, chunks, headers);
        forbid_storing(headers);
    } else if existed && exchange.was_asked() {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private"));
    }
}

/// A visitor's key, unless the response is about a failure; and the page that holds his token is for nobody else.
fn write_visitor(exchange: &Exchange, visitor: VisitorCookie, headers: &mut HeaderMap, failed: bool) {
    let visitors = &exchange.core.visitors;
    match visitor {
        VisitorCookie::Kept { rendered: true } => {
            headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private"));
        }
        VisitorCookie::Kept { .. } => {}
        VisitorCookie::Removal if !visitors.came(&exchange.state().csrf.presented) => {}
        VisitorCookie::Removal => append(headers, visitors.removal()),
        VisitorCookie::Live(_) if failed => {}
        VisitorCookie::Live(key) => match exchange.visitor_line(&key) {
            Ok(line) => {
                append(headers, line);
                forbid_storing(headers);
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(target: "session", event = "csrf.no_cookie", error, "a form was written that no cookie belongs to");
            }
        },
    }
}

fn forbid_storing(headers: &mut HeaderMap) {
    if !lists(headers, &CACHE_CONTROL, &["no-store"]) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn vary_by_cookie(headers: &mut HeaderMap) {
    if let Entry::Vacant(vacant) = headers.entry(VARY) {
        vacant.insert(HeaderValue::from_static("cookie"));
    } else if !lists(headers, &VARY, &["cookie", "*"]) {
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
}

/// The lines that say so, and those that take away the chunks of a sealed session that are not replaced.
fn write_cookie(exchange: &Exchange, cookie: CookieChange, chunks: u64, headers: &mut HeaderMap) {
    let cookies = &exchange.core.cookies;
    let live = match cookie {
        CookieChange::Live { token, until, remembered } => {
            append(headers, cookies.live(&token, until.since(exchange.core.now()), remembered));
            1
        }
        CookieChange::Sealed(lines) => {
            let count = lines.len();
            for line in lines {
                append(headers, line);
            }
            count
        }
        CookieChange::Removal => {
            append(headers, cookies.removal(0));
            1
        }
    };
    let left = (live..MOST_CHUNKS).take_while(|index| chunks >> index != 0);
    for index in left.filter(|index| chunks >> index & 1 == 1) {
        append(headers, cookies.removal(index));
    }
}

/// Written once, even if the handler has finished its session by hand.
fn append(headers: &mut HeaderMap, line: HeaderValue) {
    if !headers.get_all(SET_COOKIE).into_iter().any(|present| *present == line) {
        headers.append(SET_COOKIE, line);
    }
}

/// Whether a header that holds a list names one of these members.
fn lists(headers: &HeaderMap, name: &HeaderName, members: &[&str]) -> bool {
    let wanted = |member: &str| members.iter().any(|wanted| member.trim().eq_ignore_ascii_case(wanted));
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(wanted)
}
