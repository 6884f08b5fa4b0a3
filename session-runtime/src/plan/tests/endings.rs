//! Endings: the old session is destroyed first, also by a request that failed; what remains is planned on what is left.

use super::*;
use crate::state::Changes;

#[test]
fn an_ending_is_carried_out_before_all_else() {
    for start in [Anonymous, Owned] {
        for script in [
            "logout",
            "invalidate",
            "set a 2; logout",
            "logout; set a 2; flash x",
            "logout; login 1",
            "logout; login 2",
            "login 1; logout",
            "logout; clear",
            "regenerate; invalidate",
            "logout; no-flash",
        ] {
            check(&[(start, script, ["end"; 4])]);
        }
    }
}

#[test]
fn the_others_end_before_all_else_whatever_becomes_of_the_request() {
    for start in [Nothing, Anonymous, Owned, Gone, Superseded] {
        for script in [
            "others",
            "others; set a 2",
            "login 1; others",
            "others; logout",
            "logout; others",
            "others; login 2",
        ] {
            check(&[(start, script, ["end others"; 4])]);
        }
    }
}

#[test]
fn the_end_that_is_part_of_a_login_as_another_falls_with_the_failed_work() {
    check(&[
        (Owned, "login 2", unless_failed("end")),
        (Owned, "set b 1; login 2; flash x", unless_failed("end")),
        (Owned, "login 2; login 1", unless_failed("end")),
        (Owned, "login 2; logout", ["end"; 4]),
        (Owned, "login 2; invalidate", ["end"; 4]),
        (Owned, "logout; login 2", ["end"; 4]),
    ]);
}

#[test]
fn what_follows_an_ending_goes_into_a_new_session() {
    let rows = [
        ("logout", "create theme=\"dark\""),
        ("logout; clear", "unchanged"),
        ("logout; forget theme", "unchanged"),
        ("logout; invalidate", "unchanged"),
        ("logout; set b 2", "create b=2 theme=\"dark\""),
        ("logout; login 2", "create theme=\"dark\" login:2"),
        ("logout; add n 2", "create n=2 theme=\"dark\""),
        ("invalidate", "unchanged"),
        ("invalidate; set b 2", "create b=2"),
        ("invalidate; flash x", "create flash:x"),
        ("invalidate; regenerate", "unchanged"),
        ("flash x; logout", "create theme=\"dark\" flash:x"),
        ("flash x; invalidate", "unchanged"),
        ("keep 5; logout", "create theme=\"dark\" flash:error"),
        ("keep 5; flash x; logout", "create theme=\"dark\" flash:error flash:x"),
        ("set theme \"red\"; logout", "create theme=\"red\""),
        ("forget theme; logout", "unchanged"),
        ("clear; logout", "unchanged"),
        ("set b 2; logout", "create theme=\"dark\""),
        ("login 2", "create theme=\"dark\" login:2"),
        ("add n 5; login 2; add n 2", "create n=2 theme=\"dark\" login:2"),
        ("login 2; login 1", "create theme=\"dark\" login:1"),
        ("login 2; logout", "create theme=\"dark\""),
    ];
    for (script, expected) in rows {
        let mut request = Request::starting(Owned).run(script);
        // The driver has destroyed the old session; the executor goes on.
        assert!(request.ground.ending.take().is_some(), "`{script}` has an ending");
        for occasion in [Occasion::Explicit, Occasion::Response { failed: false }] {
            assert_eq!(told(&request.plan(occasion)), expected, "`{script}`, {occasion:?}");
        }
    }
}

#[test]
fn after_a_failure_only_what_was_stored_survives_an_ending() {
    let rows = [
        ("logout", "create theme=\"dark\""),
        ("logout; invalidate", "unchanged"),
        ("invalidate", "unchanged"),
        ("set theme \"red\"; logout", "create theme=\"dark\""),
        ("forget theme; logout", "create theme=\"dark\""),
        ("flash x; logout", "create theme=\"dark\""),
        ("logout; set b 1; login 2", "create theme=\"dark\""),
    ];
    for (script, expected) in rows {
        let mut request = Request::starting(Owned).run(script);
        let ending = request.ground.ending.take().unwrap();
        request.ground = Ground { base: ending.remainder(), ending: None, changes: Changes::EMPTY };
        let plan = request.plan(Occasion::Response { failed: true });
        assert_eq!(told(&plan), expected, "`{script}`");
    }
}

#[test]
fn an_ending_knows_whose_session_it_ends() {
    for (start, owner) in [(Anonymous, None), (Owned, Some(*user("1").key()))] {
        let ending = Request::starting(start).run("login 9; logout").ground.ending.unwrap();
        assert_eq!(ending.owner().copied(), owner, "{start:?}: as it was loaded");
        assert!(ending.asked_for, "{start:?}");
    }
}
