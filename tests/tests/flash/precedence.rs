//! Several values under one key: the later, the explicit one, the arrived one.

use serde_json::{Value, json};
use session_runtime::{Session, SessionError};

use super::stage::{Shop, Visitor};

#[tokio::test]
async fn a4_50_a_second_flash_of_a_key_replaces_the_first() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.flash("cart", json!({ "a": 1 })).unwrap();
            session.flash("cart", json!({ "b": 2 })).unwrap();
            session.notice().flash("first").unwrap();
            session.flash("notice", "second").unwrap();
        })
        .await;
    let all = visitor.visit(|session| Value::from(session.flash_messages().all()));
    assert_eq!(
        all.await,
        json!({ "cart": { "b": 2 }, "notice": "second" }),
        "values replace, and are not merged"
    );
}

type Step = fn(&Session<Shop>);

#[tokio::test]
async fn a5_57_a6_59_c_17_reflash_loses_to_explicit_flash_in_any_order() {
    let explicit: Step = |session| session.flash("cart", json!({ "a": "new" })).unwrap();
    let kept: [Step; 4] = [
        |session| session.reflash().unwrap(),
        |session| session.reflash_only(&["cart"]).unwrap(),
        |session| session.reflash_only(&["cart.a"]).unwrap(),
        |session| session.reflash_except(&["cart.b"]).unwrap(),
    ];
    for (number, keep) in kept.into_iter().enumerate() {
        for order in [[explicit, keep], [keep, explicit]] {
            let visitor = Visitor::new();
            visitor.visit(|session| session.flash("cart", json!({ "a": 1, "b": 2 })).unwrap()).await;
            visitor.visit(move |session| order.iter().for_each(|step| step(session))).await;
            let cart = visitor.visit(|session| session.flash_messages().get::<Value>("cart").unwrap());
            assert_eq!(cart.await, Some(json!({ "a": "new" })), "call {number}");
            assert!(visitor.visit(|session| session.flash_messages().is_empty()).await, "call {number}");
        }
    }
}

#[tokio::test]
async fn g_64_t_15_now_keep_reflash_and_put_on_one_key() {
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    let seen = visitor.visit(|session| {
        session.notice().now("now").unwrap();
        session.put("notice", "field").unwrap();
        session.notice().keep().unwrap();
        session.reflash().unwrap();
        (session.notice().get().unwrap(), session.flash_messages().get::<String>("notice").unwrap())
    });
    assert_eq!(seen.await, (Some("now".to_owned()), Some("now".to_owned())));
    assert_eq!(visitor.notice().await.as_deref(), Some("arrived"), "what was kept is what had arrived");
    let after =
        visitor.visit(|session| (session.notice().get().unwrap(), session.get::<String>("notice").unwrap()));
    assert_eq!(
        after.await,
        (None, Some("field".to_owned())),
        "a field does not age, and now was never stored"
    );
    visitor
        .visit(|session| {
            session.notice().now("now").unwrap();
            session.notice().flash("next").unwrap();
            session.notice().keep().unwrap();
        })
        .await;
    assert_eq!(visitor.notice().await.as_deref(), Some("next"), "now and flash are two things");
}

#[tokio::test]
async fn t_16_no_deep_merge_and_reserved_keys() {
    let visitor = Visitor::new();
    visitor.visit(|session| session.flash("list", json!([{ "a": 1 }, 2])).unwrap()).await;
    visitor
        .visit(|session| {
            session.reflash().unwrap();
            session.flash("list", json!([{ "b": 1 }])).unwrap();
            for key in ["_old:form", "_errors:form", "_intended", "_intended.x"] {
                let refused = session.flash(key, 1).unwrap_err();
                assert!(
                    matches!(&refused, SessionError::ReservedFlash { key: named } if named.as_str() == key)
                );
                assert!(session.flash_map([("fine", 1), (key, 1)]).is_err());
                assert!(session.now(key, 1).is_err());
            }
        })
        .await;
    let all = visitor.visit(|session| Value::from(session.flash_messages().all()));
    assert_eq!(
        all.await,
        json!({ "list": [{ "b": 1 }] }),
        "not merged by index; of a refused map nothing is left"
    );
}
