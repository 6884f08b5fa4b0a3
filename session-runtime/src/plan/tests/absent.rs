//! Where nothing is stored: the first value that is written makes a session, and reading makes none.

use super::*;
use crate::config::Start as FirstSession;

#[test]
fn a_session_begins_with_the_first_value() {
    let nothing = ["unchanged"; 4];
    check(&[
        ("nothing recorded", Nothing, |_| {}, nothing),
        ("nothing recorded", DeadToken, |_| {}, nothing),
        ("regenerated", Nothing, |r| r.privilege(Privilege::Regenerate), nothing),
        ("elevated", Nothing, |r| r.privilege(Privilege::Elevate), nothing),
        ("cleared", Nothing, |r| r.ground.clear(), nothing),
        ("forgotten", Nothing, |r| r.forget("a"), nothing),
        (
            "set and forgotten",
            Nothing,
            |r| {
                r.set("a", "1");
                r.forget("a");
            },
            nothing,
        ),
        ("logged out", Nothing, Request::logout, nothing),
        ("invalidated", DeadToken, Request::invalidate, nothing),
        (
            "set, then logged out",
            Nothing,
            |r| {
                r.set("a", "1");
                r.logout();
            },
            nothing,
        ),
        ("set", Nothing, |r| r.set("a", "1"), ["create a=1", "create a=1", "unchanged", "create a=1"]),
        (
            "added",
            Nothing,
            |r| {
                r.add("n", 2);
                r.add("n", 3);
            },
            ["create n=5", "create n=5", "unchanged", "create n=5"],
        ),
        (
            "updated",
            Nothing,
            |r| r.update("a", "[1]"),
            ["create a=[1]", "create a=[1]", "unchanged", "create a=[1]"],
        ),
        (
            "set to null",
            Nothing,
            |r| r.set("a", "null"),
            ["create a=null", "create a=null", "unchanged", "create a=null"],
        ),
        (
            "cleared, then set",
            Nothing,
            |r| {
                r.ground.clear();
                r.set("a", "1");
            },
            ["create a=1", "create a=1", "unchanged", "create a=1"],
        ),
        (
            "flashed",
            Nothing,
            |r| r.flash("x"),
            ["create flash:x", "create flash:x", "unchanged", "create flash:x"],
        ),
        (
            "set and regenerated (A6-51)",
            Nothing,
            |r| {
                r.set("a", "1");
                r.privilege(Privilege::Regenerate);
            },
            ["create a=1", "create a=1", "unchanged", "create a=1"],
        ),
    ]);
}

#[test]
fn who_presented_a_dead_token_gets_no_session_if_his_was_just_destroyed() {
    let set = "create a=1 unless-destroyed";
    let login = "create a=1 login:1";
    check(&[
        ("set", DeadToken, |r| r.set("a", "1"), [set, set, "unchanged", set]),
        (
            "set and logged in",
            DeadToken,
            |r| {
                r.set("a", "1");
                r.login("1");
            },
            [login, login, "unchanged", login],
        ),
    ]);
}

#[test]
fn a_login_makes_a_session_of_its_own() {
    let (plain, with) = ("create login:1", "create a=1 flash:x login:1");
    check(&[
        ("logged in", Nothing, |r| r.login("1"), [plain, plain, "unchanged", plain]),
        (
            "everything",
            Nothing,
            |r| {
                r.login("1");
                r.set("a", "1");
                r.flash("x");
            },
            [with, with, "unchanged", with],
        ),
        ("logged in and elevated", Nothing, |r| r.login("1"), [plain, plain, "unchanged", plain]),
        (
            "logged in, then out",
            Nothing,
            |r| {
                r.login("1");
                r.logout();
            },
            ["unchanged"; 4],
        ),
        (
            "logged in as another at last",
            Nothing,
            |r| {
                r.login("2");
                r.login("1");
            },
            [plain, plain, "unchanged", plain],
        ),
    ]);
}

#[test]
fn on_first_request_there_is_a_session_before_there_is_a_value() {
    for (start, expected) in [(Nothing, "create"), (DeadToken, "create unless-destroyed")] {
        let mut request = Request::starting(start);
        request.policy.start = FirstSession::OnFirstRequest;
        assert_eq!(request.plans(), ["unchanged", expected, "unchanged", expected], "{start:?}");
    }
}

#[test]
fn a_new_record_is_dated_and_numbered() {
    let mut request = Request::starting(Nothing);
    request.flash("x");
    request.flash("y");
    request.login("1");
    let Plan::Create(new) = request.plan(Occasion::Explicit) else { panic!("nothing is created") };
    let ids: Vec<u64> = new.record.flash().iter().map(|entry| entry.id).collect();
    let metadata = new.record.metadata();
    assert_eq!((ids, metadata.next_flash), (vec![0, 1], 2));
    assert_eq!((metadata.created_at, metadata.authenticated_at), (NOW, Some(NOW)));
    let Policy { idle_timeout, absolute_lifetime, .. } = request.policy;
    assert_eq!(metadata.deadlines, Deadlines::starting(NOW, idle_timeout, absolute_lifetime));
}
