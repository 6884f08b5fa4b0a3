//! What a request sees of what an earlier one left.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use session_runtime::SessionError;

use super::stage::Visitor;

#[tokio::test]
async fn a4_49_flash_of_a_map_is_read_by_the_next_request() {
    let visitor = Visitor::new();
    let seen = visitor.visit(|session| {
        session.flash_map([("status", json!("saved")), ("errors", json!(["a", "b"]))]).unwrap();
        session.flash_messages().is_empty()
    });
    assert!(seen.await, "not by the request that flashes it");
    let all = || visitor.visit(|session| Value::from(session.flash_messages().all()));
    assert_eq!(all().await, json!({ "status": "saved", "errors": ["a", "b"] }));
    assert_eq!(all().await, json!({}));
}

#[tokio::test]
async fn a4_55_a4_56_g_63_flash_is_read_in_the_next_request_and_gone() {
    let visitor = Visitor::new();
    visitor.flash("saved").await;
    assert_eq!(visitor.notice().await.as_deref(), Some("saved"), "the flash of the request before");
    assert_eq!(visitor.notice().await, None, "for one request that commits");
}

#[tokio::test]
async fn a5_53_a6_56_falsy_values_are_flashed() {
    let visitor = Visitor::new();
    let falsy = || [json!(0), json!(false), json!(""), json!([]), json!({}), json!(null)];
    visitor
        .visit(move |session| {
            for (number, value) in falsy().iter().enumerate() {
                session.flash(&format!("v{number}"), value).unwrap();
            }
        })
        .await;
    visitor
        .visit(move |session| {
            let flash = session.flash_messages();
            for (number, value) in falsy().iter().enumerate() {
                let key = format!("v{number}");
                assert_eq!(flash.all().get(&key), Some(value));
                assert_eq!(flash.has(&key), !value.is_null(), "{key}: null is nothing to read");
                assert_eq!(flash.get::<Value>(&key).unwrap(), Some(value.clone()).filter(|v| !v.is_null()));
            }
        })
        .await;
}

#[tokio::test]
async fn a5_54_flash_of_several_values() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.flash("a", 1).unwrap();
            session.flash_map([("b", 2), ("c", 3)]).unwrap();
            session.notice().flash("saved").unwrap();
        })
        .await;
    let keys = visitor.visit(|session| {
        let flash = session.flash_messages();
        flash.keys().map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(keys.await, ["a", "b", "c", "notice"]);
}

#[tokio::test]
async fn a5_59_get_has_all_is_empty_and_paths() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.flash("form", json!({ "user": { "name": "Ada", "tags": ["x", "y"] } })).unwrap();
            session.flash("a.b", "literal").unwrap();
            session.flash("a", json!({ "b": "below" })).unwrap();
        })
        .await;
    visitor
        .visit(|session| {
            let flash = session.flash_messages();
            assert_eq!(flash.get::<String>("form.user.name").unwrap().as_deref(), Some("Ada"));
            assert_eq!(flash.get::<String>("form.user.tags.1").unwrap().as_deref(), Some("y"));
            assert_eq!(flash.get::<String>("a.b").unwrap().as_deref(), Some("literal"), "a whole key wins");
            assert_eq!(flash.get_or("form.user.age", 7).unwrap(), 7);
            assert!(flash.has("form.user") && !flash.has("form.user.age") && !flash.has("missing"));
            assert!(!flash.is_empty());
            let mismatch = flash.get::<u64>("form.user.name").unwrap_err();
            assert!(matches!(mismatch, SessionError::Mismatch { .. }), "{mismatch}");
            assert!(!format!("{mismatch:?}").contains("Ada"), "no error repeats what was flashed");
        })
        .await;
    assert!(visitor.visit(|session| session.flash_messages().is_empty()).await);
}

#[tokio::test]
async fn a5_60_a6_39_what_is_flashed_now_is_not_what_arrived() {
    let visitor = Visitor::new();
    visitor.flash("old").await;
    let seen = visitor.visit(|session| {
        session.notice().flash("new").unwrap();
        (session.notice().get().unwrap(), session.flash_messages().get::<String>("notice").unwrap())
    });
    assert_eq!(seen.await, (Some("old".to_owned()), Some("old".to_owned())));
    assert_eq!(visitor.notice().await.as_deref(), Some("new"));
}

