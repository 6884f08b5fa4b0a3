//! Where nothing is stored: the first value that is written makes a session, and reading makes none.

use super::*;
use crate::config::Start as FirstSession;

#[test]
fn what_leaves_no_value_makes_no_session() {
    for start in [Nothing, DeadToken] {
        for script in [
            "",
            "regenerate",
            "elevate",
            "clear",
            "forget a",
            "set a 1; forget a",
            "set a 1; clear",
            "set a 1; logout",
            "flash x; invalidate",
            "login 1; logout",
            "logout",
            "invalidate",
            "read-only",
            "not-asked",
        ] {
            check(&[(start, script, ["unchanged"; 4])]);
        }
    }
}

#[test]
fn a_session_begins_with_the_first_value() {
    check(&[
        (Nothing, "set a 1", unless_failed("create a=1")),
        (Nothing, "set a null", unless_failed("create a=null")),
        (Nothing, "add n 2; add n 3", unless_failed("create n=5")),
        (Nothing, "update a [1]", unless_failed("create a=[1]")),
        (Nothing, "set b 1; clear; set a 1", unless_failed("create a=1")),
        (Nothing, "flash x", unless_failed("create flash:x")),
        (Nothing, "flash x; set b 2; flash x; set a 1", unless_failed("create a=1 b=2 flash:x")),
        // A6-51: a new session has but one secret, however often it is replaced before it is stored.
        (Nothing, "set a 1; regenerate", unless_failed("create a=1")),
        (Nothing, "invalidate; set a 1", unless_failed("create a=1")),
    ]);
}

#[test]
fn a_login_makes_a_session_of_its_own() {
    check(&[
        (Nothing, "login 1", unless_failed("create login:1")),
        (Nothing, "login 1; set a 1; flash x", unless_failed("create a=1 flash:x login:1")),
        (Nothing, "set a 1; flash x; login 1", unless_failed("create a=1 flash:x login:1")),
        (Nothing, "login 2; login 1", unless_failed("create login:1")),
        (Nothing, "login 2; logout; login 1", unless_failed("create login:1")),
    ]);
}

#[test]
fn who_presented_a_dead_token_gets_no_session_if_his_was_just_destroyed() {
    check(&[
        (DeadToken, "set a 1", unless_failed("create a=1 unless-destroyed")),
        (DeadToken, "flash x", unless_failed("create flash:x unless-destroyed")),
        (DeadToken, "login 1", unless_failed("create login:1")),
        (DeadToken, "set a 1; login 1", unless_failed("create a=1 login:1")),
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
    let request = Request::starting(Nothing).run("flash x; flash y; login 1");
    let Plan::Create(new) = request.plan(Occasion::Explicit) else { panic!("nothing is created") };
    let ids: Vec<u64> = new.record.flash().iter().map(|entry| entry.id).collect();
    let metadata = new.record.metadata();
    assert_eq!((ids, metadata.next_flash), (vec![0, 1], 2));
    assert_eq!((metadata.created_at, metadata.authenticated_at), (NOW, Some(NOW)));
    let Policy { idle_timeout, absolute_lifetime, .. } = request.policy;
    assert_eq!(metadata.deadlines, Deadlines::starting(NOW, idle_timeout, absolute_lifetime));
}
