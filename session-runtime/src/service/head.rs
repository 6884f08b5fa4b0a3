//! What a response says about the session: its cookie, and to caches that it depends on one.

use http::header::{CACHE_CONTROL, Entry, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY};

use crate::engine::Exchange;
use crate::state::CookieChange;

/// `Vary: Cookie` as soon as the session was asked for, `Cache-Control: private` if there was one and the handler said
/// nothing, `no-store` with a cookie (RFC 9111 sections 4.1 and 5.2.2; CVE-2023-30861, CVE-2026-27205).
pub(crate) fn write(exchange: &Exchange, headers: &mut HeaderMap) {
    if exchange.was_asked() {
        vary_by_cookie(headers);
    }
    let (cookie, existed) = {
        let state = exchange.state();
        (state.cookie, state.existed)
    };
    if let Some(cookie) = cookie {
        let line = cookie_line(exchange, cookie);
        // Written once, even if the handler has finished its session by hand.
        if !headers.get_all(SET_COOKIE).into_iter().any(|present| *present == line) {
            headers.append(SET_COOKIE, line);
        }
        if !lists(headers, &CACHE_CONTROL, &["no-store"]) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    } else if existed && exchange.was_asked() {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private"));
    }
}

fn vary_by_cookie(headers: &mut HeaderMap) {
    if let Entry::Vacant(vacant) = headers.entry(VARY) {
        vacant.insert(HeaderValue::from_static("cookie"));
    } else if !lists(headers, &VARY, &["cookie", "*"]) {
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
}

fn cookie_line(exchange: &Exchange, cookie: CookieChange) -> HeaderValue {
    let cookies = &exchange.core.cookies;
    match cookie {
        CookieChange::Live { token, until } => cookies.live(&token, until.since(exchange.core.now())),
        CookieChange::Removal => cookies.removal(),
    }
}

/// Whether a header that holds a list names one of these members.
fn lists(headers: &HeaderMap, name: &HeaderName, members: &[&str]) -> bool {
    let wanted = |member: &str| members.iter().any(|wanted| member.trim().eq_ignore_ascii_case(wanted));
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(wanted)
}