#[tokio::test]
async fn a5_61_flash_is_consumed_once_however_often_it_is_read() {
    let visitor = Visitor::new();
    visitor.flash("saved").await;
    let read = visitor.visit(|session| {
        let slot = session.notice();
        [slot.get().unwrap(), slot.get().unwrap(), session.flash_messages().get("notice").unwrap()]
    });
    assert_eq!(read.await, [const { "saved" }; 3].map(|text| Some(text.to_owned())));
    visitor.flash("unread").await;
    visitor.visit(|_| ()).await;
    assert_eq!(visitor.notice().await, None, "read or not");
}

#[tokio::test]
async fn a6_31_clear_keeps_pending_flash_and_what_arrived() {
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    let seen = visitor.visit(|session| {
        session.notice().flash("pending").unwrap();
        session.clear().unwrap();
        session.notice().get().unwrap()
    });
    assert_eq!(seen.await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await.as_deref(), Some("pending"));
}

#[tokio::test]
async fn a4_71_a5_68_a6_78_flash_on_a_read_only_session_is_an_error() {
    let visitor = Visitor::new();
    visitor.flash("saved").await;
    visitor
        .request()
        .readonly()
        .run(|session| {
            let refused = [
                session.flash("a", 1),
                session.flash_map([("a", 1)]),
                session.flash_until_read("a", 1, std::time::Duration::from_secs(1)),
                session.now("a", 1),
                session.reflash(),
                session.reflash_only(&["notice"]),
                session.reflash_except(&["a"]),
                session.notice().flash("x"),
                session.notice().flash(None),
                session.notice().now("x"),
                session.notice().keep(),
                session.notice().discard(),
                session.export().flash("x"),
            ];
            for (number, refused) in refused.into_iter().enumerate() {
                assert!(matches!(refused, Err(SessionError::ReadOnly)), "call {number}: {refused:?}");
            }
        })
        .await;
    assert_eq!(visitor.notice().await.as_deref(), Some("saved"));
}

#[tokio::test]
async fn a8_24_a_skipped_field_is_not_flashed() {
    #[derive(Serialize)]
    struct Form {
        name: &'static str,
        #[serde(skip_serializing)]
        #[expect(dead_code, reason = "never written, as the story says")]
        card: &'static str,
    }
    let visitor = Visitor::new();
    visitor.visit(|session| session.flash("form", Form { name: "Ada", card: "4111" }).unwrap()).await;
    let flashed = visitor.visit(|session| session.flash_messages().get::<Value>("form").unwrap());
    assert_eq!(flashed.await, Some(json!({ "name": "Ada" })));
}

#[tokio::test]
async fn g_69_a_field_of_the_same_name_is_another_thing() {
    let visitor = Visitor::new();
    visitor.flash("flashed").await;
    visitor
        .visit(|session| {
            session.put("status", "field").unwrap();
            session.flash("status", "flashed").unwrap();
        })
        .await;
    for (flashed, when) in [(Some("flashed"), "next"), (None, "later")] {
        let (field, flash) = visitor
            .visit(|session| {
                session.forget("missing").unwrap();
                let flash = session.flash_messages().get::<String>("status").unwrap();
                (session.get::<String>("status").unwrap(), flash)
            })
            .await;
        assert_eq!((field.as_deref(), flash.as_deref()), (Some("field"), flashed), "{when}");
    }
}

#[tokio::test]
async fn t_11_a4_46_flash_and_failures() {
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    for status in [500, 502, 503, 599] {
        let failing = visitor.request().status(StatusCode::from_u16(status).unwrap());
        let seen = failing.run(|session| {
            session.notice().flash("of a failed request").unwrap();
            session.notice().get().unwrap()
        });
        assert_eq!(seen.await.as_deref(), Some("arrived"), "{status} neither eats nor leaves flash");
    }
    let refused = visitor.request().status(StatusCode::NOT_FOUND);
    assert_eq!(refused.run(|session| session.notice().get().unwrap()).await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await, None, "a 4xx is a page that was shown");
}

#[tokio::test]
async fn g_68_a_panic_ages_nothing() {
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    let panicking = visitor.panic_after(|session| {
        session.notice().flash("of a request that panics").unwrap();
        assert!(session.notice().is_set());
    });
    panicking.await;
    assert_eq!(visitor.notice().await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await, None);
}

#[tokio::test]
async fn with_commit_on_error_a_failed_page_has_shown_its_flash() {
    let visitor = Visitor::with(|builder| builder.commit_on_error(true));
    visitor.flash("arrived").await;
    let failing = visitor.request().status(StatusCode::INTERNAL_SERVER_ERROR);
    failing.run(|session| session.notice().flash("next").unwrap()).await;
    assert_eq!(visitor.notice().await.as_deref(), Some("next"));
}
