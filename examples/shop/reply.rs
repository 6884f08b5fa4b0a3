//! Responses: a page, a redirect, a file. All of them carry the same security headers.

use askama::Template;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};
use http_body_util::Full;
use session_runtime::Redirect;

use crate::route::{Asset, View};

/// What the shop answers with.
pub type Reply = Response<Full<Bytes>>;

/// A rendered template.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Reply {
    match template.render() {
        Ok(html) => {
            let mut reply = reply(status, "text/html; charset=utf-8", html.into());
            // What a page shows is one visitor's business, and outdated after the next action.
            reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            reply
        }
        Err(error) => {
            tracing::error!(%error, "a template cannot be rendered");
            reply(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", Bytes::new())
        }
    }
}

/// A redirect that is followed by a GET (RFC 9110 section 15.4.4), so that a reload does not repeat the action.
pub(crate) fn see_other(view: View) -> Reply {
    let mut reply = reply(StatusCode::SEE_OTHER, "text/plain", Bytes::new());
    reply.headers_mut().insert(LOCATION, HeaderValue::from_static(view.path()));
    reply
}

/// A redirect to wherever the session knows.
pub(crate) fn redirect(redirect: &Redirect) -> Reply {
    let mut reply = reply(StatusCode::SEE_OTHER, "text/plain", Bytes::new());
    if let Ok(path) = HeaderValue::from_str(redirect.path().as_str()) {
        reply.headers_mut().insert(LOCATION, path);
    }
    reply
}

/// A file.
pub(crate) fn asset(asset: Asset) -> Reply {
    let (media, bytes) = match asset {
        Asset::Style => ("text/css; charset=utf-8", STYLE),
        Asset::Icon => ("image/svg+xml", ICON),
    };
    let mut reply = reply(StatusCode::OK, media, Bytes::from_static(bytes));
    let cache = HeaderValue::from_static("public, max-age=300");
    reply.headers_mut().insert(CACHE_CONTROL, cache);
    reply
}

fn reply(status: StatusCode, media: &'static str, bytes: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(bytes));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, media),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    reply
}

/// No scripts, no frames; style, pictures and forms from and to here.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
const STYLE: &[u8] = include_bytes!("static/style.css");
const ICON: &[u8] = include_bytes!("static/icon.svg");
