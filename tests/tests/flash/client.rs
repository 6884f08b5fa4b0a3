//! What tests of an application do with flash: seed it, and look at it without eating it.

use std::time::Duration;

use serde_json::json;
use session_runtime::{SessionError, Untyped};

use super::stage::{Shop, Visitor};

#[tokio::test]
async fn a4_65_a5_63_a6_72_a_session_with_flash_is_seeded() {
    let visitor = Visitor::new();
    let seeded = visitor.browser.seed::<Shop>(&visitor.world.sessions, |session| {
        session.theme().set("dark")?;
        session.notice().flash("seeded")?;
        session.flash("status", json!({ "n": 1 }))?;
        session.form("contact").flash_errors([("email", "Not an address.")])
    });
    seeded.await.unwrap();
    let seen = visitor.visit(|session| {
        let status = session.flash_messages().get::<u8>("status.n").unwrap();
        let wrong = session.form("contact").errors().first("email").map(str::to_owned);
        (session.theme().get().unwrap(), session.notice().get().unwrap(), status, wrong)
    });
    let expected = (Some("seeded".to_owned()), Some(1), Some("Not an address.".to_owned()));
    let (theme, notice, status, wrong) = seen.await;
    assert_eq!((&*theme, (notice, status, wrong)), ("dark", expected));
}

#[tokio::test]
async fn a4_68_a4_69_a5_65_a6_73_flash_old_and_errors_are_asserted_without_eating_them() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.theme().set("dark").unwrap();
            session.notice().flash("saved").unwrap();
            session.export().flash("ready").unwrap();
            let form = session.form("contact");
            form.flash_input(&json!({ "email": "ada" })).unwrap();
            form.flash_errors([("email", "Not an address.")]).unwrap();
        })
        .await;
    for _ in 0..2 {
        let session = visitor.browser.peek::<Shop>(&visitor.world.sessions).await.unwrap();
        assert_eq!(session.theme().get().unwrap(), "dark");
        assert_eq!(session.notice().get().unwrap().as_deref(), Some("saved"));
        assert_eq!(session.export().get().unwrap().as_deref(), Some("ready"));
        let form = session.form("contact");
        assert!(form.errors().has("email") && !form.errors().has("message"));
        assert_eq!(form.old_text("email"), "ada");
        assert!(matches!(session.notice().flash("x"), Err(SessionError::ReadOnly)));
        assert!(matches!(session.commit().await, Err(SessionError::ReadOnly)));
    }
    assert_eq!(visitor.notice().await.as_deref(), Some("saved"));
    let gone = visitor.browser.peek::<Untyped>(&visitor.world.sessions).await.unwrap();
    assert!(!gone.flash_messages().has("notice") && gone.flash_messages().has("export"));
}

#[tokio::test]
async fn g_72_73_a_browser_without_a_session_has_an_empty_one() {
    let visitor = Visitor::new();
    let nothing = visitor.browser.peek::<Shop>(&visitor.world.sessions).await.unwrap();
    assert!(nothing.is_empty() && nothing.flash_messages().is_empty() && nothing.is_readonly());
    visitor.flash("saved").await;
    visitor.later(Duration::from_secs(3_600 * 24 * 365));
    let expired = visitor.browser.peek::<Shop>(&visitor.world.sessions).await.unwrap();
    assert!(expired.is_empty() && expired.flash_messages().is_empty());
}
