//! A live session: only what was recorded is written, under the epoch it was loaded under.

use super::*;

/// What an answered request consumes of the flash that arrived.
const FLASH: &str = "apply consume:4 consume:5";

#[test]
fn fields_are_written_as_they_were_meant() {
    check(&[
        (
            "set",
            Anonymous,
            |r| r.set("b", "2"),
            ["apply b=2", "apply b=2 consume:4 consume:5", "unchanged", "apply b=2 consume:4 consume:5"],
        ),
        (
            "set to what it was",
            Anonymous,
            |r| r.set("a", "1"),
            ["apply a=1", "apply a=1 consume:4 consume:5", "unchanged", "apply a=1 consume:4 consume:5"],
        ),
        (
            "forgotten",
            Anonymous,
            |r| r.forget("a"),
            ["apply -a", "apply -a consume:4 consume:5", "unchanged", "apply -a consume:4 consume:5"],
        ),
        ("forgotten though absent", Anonymous, |r| r.forget("zz"), ["unchanged", FLASH, "unchanged", FLASH]),
        (
            "set and forgotten",
            Anonymous,
            |r| {
                r.set("b", "2");
                r.forget("b");
            },
            ["apply -b", "apply -b consume:4 consume:5", "unchanged", "apply -b consume:4 consume:5"],
        ),
        (
            "added",
            Owned,
            |r| {
                r.add("n", 2);
                r.add("n", 3);
            },
            ["apply n+", "apply n+ consume:4 consume:5", "unchanged", "apply n+ consume:4 consume:5"],
        ),
        (
            "updated",
            Owned,
            |r| r.update("a", "2"),
            [
                "apply a:1>2",
                "apply a:1>2 consume:4 consume:5",
                "unchanged",
                "apply a:1>2 consume:4 consume:5",
            ],
        ),
        (
            "updated though absent",
            Owned,
            |r| r.update("b", "2"),
            [
                "apply b:->2",
                "apply b:->2 consume:4 consume:5",
                "unchanged",
                "apply b:->2 consume:4 consume:5",
            ],
        ),
        ("updated to what it was", Owned, |r| r.update("a", "1"), ["unchanged", FLASH, "unchanged", FLASH]),
        (
            "added, then updated",
            Owned,
            |r| {
                r.add("n", 1);
                r.update("n", "9");
            },
            [
                "apply n:1>9",
                "apply n:1>9 consume:4 consume:5",
                "unchanged",
                "apply n:1>9 consume:4 consume:5",
            ],
        ),
        (
            "set, then updated",
            Owned,
            |r| {
                r.set("a", "5");
                r.update("a", "6");
            },
            ["apply a=6", "apply a=6 consume:4 consume:5", "unchanged", "apply a=6 consume:4 consume:5"],
        ),
        (
            "cleared",
            Owned,
            |r| r.ground.clear(),
            [
                "apply clear",
                "apply clear consume:4 consume:5",
                "unchanged",
                "apply clear consume:4 consume:5",
            ],
        ),
        (
            "set, cleared, added",
            Owned,
            |r| {
                r.set("b", "1");
                r.ground.clear();
                r.add("n", 2);
            },
            [
                "apply clear n=2",
                "apply clear n=2 consume:4 consume:5",
                "unchanged",
                "apply clear n=2 consume:4 consume:5",
            ],
        ),
    ]);
}

#[test]
fn flash_is_consumed_by_the_answer_and_by_nothing_else() {
    check(&[
        ("nothing recorded", Anonymous, |_| {}, ["unchanged", FLASH, "unchanged", FLASH]),
        ("nothing recorded", Owned, |_| {}, ["unchanged", FLASH, "unchanged", FLASH]),
        (
            "one entry kept",
            Owned,
            |r| r.keep(4),
            ["unchanged", "apply consume:5", "unchanged", "apply consume:5"],
        ),
        (
            "all entries kept",
            Owned,
            |r| {
                r.keep(4);
                r.keep(5);
            },
            ["unchanged"; 4],
        ),
        (
            "flashed",
            Owned,
            |r| r.flash("x"),
            [
                "apply flash:x",
                "apply flash:x consume:4 consume:5",
                "unchanged",
                "apply flash:x consume:4 consume:5",
            ],
        ),
        (
            "flashed twice and kept one",
            Owned,
            |r| {
                r.flash("x");
                r.flash("x");
                r.keep(5);
            },
            [
                "apply flash:x flash:x",
                "apply flash:x flash:x consume:4",
                "unchanged",
                "apply flash:x flash:x consume:4",
            ],
        ),
        ("read only", Owned, |r| r.access = Access::Read, ["unchanged"; 4]),
        ("never asked for", Owned, |r| r.access = Access::None, ["unchanged"; 4]),
        ("nothing arrived", Owned, |r| r.arrived.clear(), ["unchanged"; 4]),
    ]);
}

#[test]
fn a_change_of_privilege_rotates() {
    let four = |plain, answered| [plain, answered, "unchanged", answered];
    check(&[
        (
            "regenerated",
            Anonymous,
            |r| r.privilege(Privilege::Regenerate),
            four("apply rotate", "apply consume:4 consume:5 rotate"),
        ),
        (
            "elevated",
            Owned,
            |r| r.privilege(Privilege::Elevate),
            four("apply rotate proof", "apply consume:4 consume:5 rotate proof"),
        ),
        (
            "first login",
            Anonymous,
            |r| r.login("1"),
            four("apply rotate login:1 proof", "apply consume:4 consume:5 rotate login:1 proof"),
        ),
        (
            "login again",
            Owned,
            |r| r.login("1"),
            four("apply rotate login:1 proof", "apply consume:4 consume:5 rotate login:1 proof"),
        ),
        (
            "first login, with all else",
            Anonymous,
            |r| {
                r.set("b", "2");
                r.login("1");
                r.flash("x");
                r.keep(4);
            },
            four(
                "apply b=2 flash:x rotate login:1 proof",
                "apply b=2 flash:x consume:5 rotate login:1 proof",
            ),
        ),
        // Nobody has signed in before the last of the two.
        (
            "two logins on nobody's session",
            Anonymous,
            |r| {
                r.login("2");
                r.login("1");
            },
            four("apply rotate login:1 proof", "apply consume:4 consume:5 rotate login:1 proof"),
        ),
    ]);
}

#[test]
fn a_rotation_keeps_the_selector_and_another_step_has_another_secret() {
    let mut request = Request::starting(Owned);
    request.privilege(Privilege::Regenerate);
    let before = request.ground.base.stored().unwrap().token;
    let plans = [request.plan(Occasion::Explicit), request.plan(Occasion::Explicit)];
    let [Plan::Apply(one), Plan::Apply(other)] = plans else { panic!("no commits") };
    assert_eq!((one.token.selector(), other.token.selector()), (before.selector(), before.selector()));
    assert_ne!(one.token.reveal(), before.reveal());
    assert_ne!(one.token.reveal(), other.token.reveal(), "a step that is planned anew draws anew");
    assert_eq!(one.commit.rotation.unwrap().grace.as_secs(), 60);
}

#[test]
fn a_commit_without_rotation_goes_on_under_the_same_token() {
    let mut request = Request::starting(Owned);
    request.set("b", "1");
    let before = request.ground.base.stored().unwrap().token;
    let Plan::Apply(apply) = request.plan(Occasion::Explicit) else { panic!("no commit") };
    assert_eq!(apply.token.reveal(), before.reveal());
    assert_eq!(apply.commit.max_bytes, request.policy.max_record_bytes);
    assert_eq!(apply.commit.idle_until, Some(NOW.saturating_add(request.policy.idle_timeout)));
}
