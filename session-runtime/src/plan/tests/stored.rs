//! A live session: only what was recorded is written, under the epoch it was loaded under.

use super::*;

/// Checks what is written of the fields, to which an answer adds that the flash which arrived is consumed.
fn check_written(rows: &[(&str, &str)]) {
    for start in [Anonymous, Owned] {
        for (script, written) in rows {
            let answered = format!("{written} consume:4 consume:5");
            check(&[(start, script, [written, &answered, "unchanged", &answered])]);
            check(&[(start, &format!("{script}; no-flash"), unless_failed(written))]);
        }
    }
}

#[test]
fn fields_are_written_as_they_were_meant() {
    check_written(&[
        ("set b 2", "apply b=2"),
        ("set a 1", "apply a=1"),
        ("set a 2; set a 3", "apply a=3"),
        ("set a null", "apply a=null"),
        ("forget a", "apply -a"),
        // Not seen here, it may be stored by now: of two writes of a whole field the later commit wins.
        ("forget zz", "apply -zz"),
        ("set b 2; forget b", "apply -b"),
        ("forget a; set a 2", "apply a=2"),
        ("add n 2", "apply n+"),
        ("add n 2; add n 3", "apply n+"),
        ("set n 5; add n 2", "apply n=7"),
        ("add n 2; set n 5", "apply n=5"),
        ("forget n; add n 2", "apply n=2"),
        ("update a 2", "apply a:1>2"),
        ("update b 2", "apply b:->2"),
        ("update a 2; update a 3", "apply a:1>3"),
        ("add n 1; update n 9", "apply n:1>9"),
        ("set a 5; update a 6", "apply a=6"),
        ("update a 6; set a 5", "apply a=5"),
        ("clear", "apply clear"),
        ("set b 1; clear; add n 2; update a 4", "apply clear a=4 n=2"),
        ("set b 2; add n 1; update a 2", "apply a:1>2 b=2 n+"),
    ]);
}

#[test]
fn what_changes_nothing_is_not_written() {
    for script in ["", "update a 1", "update a 2; update a 1"] {
        check(&[
            (Anonymous, &format!("{script}; no-flash"), ["unchanged"; 4]),
            (
                Owned,
                script,
                ["unchanged", "apply consume:4 consume:5", "unchanged", "apply consume:4 consume:5"],
            ),
        ]);
    }
}

#[test]
fn flash_is_consumed_by_the_answer_and_by_nothing_else() {
    let answered = |plan| ["unchanged", plan, "unchanged", plan];
    let put = |explicit, answered| [explicit, answered, "unchanged", answered];
    check(&[
        (Anonymous, "", answered("apply consume:4 consume:5")),
        (Owned, "", answered("apply consume:4 consume:5")),
        (Owned, "keep 4", answered("apply consume:5")),
        (Owned, "keep 4; keep 5", ["unchanged"; 4]),
        (Owned, "keep 4; keep 5; flash x", unless_failed("apply flash:x")),
        (Owned, "flash x", put("apply flash:x", "apply flash:x consume:4 consume:5")),
        (Owned, "flash x; flash x; keep 5", put("apply flash:x", "apply flash:x consume:4")),
        (Owned, "read-only", ["unchanged"; 4]),
        (Owned, "not-asked", ["unchanged"; 4]),
        (Owned, "no-flash", ["unchanged"; 4]),
    ]);
}

#[test]
fn a_change_of_privilege_rotates() {
    check(&[
        (Anonymous, "no-flash; regenerate", unless_failed("apply rotate")),
        (Owned, "no-flash; regenerate", unless_failed("apply rotate")),
        (Owned, "no-flash; elevate", unless_failed("apply rotate proof")),
        (Anonymous, "no-flash; login 1", unless_failed("apply rotate login:1 proof")),
        (Owned, "no-flash; login 1", unless_failed("apply rotate login:1 proof")),
        (Owned, "no-flash; regenerate; login 1", unless_failed("apply rotate login:1 proof")),
        // Nobody has signed in before the last of the two.
        (Anonymous, "no-flash; login 2; login 1", unless_failed("apply rotate login:1 proof")),
        (
            Anonymous,
            "no-flash; set b 2; login 1; flash x",
            unless_failed("apply b=2 flash:x rotate login:1 proof"),
        ),
        (Owned, "no-flash; clear; login 1", unless_failed("apply clear rotate login:1 proof")),
    ]);
    let answered = "apply consume:5 rotate login:1 proof";
    check(&[(Anonymous, "login 1; keep 4", ["apply rotate login:1 proof", answered, "unchanged", answered])]);
}

#[test]
fn a_rotation_keeps_the_selector_and_another_step_has_another_secret() {
    let request = Request::starting(Owned).run("regenerate");
    let before = request.ground.base.stored().unwrap().token;
    let plans = [request.plan(Occasion::Explicit), request.plan(Occasion::Explicit)];
    let [Plan::Apply(one), Plan::Apply(other)] = plans else { panic!("no commits") };
    assert_eq!((one.token.selector(), other.token.selector()), (before.selector(), before.selector()));
    assert_ne!(one.token.reveal(), before.reveal());
    assert_ne!(one.token.reveal(), other.token.reveal(), "a step that is planned anew draws anew");
    assert_eq!(one.commit.session().rotation.unwrap().grace.as_secs(), 60);
}

#[test]
fn a_commit_without_rotation_goes_on_under_the_same_token() {
    let request = Request::starting(Owned).run("set b 1");
    let before = request.ground.base.stored().unwrap().token;
    let Plan::Apply(apply) = request.plan(Occasion::Explicit) else { panic!("no commit") };
    assert_eq!(apply.token.reveal(), before.reveal());
    assert_eq!(apply.commit.max_bytes, request.policy.max_record_bytes);
    assert_eq!(apply.commit.idle_until, Some(NOW.saturating_add(request.policy.idle_timeout)));
}
