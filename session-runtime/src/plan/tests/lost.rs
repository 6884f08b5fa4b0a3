//! A session out of reach: what is written is dropped and says why; a login alone goes on, into a new record.

use super::*;

#[test]
fn ordinary_changes_are_dropped_with_the_reason() {
    for (start, reason) in [(Gone, "gone"), (Superseded, "superseded")] {
        for script in [
            "set a 1",
            "add n 1",
            "update a 1",
            "clear",
            "flash x",
            "regenerate",
            "elevate",
            "set a 1; keep 4",
        ] {
            check(&[(start, script, unless_failed(reason))]);
        }
    }
}

#[test]
fn where_nothing_was_recorded_nothing_happens() {
    for start in [Gone, Superseded] {
        for script in ["", "read-only"] {
            check(&[(start, script, ["unchanged"; 4])]);
        }
    }
}

#[test]
fn an_ending_out_of_reach_says_why_it_was_dropped() {
    for (start, reason) in [(Gone, "gone"), (Superseded, "superseded")] {
        for script in ["logout", "invalidate", "set a 1; invalidate", "login 1; logout"] {
            check(&[(start, script, unless_failed(reason))]);
        }
    }
}

#[test]
fn a_login_takes_its_own_changes_into_a_new_record() {
    for start in [Gone, Superseded] {
        check(&[
            (start, "login 1", unless_failed("create login:1")),
            (start, "set a 1; flash x; login 1", unless_failed("create a=1 flash:x login:1")),
            (start, "login 1; add n 2", unless_failed("create n=2 login:1")),
        ]);
    }
}

#[test]
fn a_lost_session_does_not_begin_anew_with_the_next_request() {
    for start in [Gone, Superseded] {
        let mut request = Request::starting(start);
        request.policy.start = crate::config::Start::OnFirstRequest;
        assert_eq!(request.plans(), ["unchanged"; 4], "{start:?}");
    }
}
