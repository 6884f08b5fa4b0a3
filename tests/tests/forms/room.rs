//! A form in a session that is nearly full: the way back stands, with as much as there is room for.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::json;
use session_runtime::drivers::{CookieDriver, KeyRing, Revocation};
use session_runtime::{Input, Session, SessionError, Sessions};

use super::site::{Answer, Site, done};

fn contact(session: &Session, request: &Request<Bytes>) -> Answer {
    let form = session.form("contact").back_to("/contact");
    form.accept(&Input::from_urlencoded(request.body()), Err::<(), _>([("email", "Not an address.")]))?;
    Ok(done())
}

/// A session that has to fit into one small cookie.
fn small() -> Site {
    Site::with(|builder| {
        let _replaced = builder;
        let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
        Sessions::builder(driver.max_bytes(1_000))
    })
}

#[tokio::test]
async fn row_20_it_drops_input_before_it_fails() {
    let site = small();
    let long = "x".repeat(2_000);
    let answer = site.post("/contact", &[("email", "x"), ("message", &long)], contact).await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/contact")));
    let (errors, old) =
        site.run(|session| (session.form("contact").errors(), session.form("contact").old_input())).await;
    assert_eq!(errors.first("email"), Some("Not an address."));
    assert!(old.is_empty());
}

#[tokio::test]
async fn row_20_messages_that_do_not_fit_become_one() {
    let site = small();
    let answer = site
        .post("/contact", &[("email", "x")], |session, request| {
            let wrong = vec![("email", "x".repeat(2_000))];
            let form = session.form("contact").back_to("/contact");
            form.accept(&Input::from_urlencoded(request.body()), Err::<(), _>(wrong))?;
            Ok(done())
        })
        .await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/contact")));
    let (errors, old) = site
        .run(|session| (session.form("contact").errors(), session.form("contact").old_text("email")))
        .await;
    assert_eq!(errors.general(), ["Please check the form."]);
    assert!(!errors.has("email"));
    assert_eq!(old, "x", "the input fits");
}

#[tokio::test]
async fn row_20_input_that_does_not_fit_is_an_error_that_names_it() {
    let site = small();
    site.run(|session| {
        let error = session.form("contact").flash_input(&json!({ "m": "x".repeat(2_000) })).unwrap_err();
        assert!(
            matches!(&error, SessionError::FlashTooLarge { key, .. } if key.as_str() == "_old:contact"),
            "{error}"
        );
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}
