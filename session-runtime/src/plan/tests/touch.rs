//! Touches: when activity counts, and how often it is written down.

use std::time::Duration;

use super::*;
use crate::config::Activity;

/// A request without flash, `minutes` after the session was made (of an idle timeout of 120).
fn minutes_later(minutes: u64) -> Request {
    let mut request = Request::starting(Owned).run("no-flash");
    request.now = NOW.saturating_add(Duration::from_secs(minutes * 60));
    request
}

#[test]
fn a_touch_is_due_below_four_fifths_of_the_idle_time() {
    let touched = ["touch", "touch", "unchanged", "touch"];
    for (minutes, expected) in [(0, ["unchanged"; 4]), (24, ["unchanged"; 4]), (25, touched), (119, touched)]
    {
        assert_eq!(minutes_later(minutes).plans(), expected, "{minutes} minutes after the last use");
    }
}

#[test]
fn what_counts_as_activity_is_the_policys_word() {
    use Access::{None, Passive, Read, Write};
    let rows = [
        (Activity::OnLoad, None, "unchanged"),
        (Activity::OnLoad, Read, "unchanged"),
        (Activity::OnLoad, Passive, "unchanged"),
        (Activity::OnLoad, Write, "touch"),
        (Activity::OnChange, None, "unchanged"),
        (Activity::OnChange, Read, "unchanged"),
        (Activity::OnChange, Passive, "unchanged"),
        (Activity::OnChange, Write, "unchanged"),
        (Activity::EveryRequest, None, "touch"),
        (Activity::EveryRequest, Read, "touch"),
        (Activity::EveryRequest, Passive, "unchanged"),
        (Activity::EveryRequest, Write, "touch"),
    ];
    for (activity, access, expected) in rows {
        let mut request = minutes_later(60);
        request.policy.activity = activity;
        request.access = access;
        let plan = request.plan(Occasion::Response { failed: false });
        assert_eq!(told(&plan), expected, "{activity:?}, {access:?}");
    }
}

#[test]
fn a_change_moves_the_idle_deadline_whatever_counts_as_activity() {
    for activity in [Activity::OnLoad, Activity::OnChange, Activity::EveryRequest] {
        let mut request = minutes_later(0);
        request.policy.activity = activity;
        let request = request.run("set b 1");
        // That every commit carries a deadline is asserted where it is told.
        assert_eq!(told(&request.plan(Occasion::Explicit)), "apply b=1", "{activity:?}");
    }
}

#[test]
fn a_passive_request_writes_and_is_no_activity() {
    let mut request = minutes_later(60).run("set b 1");
    let deadline = |request: &Request| match request.plan(Occasion::Response { failed: false }) {
        Plan::Apply(apply) => apply.commit.idle_until,
        other => panic!("not applied: {other:?}"),
    };
    assert!(deadline(&request).is_some());
    request.access = Access::Passive;
    assert_eq!(deadline(&request), None);
}

#[test]
fn the_threshold_is_the_policys_word() {
    for (touch_below, minutes, expected) in [
        (1.0, 0, "unchanged"),
        (1.0, 1, "touch"),
        (0.5, 59, "unchanged"),
        (0.5, 61, "touch"),
        (0.0, 119, "unchanged"),
    ] {
        let mut request = minutes_later(minutes);
        request.policy.touch_below = touch_below;
        assert_eq!(told(&request.plan(Occasion::Explicit)), expected, "{touch_below} at {minutes} minutes");
    }
}

#[test]
fn no_touch_where_the_absolute_deadline_leaves_nothing_to_raise() {
    let mut request = minutes_later(60);
    let Base::Stored(stored) = &mut request.ground.base else { unreachable!("a stored start") };
    let idle = stored.record.metadata().deadlines.idle;
    let deadlines = Deadlines { idle, absolute: idle };
    let metadata = Metadata { deadlines, ..stored.record.metadata().clone() };
    stored.record = Record::new(metadata, stored.record.fields().clone(), Vec::new());
    assert_eq!(request.plans(), ["unchanged"; 4]);
}

#[test]
fn a_clock_that_went_back_touches_nothing() {
    let mut request = minutes_later(0);
    request.now = Timestamp::from_unix_millis(NOW.unix_millis() - 3_600_000);
    assert_eq!(request.plans(), ["unchanged"; 4]);
}

#[test]
fn where_nothing_is_stored_there_is_nothing_to_touch() {
    for start in [Nothing, DeadToken, Gone, Superseded] {
        let mut request = Request::starting(start);
        request.policy.activity = Activity::EveryRequest;
        assert_eq!(request.plans(), ["unchanged"; 4], "{start:?}");
    }
}
