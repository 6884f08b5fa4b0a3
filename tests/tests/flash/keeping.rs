//! Flash that is carried on: whole, in parts, over redirects and logouts.

use serde_json::{Value, json};
use session_runtime::SessionError;

use super::stage::Visitor;

async fn flash_cart(visitor: &Visitor) {
    visitor
        .visit(|session| {
            session
                .flash("cart", json!({ "items": [1, 2, 3], "note": "x", "to": { "name": "Ada" } }))
                .unwrap();
            session.flash("notice", "saved").unwrap();
            session.flash("other", 1).unwrap();
        })
        .await;
}

async fn all(visitor: &Visitor) -> Value {
    visitor.visit(|session| Value::from(session.flash_messages().all())).await
}

#[tokio::test]
async fn row_48_flash_survives_a_chain_of_redirects_by_one_call() {
    let visitor = Visitor::new();
    flash_cart(&visitor).await;
    for _ in 0..5 {
        visitor.visit(|session| session.reflash().unwrap()).await;
    }
    let shown = all(&visitor).await;
    assert_eq!(shown["notice"], "saved");
    assert_eq!(shown.as_object().unwrap().len(), 3);
    assert_eq!(all(&visitor).await, json!({}));
}

#[tokio::test]
async fn a5_58_a6_58_reflash_only_and_except_take_dot_paths() {
    let visitor = Visitor::new();
    flash_cart(&visitor).await;
    visitor.visit(|session| session.reflash_only(&["cart.to.name", "cart.items.1", "notice"]).unwrap()).await;
    let left = json!({ "cart": { "items": [2], "to": { "name": "Ada" } }, "notice": "saved" });
    let kept = visitor.visit(|session| {
        session.reflash_except(&["cart.items", "notice", "cart.missing"]).unwrap();
        Value::from(session.flash_messages().all())
    });
    assert_eq!(kept.await, left);
    assert_eq!(all(&visitor).await, json!({ "cart": { "to": { "name": "Ada" } } }));
    assert_eq!(all(&visitor).await, json!({}));

    flash_cart(&visitor).await;
    visitor
        .visit(|session| session.reflash_only(&["cart.missing", "notice.below", "unknown"]).unwrap())
        .await;
    assert_eq!(all(&visitor).await, json!({}), "what is not there is not kept");
    flash_cart(&visitor).await;
    visitor.visit(|session| session.reflash_except(&[]).unwrap()).await;
    assert_eq!(all(&visitor).await.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn a6_58_several_reflash_calls_add_up() {
    let visitor = Visitor::new();
    flash_cart(&visitor).await;
    visitor
        .visit(|session| {
            session.reflash_only(&["cart.note"]).unwrap();
            session.reflash_only(&["cart.to"]).unwrap();
            session.reflash_only(&["other"]).unwrap();
        })
        .await;
    assert_eq!(all(&visitor).await, json!({ "cart": { "note": "x", "to": { "name": "Ada" } }, "other": 1 }));

    let whole_and_part: [[&'static [&'static str]; 2]; 2] =
        [[&["cart"], &["cart.note"]], [&["cart.note"], &["cart"]]];
    for calls in whole_and_part {
        flash_cart(&visitor).await;
        visitor.visit(move |session| calls.iter().for_each(|keys| session.reflash_only(keys).unwrap())).await;
        let cart = json!({ "cart": { "items": [1, 2, 3], "note": "x", "to": { "name": "Ada" } } });
        assert_eq!(all(&visitor).await, cart, "{calls:?}: the whole has its parts");
    }
}

#[tokio::test]
async fn g_65_keep_of_a_key_that_is_no_flash_does_nothing() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("theme", "dark").unwrap();
            session.cart().set(vec!["tea".to_owned()]).unwrap();
        })
        .await;
    for _ in 0..2 {
        visitor
            .visit(|session| {
                session.reflash_only(&["theme", "cart", "cart.0"]).unwrap();
                session.notice().keep().unwrap();
                assert!(session.flash_messages().is_empty());
            })
            .await;
    }
    let fields = visitor.visit(|session| (session.theme().get().unwrap(), session.cart().get().unwrap()));
    assert_eq!(fields.await, ("dark".to_owned(), vec!["tea".to_owned()]));
}

#[tokio::test]
async fn what_is_discarded_is_gone_though_it_was_kept_or_waits() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.notice().flash("a").unwrap();
            session.export().flash("b").unwrap();
        })
        .await;
    let left = visitor.visit(|session| {
        session.reflash().unwrap();
        session.notice().flash("c").unwrap();
        session.notice().now("d").unwrap();
        session.notice().discard().unwrap();
        session.export().discard().unwrap();
        (session.notice().is_set(), session.export().is_set())
    });
    assert_eq!(left.await, (false, false));
    assert_eq!(all(&visitor).await, json!({}));
}

#[tokio::test]
async fn logout_drops_unread_flash_and_carries_what_was_kept() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.user().login(7).unwrap();
            session.notice().flash("kept").unwrap();
            session.welcome().flash("kept and waiting").unwrap();
            session.export().flash("not kept").unwrap();
            session.flash("other", json!({ "a": 1, "b": 2 })).unwrap();
        })
        .await;
    visitor
        .visit(|session| {
            session.reflash_only(&["notice", "welcome", "other.a"]).unwrap();
            session.user().logout().unwrap();
            session.flash("bye", true).unwrap();
        })
        .await;
    let left = visitor.visit(|session| {
        let flash = session.flash_messages();
        flash.keys().map(str::to_owned).collect::<Vec<_>>()
    });
    let mut left = left.await;
    left.sort();
    assert_eq!(left, ["bye", "notice", "other", "welcome"]);
    assert_eq!(all(&visitor).await, json!({ "welcome": "kept and waiting" }), "what waits goes on waiting");

    visitor.visit(|session| session.notice().flash("lost").unwrap()).await;
    visitor.visit(|session| session.invalidate().unwrap()).await;
    assert_eq!(all(&visitor).await, json!({}), "an invalidated session leaves nothing");
}

#[tokio::test]
async fn nothing_is_kept_where_there_is_no_room_for_it() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(900));
    visitor.visit(|session| session.notice().flash("x".repeat(400)).unwrap()).await;
    let refused = visitor.visit(|session| {
        session.flash("new", "y".repeat(300)).unwrap();
        let refused = session.reflash().unwrap_err();
        assert!(session.reflash_only(&["missing"]).is_ok(), "nothing is kept, and nothing refused");
        refused
    });
    let refused = refused.await;
    assert!(
        matches!(&refused, SessionError::FlashTooLarge { key, limit: 900, .. } if key.as_str() == "notice"),
        "{refused:?}"
    );
    assert_eq!(all(&visitor).await, json!({ "new": "y".repeat(300) }));
}
