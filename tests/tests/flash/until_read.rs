//! Flash that waits until a request reads it.

use std::time::Duration;

use http::{Method, StatusCode};
use session_runtime::{Session, SessionSchema};

use super::stage::{Shop, Visitor};

const AGE: Duration = Duration::from_secs(600);
const MOMENT: Duration = Duration::from_millis(1);

async fn export(visitor: &Visitor) -> Option<String> {
    visitor.visit(|session| session.export().get().unwrap()).await
}

async fn leave_export(visitor: &Visitor) {
    visitor.visit(|session| session.export().flash("ready").unwrap()).await;
}

/// How many entries are stored, whoever may see them.
async fn stored(visitor: &Visitor) -> usize {
    visitor.request().readonly().run(|session| session.flash_messages().keys().count()).await
}

#[tokio::test]
async fn a_slot_waits_until_it_is_read() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    for _ in 0..4 {
        visitor.flash("other flash comes and goes").await;
    }
    assert_eq!(export(&visitor).await.as_deref(), Some("ready"));
    assert_eq!(export(&visitor).await, None);
}

#[tokio::test]
async fn it_is_gone_after_its_age_to_the_millisecond() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    visitor.later(AGE.checked_sub(MOMENT).unwrap());
    let seen = visitor.request().readonly().run(|session| session.export().get().unwrap());
    assert_eq!(seen.await.as_deref(), Some("ready"));
    visitor.later(MOMENT);
    assert_eq!(export(&visitor).await, None);

    visitor.visit(|session| session.welcome().flash("hello").unwrap()).await;
    visitor.later(Duration::from_secs(3_599));
    let welcome = || visitor.request().readonly().run(|session| session.welcome().is_set());
    assert!(welcome().await, "an hour, where nothing else was written");
    visitor.later(Duration::from_secs(1));
    assert!(!welcome().await);
}

#[tokio::test]
async fn reading_in_a_failed_or_read_only_request_does_not_count() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    let read = |session: &Session<Shop>| session.export().get().unwrap();
    let failed = visitor.request().status(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(failed.run(read).await.as_deref(), Some("ready"));
    assert_eq!(visitor.request().readonly().run(read).await.as_deref(), Some("ready"));
    assert_eq!(visitor.request().method(Method::HEAD).run(read).await.as_deref(), Some("ready"));
    assert_eq!(export(&visitor).await.as_deref(), Some("ready"));
    assert_eq!(export(&visitor).await, None);
}

#[tokio::test]
async fn asking_whether_it_is_set_is_no_reading() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    let asked = visitor.visit(|session| {
        let flash = session.flash_messages();
        (session.export().is_set(), flash.has("export"), flash.is_empty(), flash.keys().count())
    });
    assert_eq!(asked.await, (true, true, false, 1));
    assert_eq!(export(&visitor).await.as_deref(), Some("ready"));
}

#[tokio::test]
async fn every_way_to_get_it_is_reading() {
    type Read = fn(&Session<Shop>);
    let ways: [Read; 5] = [
        |session| assert!(session.export().get().unwrap().is_some()),
        |session| assert!(session.flash_messages().get::<String>("export").unwrap().is_some()),
        |session| assert!(!session.flash_messages().get_or("export", String::new()).unwrap().is_empty()),
        |session| assert!(session.flash_messages().all().contains_key("export")),
        |session| assert!(session.snapshot::<Shop>().unwrap().export.is_some()),
    ];
    for (number, read) in ways.into_iter().enumerate() {
        let visitor = Visitor::new();
        leave_export(&visitor).await;
        visitor.visit(read).await;
        assert_eq!(stored(&visitor).await, 0, "way {number}");
    }
}

#[tokio::test]
async fn a_path_into_it_reads_it() {
    let visitor = Visitor::new();
    let report = serde_json::json!({ "name": "a.pdf" });
    visitor.visit(move |session| session.flash_until_read("report", report, AGE).unwrap()).await;
    visitor.visit(|session| assert!(session.flash_messages().has("report.name"))).await;
    let name = visitor.visit(|session| session.flash_messages().get::<String>("report.name").unwrap());
    assert_eq!(name.await.as_deref(), Some("a.pdf"));
    assert_eq!(stored(&visitor).await, 0);
}

#[tokio::test]
async fn the_untyped_session_leaves_it_for_as_long_as_it_says() {
    let visitor = Visitor::new();
    visitor.visit(|session| session.flash_until_read("report", 1, Duration::from_secs(5)).unwrap()).await;
    visitor.later(Duration::from_secs(4));
    assert_eq!(stored(&visitor).await, 1);
    visitor.later(Duration::from_secs(1));
    assert_eq!(stored(&visitor).await, 0);
}

#[tokio::test]
async fn what_is_left_anew_takes_the_place_of_what_waits() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    visitor.visit(|session| session.export().flash("newer").unwrap()).await;
    assert_eq!(export(&visitor).await.as_deref(), Some("newer"));
    assert_eq!(stored(&visitor).await, 0, "and the older one does not come back");
}

#[tokio::test]
async fn what_is_kept_waits_though_it_was_read() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    let read = visitor.visit(|session| {
        session.export().keep().unwrap();
        session.export().get().unwrap()
    });
    assert_eq!(read.await.as_deref(), Some("ready"));
    visitor.visit(|_| ()).await;
    visitor.later(AGE.checked_sub(MOMENT).unwrap());
    assert_eq!(export(&visitor).await.as_deref(), Some("ready"), "with the age that it had");
    assert_eq!(export(&visitor).await, None);
}

#[tokio::test]
async fn another_schema_does_not_eat_it() {
    #[derive(SessionSchema)]
    struct Pulse {
        beats: u64,
    }
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    for _ in 0..2 {
        let beat = async |session: Session<Pulse>| session.beats().increment().unwrap();
        visitor.request().run_as(beat).await;
    }
    assert_eq!(export(&visitor).await.as_deref(), Some("ready"));
}

#[tokio::test]
async fn expired_entries_go_with_the_next_request_that_may_write() {
    let visitor = Visitor::new();
    leave_export(&visitor).await;
    visitor.later(AGE);
    visitor.request().readonly().run(|_| ()).await;
    visitor.visit(|_| ()).await;
    if !Visitor::carries_its_session() {
        let commits = visitor.world.spy.commits();
        let consumed: Vec<&[u64]> = commits.iter().map(|commit| &*commit.flash.consume).collect();
        assert_eq!(consumed, [&[0_u64]], "one commit of three requests, and it takes the entry away");
    }
}
