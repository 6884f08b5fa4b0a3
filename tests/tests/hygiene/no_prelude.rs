//! A module without a prelude: `Option`, `Some`, `Clone`, `str` and the rest are not in scope.

#![no_implicit_prelude]

use ::core::prelude::v1::{derive, test};

#[derive(::session_runtime::SessionSchema)]
#[session(prefix = "bare_", rename_all = "camelCase")]
struct Bare {
    #[session(principal)]
    user: ::core::option::Option<u64>,
    #[session(default = "light", survives_logout, on_mismatch = "default", alias = "skin")]
    theme: ::std::string::String,
    #[session(default = 3, secret)]
    page_views: u64,
    #[session(flash)]
    notice: ::core::option::Option<::std::string::String>,
}

fn uses(
    session: &::session_runtime::Session<Bare>,
) -> ::core::result::Result<Bare, ::session_runtime::SessionError> {
    session.user().get()?;
    session.theme().get()?;
    session.page_views().get()?;
    session.notice().get()?;
    session.fill(session.snapshot::<Bare>()?)?;
    session.snapshot()
}

#[test]
fn every_path_is_absolute() {
    let _ = uses;
    ::core::assert_eq!(
        super::keys::<Bare>(),
        [
            ("user", "bare_user"),
            ("theme", "bare_theme"),
            ("page_views", "bare_pageViews"),
            ("notice", "bare_notice"),
        ]
    );
}
