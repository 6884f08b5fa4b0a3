//! A session out of reach: what is written is dropped and says why; a login alone goes on, into a new record.

use super::*;

#[test]
fn ordinary_changes_are_dropped_with_the_reason() {
    for (start, reason) in [(Gone, "gone"), (Superseded, "superseded")] {
        let dropped = [reason, reason, "unchanged", reason];
        check(&[
            ("nothing recorded", start, |_| {}, ["unchanged"; 4]),
            ("set", start, |r| r.set("a", "1"), dropped),
            ("added", start, |r| r.add("n", 1), dropped),
            ("updated", start, |r| r.update("a", "1"), dropped),
            ("cleared", start, |r| r.ground.clear(), dropped),
            ("flashed", start, |r| r.flash("x"), dropped),
            ("regenerated", start, |r| r.privilege(Privilege::Regenerate), dropped),
            ("elevated", start, |r| r.privilege(Privilege::Elevate), dropped),
            ("logged out: there is nothing to end", start, Request::logout, ["unchanged"; 4]),
            (
                "set, then invalidated",
                start,
                |r| {
                    r.set("a", "1");
                    r.invalidate();
                },
                ["unchanged"; 4],
            ),
            (
                "logged in, then out",
                start,
                |r| {
                    r.login("1");
                    r.logout();
                },
                ["unchanged"; 4],
            ),
        ]);
    }
}

#[test]
fn a_login_takes_its_own_changes_into_a_new_record() {
    for start in [Gone, Superseded] {
        let (plain, with) = ("create login:1", "create a=1 flash:x login:1");
        check(&[
            ("logged in", start, |r| r.login("1"), [plain, plain, "unchanged", plain]),
            (
                "everything",
                start,
                |r| {
                    r.set("a", "1");
                    r.flash("x");
                    r.login("1");
                },
                [with, with, "unchanged", with],
            ),
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
