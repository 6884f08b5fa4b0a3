//! How long sessions live by what was said of them, and what begins their lives anew.

use std::time::Duration;

use super::*;
use crate::record::{Lifetime, Verdict};

const HOUR: Duration = Duration::from_secs(3_600);

/// The record that the script leads to, two hours and a half after it was made.
fn after(start: Start, script: &str) -> Metadata {
    let mut request = Request::starting(start).run(&format!("no-flash; {script}"));
    if let Base::Stored(stored) = &mut request.ground.base {
        let deadlines = Deadlines::starting(NOW, DAY, DAY * 30);
        let metadata = Metadata { deadlines, ..stored.record.metadata().clone() };
        stored.record = Record::new(metadata, stored.record.fields().clone(), Vec::new());
    }
    request.now = NOW.saturating_add(HOUR * 5 / 2);
    match request.plan(Occasion::Response { failed: false }) {
        Plan::Create(new) => new.record.metadata().clone(),
        Plan::Apply(apply) => match request.ground.base.record().unwrap().apply(&apply.commit) {
            Verdict::Store(record, _) => record.metadata().clone(),
            other => panic!("`{script}`: {other:?}"),
        },
        other => panic!("`{script}`: {other:?}"),
    }
}

/// Deadlines in hours since then.
fn left(metadata: &Metadata) -> [u64; 2] {
    let then = NOW.saturating_add(HOUR * 5 / 2);
    let Deadlines { idle, absolute } = metadata.deadlines;
    [idle, absolute].map(|end| end.since(then).as_secs() / 3_600)
}

#[test]
fn a_login_starts_both_deadlines_anew_and_nothing_else_does() {
    let days = |days: u64| days * 24;
    for start in [Anonymous, Owned] {
        assert_eq!(left(&after(start, "login 1")), [2, days(30)], "{start:?}");
        for script in ["set b 1", "regenerate"] {
            assert_eq!(left(&after(start, script)), [21, days(30) - 3], "{start:?}: `{script}`");
        }
    }
    assert_eq!(left(&after(Owned, "elevate")), [21, days(30) - 3]);
}

#[test]
fn a_life_is_chosen_with_a_login() {
    for start in [Nothing, Anonymous, Owned] {
        for (script, expected, lifetime) in [
            ("login 1", [2, 30 * 24], Lifetime::default()),
            ("login 1; usual", [2, 30 * 24], Lifetime::default()),
            (
                "login 1; remember",
                [30 * 24, 90 * 24],
                Lifetime { idle_for: Some(DAY * 30), remembered: true },
            ),
            ("login 1; live 3 5", [72, 120], Lifetime { idle_for: Some(DAY * 3), remembered: false }),
            ("login 1; live 9 5", [120, 120], Lifetime { idle_for: Some(DAY * 9), remembered: false }),
        ] {
            let metadata = after(start, script);
            assert_eq!(left(&metadata), expected, "{start:?}: `{script}`");
            let said = Lifetime { idle_for: metadata.idle_for(), remembered: metadata.is_remembered() };
            assert_eq!(said, lifetime, "{start:?}: `{script}`");
        }
    }
}

#[test]
fn a_session_of_nobody_lives_as_was_chosen() {
    assert_eq!(left(&after(Nothing, "set a 1; live 3 5")), [72, 120]);
    assert_eq!(left(&after(Anonymous, "regenerate; live 3 5")), [72, 120]);
    assert_eq!(left(&after(Anonymous, "regenerate; usual")), [2, 30 * 24]);
}

/// A session that is to live this long, `minutes` after it was last used.
fn remembered(minutes: u64, deadlines: Deadlines) -> Request {
    let mut request = Request::starting(Owned).run("no-flash");
    let Base::Stored(stored) = &mut request.ground.base else { unreachable!("a stored start") };
    let mut metadata =
        Metadata { deadlines, authenticated_at: Some(NOW), ..stored.record.metadata().clone() };
    metadata.more_mut().idle_for = Some(DAY * 30);
    stored.record = Record::new(metadata, Fields::new(), Vec::new());
    request.now = NOW.saturating_add(Duration::from_secs(minutes * 60));
    request
}

#[test]
fn a_long_life_is_touched_as_often_as_any_so_that_it_is_known_when_it_was_seen() {
    for (minutes, expected) in [(0, "unchanged"), (24, "unchanged"), (25, "touch"), (600, "touch")] {
        let request = remembered(minutes, Deadlines::starting(NOW, DAY * 30, DAY * 90));
        assert_eq!(told(&request.plan(Occasion::Explicit)), expected, "{minutes} minutes");
        let Plan::Apply(apply) = request.plan(Occasion::Explicit) else { continue };
        assert_eq!(
            apply.commit.idle_until,
            Some(request.now.saturating_add(DAY * 30)),
            "by its own idle time"
        );
    }
}

#[test]
fn a_short_life_is_touched_in_fifths_of_its_own() {
    for (minutes, expected) in [(1, "unchanged"), (2, "unchanged"), (3, "touch")] {
        let mut request = remembered(minutes, Deadlines::starting(NOW, HOUR / 6, DAY * 90));
        let Base::Stored(stored) = &mut request.ground.base else { unreachable!("a stored start") };
        let mut metadata = stored.record.metadata().clone();
        metadata.more_mut().idle_for = Some(HOUR / 6);
        stored.record = Record::new(metadata, Fields::new(), Vec::new());
        assert_eq!(told(&request.plan(Occasion::Explicit)), expected, "{minutes} minutes of ten");
    }
}

#[test]
fn near_its_end_a_principals_session_is_touched_for_when_it_was_seen() {
    let end = NOW.saturating_add(DAY * 20);
    for (minutes, expected) in [(24, "unchanged"), (25, "touch")] {
        let request = remembered(minutes, Deadlines { idle: end, absolute: end });
        assert_eq!(told(&request.plan(Occasion::Explicit)), expected, "{minutes} minutes");
    }
}
