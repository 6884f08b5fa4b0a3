//! Which requests consume flash, and which leave it.

use http::{Method, StatusCode};
use session_runtime::testing::{Call, Fault, Gate};

use super::stage::Visitor;

#[tokio::test]
async fn head_and_prefetch_spare_flash() {
    let visitor = Visitor::new();
    visitor.flash("saved").await;
    let ahead = [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "Prefetch"),
        ("x-moz", "prefetch"),
    ];
    for (name, value) in ahead {
        let seen = visitor.request().header(name, value).run(|session| session.notice().get().unwrap());
        assert_eq!(seen.await.as_deref(), Some("saved"), "{name}: {value}");
    }
    let head = visitor.request().method(Method::HEAD);
    head.run(|session| session.cart().set(vec!["tea".to_owned()]).unwrap()).await;
    let (notice, cart) = visitor
        .request()
        .header("sec-purpose", "navigate")
        .run(|session| (session.notice().get().unwrap(), session.cart().get().unwrap()))
        .await;
    assert_eq!(notice.as_deref(), Some("saved"));
    assert_eq!(cart, ["tea"], "what such a request writes is stored");
    assert_eq!(visitor.notice().await, None, "any other purpose is a page that is shown");
}

#[tokio::test]
async fn every_other_method_consumes() {
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let visitor = Visitor::new();
        visitor.flash("saved").await;
        visitor.request().method(method.clone()).run(|_| ()).await;
        assert_eq!(visitor.notice().await, None, "{method}");
    }
}

#[tokio::test]
async fn two_requests_at_once_see_it_and_none_loses_a_later_one() {
    let visitor = Visitor::new();
    visitor.flash("first").await;
    let (gate, held) = (Gate::closed(), Gate::closed());
    let slow = {
        let (gate, held) = (gate.clone(), held.clone());
        visitor.request().run_async(async move |session| {
            held.open();
            gate.pass().await;
            session.notice().get().unwrap()
        })
    };
    let fast = async {
        held.pass().await;
        let seen = visitor.visit(|session| {
            session.notice().flash("second").unwrap();
            session.notice().get().unwrap()
        });
        let seen = seen.await;
        gate.open();
        seen
    };
    let (slow, fast) = tokio::join!(slow, fast);
    assert_eq!((slow.as_deref(), fast.as_deref()), (Some("first"), Some("first")));
    // Of two answers with sealed sessions a browser keeps the later one, as the documentation of cookies says.
    let second = if Visitor::carries_its_session() { None } else { Some("second") };
    assert_eq!(visitor.notice().await.as_deref(), second);
    assert_eq!(visitor.notice().await, None);
}

#[tokio::test]
async fn a_request_that_was_superseded_consumes_nothing() {
    let visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.user().login(7).unwrap();
            session.notice().flash("saved").unwrap();
        })
        .await;
    let (gate, held) = (Gate::closed(), Gate::closed());
    let slow = {
        let (gate, held) = (gate.clone(), held.clone());
        visitor.request().run_async(async move |session| {
            held.open();
            gate.pass().await;
            session.notice().get().unwrap()
        })
    };
    let elevated = async {
        held.pass().await;
        visitor
            .visit(|session| {
                session.elevate().unwrap();
                session.reflash().unwrap();
            })
            .await;
        gate.open();
    };
    assert_eq!(tokio::join!(slow, elevated).0.as_deref(), Some("saved"));
    assert_eq!(visitor.notice().await.as_deref(), Some("saved"));
}

#[tokio::test]
async fn t_15_a_commit_that_fails_ages_nothing_and_one_that_is_tried_again_ages_once() {
    if Visitor::carries_its_session() {
        return a_session_that_does_not_fit_keeps_its_flash().await;
    }
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    visitor.world.spy.fail(Call::Apply, Fault::Unavailable);
    for _ in 0..2 {
        let failing = visitor.request().answered(StatusCode::SERVICE_UNAVAILABLE);
        let seen = failing.run(|session| {
            session.notice().flash("of a commit that failed").unwrap();
            session.notice().get().unwrap()
        });
        assert_eq!(seen.await.as_deref(), Some("arrived"));
    }
    visitor.world.spy.recover();
    assert_eq!(visitor.notice().await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await, None);
}

/// Where a commit cannot fail for want of a store, it can for want of room.
async fn a_session_that_does_not_fit_keeps_its_flash() {
    let visitor = Visitor::with(|builder| builder.max_record_bytes(1_000));
    visitor.flash("arrived").await;
    let failing = visitor.request().answered(StatusCode::PAYLOAD_TOO_LARGE);
    failing.run(|session| session.cart().set(vec!["x".repeat(2_000)]).unwrap()).await;
    assert_eq!(visitor.notice().await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await, None);
}

#[tokio::test]
async fn an_explicit_commit_consumes_nothing_and_shows_nothing_new() {
    let visitor = Visitor::new();
    visitor.flash("arrived").await;
    let seen = visitor.request().run_async(async |session| {
        session.notice().flash("left by the commit").unwrap();
        session.commit().await.unwrap();
        let between = session.notice().get().unwrap();
        session.flash("other", 1).unwrap();
        between
    });
    assert_eq!(seen.await.as_deref(), Some("arrived"));
    assert_eq!(visitor.notice().await.as_deref(), Some("left by the commit"));
    assert_eq!(visitor.notice().await, None);
}

#[tokio::test]
async fn a_websocket_like_read_only_task_eats_nothing() {
    let visitor = Visitor::new();
    visitor.visit(|session| session.export().flash("ready").unwrap()).await;
    visitor.flash("saved").await;
    let session = visitor.request().readonly().run(Clone::clone).await;
    for _ in 0..3 {
        session.reload().await.unwrap();
        assert_eq!(session.notice().get().unwrap().as_deref(), Some("saved"));
        assert_eq!(session.export().get().unwrap().as_deref(), Some("ready"));
    }
    assert!(session.commit().await.is_err());
    let seen = visitor.visit(|session| (session.notice().get().unwrap(), session.export().get().unwrap()));
    assert_eq!(seen.await, (Some("saved".to_owned()), Some("ready".to_owned())));
}
