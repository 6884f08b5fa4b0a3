//! Endings: the old session is destroyed first, also by a request that failed; what remains is planned on what is left.

use super::*;
use crate::state::Changes;

#[test]
fn an_ending_is_carried_out_before_all_else() {
    check(&[
        ("logged out", Anonymous, Request::logout, ["end"; 4]),
        ("logged out", Owned, Request::logout, ["end"; 4]),
        ("invalidated", Owned, Request::invalidate, ["end"; 4]),
        (
            "set, then logged out",
            Owned,
            |r| {
                r.set("a", "2");
                r.logout();
            },
            ["end"; 4],
        ),
        (
            "logged out, then set",
            Owned,
            |r| {
                r.logout();
                r.set("a", "2");
            },
            ["end"; 4],
        ),
        (
            "logged out, then in",
            Owned,
            |r| {
                r.logout();
                r.login("1");
            },
            ["end"; 4],
        ),
        (
            "logged in, then out",
            Anonymous,
            |r| {
                r.login("1");
                r.logout();
            },
            ["end"; 4],
        ),
        (
            "read only makes no difference",
            Owned,
            |r| {
                r.logout();
                r.access = Access::Read;
            },
            ["end"; 4],
        ),
    ]);
}

#[test]
fn the_end_that_is_part_of_a_login_as_another_falls_with_the_failed_work() {
    let dropped = ["end", "end", "unchanged", "end"];
    check(&[
        ("logged in as another", Owned, |r| r.login("2"), dropped),
        (
            "logged in as another, with all else",
            Owned,
            |r| {
                r.set("b", "1");
                r.login("2");
                r.flash("x");
            },
            dropped,
        ),
        (
            "logged in as another and back",
            Owned,
            |r| {
                r.login("2");
                r.login("1");
            },
            dropped,
        ),
        (
            "logged in as another, then out",
            Owned,
            |r| {
                r.login("2");
                r.logout();
            },
            ["end"; 4],
        ),
        (
            "logged out, then in as another",
            Owned,
            |r| {
                r.logout();
                r.login("2");
            },
            ["end"; 4],
        ),
    ]);
}

/// After the driver has destroyed the old session, as the executor goes on.
fn after_the_end(act: fn(&mut Request)) -> Request {
    let mut request = Request::starting(Owned);
    act(&mut request);
    assert!(request.ground.ending.take().is_some(), "there is an ending");
    request
}

#[test]
fn what_follows_an_ending_goes_into_a_new_session() {
    let rows: [(&str, fn(&mut Request), &str); 14] = [
        ("logged out", Request::logout, "create theme=\"dark\""),
        ("invalidated", Request::invalidate, "unchanged"),
        (
            "logged out, then cleared",
            |r| {
                r.logout();
                r.ground.clear();
            },
            "unchanged",
        ),
        (
            "logged out, then forgotten",
            |r| {
                r.logout();
                r.forget("theme");
            },
            "unchanged",
        ),
        (
            "invalidated, then set",
            |r| {
                r.invalidate();
                r.set("b", "2");
            },
            "create b=2",
        ),
        (
            "invalidated, then flashed",
            |r| {
                r.invalidate();
                r.flash("x");
            },
            "create flash:x",
        ),
        (
            "flashed, then logged out",
            |r| {
                r.flash("x");
                r.logout();
            },
            "create theme=\"dark\" flash:x",
        ),
        (
            "flashed, then invalidated",
            |r| {
                r.flash("x");
                r.invalidate();
            },
            "unchanged",
        ),
        (
            "kept, then logged out",
            |r| {
                r.keep(5);
                r.logout();
            },
            "create theme=\"dark\" flash:error",
        ),
        (
            "theme set, then logged out",
            |r| {
                r.set("theme", "\"red\"");
                r.logout();
            },
            "create theme=\"red\"",
        ),
        (
            "theme forgotten, then logged out",
            |r| {
                r.forget("theme");
                r.logout();
            },
            "unchanged",
        ),
        ("logged in as another", |r| r.login("2"), "create theme=\"dark\" login:2"),
        (
            "logged out, then invalidated",
            |r| {
                r.logout();
                r.invalidate();
            },
            "unchanged",
        ),
        (
            "added, logged in as another, added",
            |r| {
                r.add("n", 5);
                r.login("2");
                r.add("n", 2);
            },
            "create n=2 theme=\"dark\" login:2",
        ),
    ];
    for (name, act, expected) in rows {
        for occasion in [Occasion::Explicit, Occasion::Response { failed: false }] {
            assert_eq!(told(&after_the_end(act).plan(occasion)), expected, "{name}, {occasion:?}");
        }
    }
}

#[test]
fn after_a_failure_only_what_was_stored_survives_an_ending() {
    let rows: [(&str, fn(&mut Request), &str); 5] = [
        ("logged out", Request::logout, "create theme=\"dark\""),
        ("invalidated", Request::invalidate, "unchanged"),
        (
            "theme set, then logged out",
            |r| {
                r.set("theme", "\"red\"");
                r.logout();
            },
            "create theme=\"dark\"",
        ),
        (
            "flashed, then logged out",
            |r| {
                r.flash("x");
                r.logout();
            },
            "create theme=\"dark\"",
        ),
        (
            "logged out, then set and in",
            |r| {
                r.logout();
                r.set("b", "1");
                r.login("2");
            },
            "create theme=\"dark\"",
        ),
    ];
    for (name, act, expected) in rows {
        let mut request = Request::starting(Owned);
        act(&mut request);
        let ending = request.ground.ending.take().unwrap();
        request.ground = Ground { base: ending.remainder(), ending: None, changes: Changes::EMPTY };
        assert_eq!(told(&request.plan(Occasion::Response { failed: true })), expected, "{name}");
    }
}

#[test]
fn an_ending_knows_whose_session_it_ends() {
    for (start, owner) in [(Anonymous, None), (Owned, Some(*user("1").key()))] {
        let mut request = Request::starting(start);
        request.login("9");
        request.logout();
        let ending = request.ground.ending.unwrap();
        assert_eq!(ending.owner().copied(), owner, "{start:?}: as it was loaded");
        assert!(ending.asked_for, "{start:?}");
    }
}
