//! What waits for a form's page: for that page only, and not for ever.

use std::time::Duration;

use http::Request;

use super::site::Site;

#[tokio::test]
async fn two_forms_do_not_mix() {
    let site = Site::new();
    // Two tabs, one after the other, before either page is seen.
    site.run(|session| session.form("contact").flash_errors([("email", "c")]).unwrap()).await;
    site.run(|session| {
        session.form("login").flash_errors([("email", "l")]).unwrap();
        session.form("login").flash_input(&serde_json::json!({ "email": "l@x" })).unwrap();
    })
    .await;
    let contact = site
        .run(|session| {
            let form = session.form("contact");
            (form.errors(), form.old_text("email"))
        })
        .await;
    assert_eq!((contact.0.of("email"), contact.1.as_str()), (&["c".to_owned()][..], ""));
    let login = site
        .run(|session| {
            let form = session.form("login");
            (form.errors(), form.old_text("email"))
        })
        .await;
    assert_eq!((login.0.of("email"), login.1.as_str()), (&["l".to_owned()][..], "l@x"));
}

#[tokio::test]
async fn two_instances_do_not_mix() {
    let site = Site::new();
    site.run(|session| session.form("item").instance("7").flash_errors([("n", "seven")]).unwrap()).await;
    site.run(|session| session.form("item").instance("8").flash_errors([("n", "eight")]).unwrap()).await;
    // A form whose name looks like an instance of another is another.
    site.run(|session| session.form("item#7").flash_errors([("n", "odd")]).unwrap()).await;
    let errors = site
        .run(|session| {
            let of = |form: session_runtime::Form<'_>| form.errors().first("n").map(str::to_owned);
            let item = || session.form("item");
            (of(item().instance("8")), of(item().instance("7")), of(item()), of(session.form("item#7")))
        })
        .await;
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(errors, (some("eight"), some("seven"), None, some("odd")));
}

#[tokio::test]
async fn an_instance_is_named_by_the_query_or_made_anew() {
    let site = Site::new();
    site.run(|session| {
        let instance_of = |uri: &str| {
            let request = Request::builder().uri(uri).body(()).unwrap();
            session.form("item").instance_of(&request).instance_key().map(str::to_owned)
        };
        assert_eq!(instance_of("/item?a=b&_form=tab-1").as_deref(), Some("tab-1"));
        let made = instance_of("/item").unwrap();
        assert_eq!(made.len(), 8);
        assert_ne!(instance_of("/item").unwrap(), made);
        let long = "x".repeat(33);
        for bad in ["", "a+b", "a%23b", "a%22%3E", long.as_str()] {
            assert_eq!(instance_of(&format!("/item?_form={bad}")).unwrap().len(), 8, "{bad}");
        }
        let form = session.form("item").instance("tab-1");
        assert_eq!(form.action("/item?a=b&_form=old").as_str(), "/item?a=b&_form=tab-1");
        assert_eq!(form.action("//evil.example").as_str(), "/?_form=tab-1");
        assert_eq!(session.form("item").instance("a#b").instance_key(), None);
    })
    .await;
}

#[tokio::test]
async fn bags_wait_for_their_own_page() {
    let site = Site::new();
    site.run(|session| session.form("contact").flash_errors([("email", "bad")]).unwrap()).await;
    // Another page, another redirect, a failed page, a page for reading only.
    site.run(|session| session.flash("notice", "hello").unwrap()).await;
    site.run(|session| session.form("login").errors()).await;
    site.run_to(500, |session| assert!(session.form("contact").errors().has("email"))).await;
    site.look(|session| assert!(session.form("contact").errors().has("email"))).await;
    site.clock.advance(Duration::from_secs(299));
    assert!(site.run(|session| session.form("contact").errors().has("email")).await);
}

#[tokio::test]
async fn a_bag_is_gone_after_its_page_was_read() {
    let site = Site::new();
    let refuse = |session: &session_runtime::Session| {
        session.form("contact").flash_errors([("email", "bad")]).unwrap();
        session.form("contact").flash_input(&serde_json::json!({ "email": "x" })).unwrap();
    };
    let seen = |session: &session_runtime::Session| {
        let form = session.form("contact");
        (form.errors().has("email"), form.old_text("email"))
    };
    site.run(refuse).await;
    assert_eq!(site.run(seen).await, (true, "x".to_owned()));
    assert_eq!(site.run(seen).await, (false, String::new()));
    site.run(refuse).await;
    site.clock.advance(Duration::from_secs(300));
    assert_eq!(site.run(seen).await, (false, String::new()), "nor does it wait for ever");
}

#[tokio::test]
async fn a_kept_bag_is_there_for_one_more_page() {
    let site = Site::new();
    site.run(|session| session.form("contact").flash_errors([("email", "bad")]).unwrap()).await;
    let read_and_keep = site.run(|session| {
        let form = session.form("contact");
        form.keep().unwrap();
        form.errors().has("email")
    });
    assert!(read_and_keep.await);
    assert!(site.run(|session| session.form("contact").errors().has("email")).await);
    assert!(!site.run(|session| session.form("contact").errors().has("email")).await);
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_forgetting_nothing_writes_nothing() {
    let site = Site::new();
    site.run(|session| session.form("contact").forget().unwrap()).await;
    assert!(site.is_untouched());
    site.run(|session| session.form("contact").flash_errors("closed").unwrap()).await;
    site.run(|session| session.form("contact").forget().unwrap()).await;
    assert!(site.run(|session| session.form("contact").errors().is_empty()).await);
}
