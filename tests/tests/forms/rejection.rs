//! A refused form is an answer: a 303 back to its page, with what is wrong and what was typed.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::json;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, Fault, SpyDriver};
use session_runtime::{Input, Rejection, Session, SessionError, Sessions};

use super::site::{Answer, Site, done};

/// One `?` for what is wrong with a form, and one for the session.
fn contact(session: &Session, request: &Request<Bytes>) -> Answer {
    let input = Input::from_urlencoded(request.body());
    let form = session.form("contact").back_or(request, "/contact");
    let email = form.accept(&input, address(input.text("email")))?;
    session.put("email", email)?;
    Ok(session.redirect("/thanks").with("notice", "Sent.")?.response())
}

fn address(text: &str) -> Result<&str, [(&'static str, &'static str); 1]> {
    if text.contains('@') { Ok(text) } else { Err([("email", "Not an address.")]) }
}

#[tokio::test]
async fn one_question_mark_is_a_303() {
    let site = Site::new();
    let fields = [("email", " nobody "), ("password", "hunter2")];
    let answer = site.post("/contact", &fields, contact).await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/contact")));
    assert!(answer.body().is_empty());
    let page = site.run(|session| {
        let form = session.form("contact");
        (form.errors().first("email").map(str::to_owned), form.old_input().as_value().clone())
    });
    assert_eq!(page.await, (Some("Not an address.".to_owned()), json!({ "email": " nobody " })));

    let answer = site.post("/contact", &[("email", "ada@example.org")], contact).await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/thanks")));
    site.run(|session| {
        assert_eq!(session.flash_messages().get::<String>("notice").unwrap().as_deref(), Some("Sent."));
        assert_eq!(session.get::<String>("email").unwrap().as_deref(), Some("ada@example.org"));
    })
    .await;
    assert!(site.run(|session| session.flash_messages().is_empty()).await);
}

#[tokio::test]
async fn a6_68_a_failed_validation_goes_back_with_its_query() {
    let site = Site::new();
    let answer = |referer: &'static str| {
        site.send(
            move |browser| browser.post("/contact").header("referer", referer).form(&[("email", "x")]),
            contact,
        )
    };
    let ours = answer("https://shop.example/contact?to=sales&page=2").await;
    assert_eq!(ours.location(), Some("/contact?to=sales&page=2"));
    for referer in ["https://evil.example/contact?x", "https://shop.example.evil/", "garbage", ""] {
        assert_eq!(answer(referer).await.location(), Some("/contact"), "{referer}");
    }
}

#[tokio::test]
async fn a6_67_a_validation_error_flashes_input_without_passwords() {
    let site = Site::new();
    let fields =
        [("email", "x"), ("password", "hunter2"), ("password_confirmation", "hunter2"), ("_csrf", "t")];
    site.post("/contact", &fields, contact).await;
    let old = site.run(|session| session.form("contact").old_input()).await;
    assert_eq!(*old.as_value(), json!({ "email": "x" }));
}

#[tokio::test]
async fn a8_26_a8_27_input_is_optional() {
    let site = Site::new();
    let answer = site
        .post("/contact", &[("email", "x")], |session, request| {
            let input = Input::from_urlencoded(request.body());
            let form = session.form("contact").back_to("/contact").without_input();
            form.accept(&input, address(input.text("email")))?;
            Ok(done())
        })
        .await;
    assert_eq!(answer.location(), Some("/contact"));
    let (errors, old) =
        site.run(|session| (session.form("contact").errors(), session.form("contact").old_input())).await;
    assert!(errors.has("email") && old.is_empty());
}

#[tokio::test]
async fn a_rejection_comes_on_top_of_what_the_handler_said_before() {
    let site = Site::new();
    site.post("/contact", &[], |session, _| {
        let form = session.form("contact").back_to("/contact");
        form.flash_errors([("name", "Empty.")])?;
        form.accept(&Input::new(), Err::<(), _>([("email", "Empty.")]))?;
        Ok(done())
    })
    .await;
    let errors = site.run(|session| session.form("contact").errors()).await;
    assert!(errors.has("name") && errors.has("email"));
}

#[tokio::test]
async fn what_is_accepted_leaves_no_old_messages() {
    let site = Site::new();
    site.post("/contact", &[("email", "x")], contact).await;
    // Sent again from another tab, before the page with the messages was seen.
    site.post("/contact", &[("email", "ada@example.org")], contact).await;
    let (errors, old) =
        site.run(|session| (session.form("contact").errors(), session.form("contact").old_input())).await;
    assert!(errors.is_empty() && old.is_empty());
}

#[tokio::test]
async fn accepting_costs_no_write() {
    let site = Site::new();
    site.post("/contact", &[], |session, _| {
        session.form("contact").accept(&Input::new(), Ok::<_, &str>(()))?;
        Ok(done())
    })
    .await;
    assert!(site.is_untouched());
}

#[tokio::test]
async fn an_instance_finds_its_way_back() {
    let site = Site::new();
    let answer = site
        .post("/item?_form=tab-1", &[("n", "x")], |session, request| {
            let form = session.form("item").instance_of(request).back_to("/item?id=7");
            form.accept(&Input::from_urlencoded(request.body()), Err::<(), _>([("n", "No number.")]))?;
            Ok(done())
        })
        .await;
    assert_eq!(answer.location(), Some("/item?id=7&_form=tab-1"));
    let page = answer.location().unwrap().to_owned();
    let answer = site
        .send(
            |browser| browser.get(&page),
            |session, request| {
                assert!(session.form("item").errors().is_empty(), "not the other tab's");
                assert!(session.form("item").instance_of(request).errors().has("n"));
                Ok(done())
            },
        )
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_session_error_stays_one() {
    let site = Site::new();
    site.run(|session| session.put("a", 1).unwrap()).await;
    let failing = site.post("/contact", &[("email", "x")], |session, request| {
        let input = Input::from_urlencoded(request.body());
        session.form("contact").accept(&input, Err::<(), _>("closed")).unwrap_err();
        Err(Rejection::from(SessionError::Conflict { key: "a".into() }))
    });
    assert_eq!(failing.await.status(), StatusCode::CONFLICT);
    assert!(site.run(|session| session.form("contact").errors().is_empty()).await, "a failure keeps nothing");

    site.look(|session| {
        let refused = session.form("contact").accept(&Input::new(), Err::<(), _>("closed"));
        assert!(matches!(refused, Err(Rejection::Session(SessionError::ReadOnly))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_away_is_503_and_not_a_redirect() {
    let spy = SpyDriver::new(MemoryDriver::new());
    let store = spy.clone();
    let site = Site::with(|_| Sessions::builder(store));
    site.run(|session| session.put("a", 1).unwrap()).await;
    spy.fail(Call::Apply, Fault::Unavailable);
    let answer = site.post("/contact", &[("email", "x")], contact).await;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SERVICE_UNAVAILABLE, None));
}
