//! What the driver's answer means: the outcome, and what the browser is told.

use super::*;
use crate::plan::{Outcome, Settled, after_apply, after_create, after_ending};
use crate::record::{Applied, Refusal};
use crate::state::CookieChange;

/// What the session was before, until when it lived.
fn before() -> Metadata {
    let Base::Stored(stored) = Owned.base() else { unreachable!("a stored start") };
    let deadlines = Deadlines { idle: Timestamp::MAX, absolute: Timestamp::from_unix_millis(9) };
    Metadata { deadlines, ..stored.record.metadata().clone() }
}

fn told(settled: &Settled) -> (Outcome, String) {
    let cookie = match &settled.cookie {
        Some(CookieChange::Live { token, until, remembered }) => {
            let kept = if *remembered { ", remembered" } else { "" };
            format!("live {} until {}{kept}", token.reveal(), until.unix_millis())
        }
        Some(CookieChange::Removal) => "removal".to_owned(),
        Some(CookieChange::Sealed(_)) => "sealed".to_owned(),
        None => "none".to_owned(),
    };
    (settled.outcome, cookie)
}

/// A planned commit of each kind: one that rotates, one that does not, one that only touches.
fn apply(rotates: bool, touches: bool) -> Apply {
    let script = match (rotates, touches) {
        (_, true) => "no-flash",
        (true, false) => "no-flash; regenerate",
        (false, false) => "no-flash; set b 1",
    };
    let mut request = Request::starting(Owned).run(script);
    request.now = NOW.saturating_add(request.policy.idle_timeout / 2);
    let Plan::Apply(apply) = request.plan(Occasion::Explicit) else { panic!("no commit") };
    assert_eq!((apply.rotates(), apply.only_touches()), (rotates, touches));
    apply
}

#[test]
fn an_applied_commit_sends_a_cookie_only_for_a_new_secret() {
    let kinds =
        [("change", apply(false, false)), ("rotation", apply(true, false)), ("touch", apply(false, true))];
    for (name, apply) in kinds {
        let live = format!("live {} until 9", apply.token.reveal());
        let stored = match name {
            "touch" => (Outcome::Touched, "none".to_owned()),
            "rotation" => (Outcome::Committed, live),
            _ => (Outcome::Committed, "none".to_owned()),
        };
        let sums = vec![("n".into(), json("2"))];
        let answers = [
            (Applied::Stored(Vec::new()), stored.clone()),
            (Applied::Stored(sums), stored),
            (Applied::Emptied, (Outcome::Destroyed, "removal".to_owned())),
            (Applied::Gone, (Outcome::Gone, "none".to_owned())),
            (Applied::Superseded, (Outcome::Superseded, "none".to_owned())),
        ];
        for (answer, expected) in answers {
            let settled = after_apply(&apply, &answer, &before()).as_ref().map(told);
            assert_eq!(settled, Some(expected), "{name}, {answer:?}");
        }
        let key = || Key::from("a");
        for refusal in [
            Refusal::Conflict { key: key() },
            Refusal::NotANumber { key: key() },
            Refusal::Overflow { key: key() },
            Refusal::TooLarge { biggest: key(), bytes: 1 },
            Refusal::Renewed,
        ] {
            let settled = after_apply(&apply, &Applied::Refused(refusal.clone()), &before());
            assert!(settled.is_none(), "{name}: {refusal:?} is no outcome");
        }
    }
}

#[test]
fn a_new_session_sends_its_cookie_until_its_absolute_deadline() {
    let request = Request::starting(Nothing).run("set a 1");
    let Plan::Create(new) = request.plan(Occasion::Explicit) else { panic!("nothing is created") };
    let until = NOW.saturating_add(request.policy.absolute_lifetime).unix_millis();
    let live = format!("live {} until {until}", new.token.reveal());
    assert_eq!(told(&after_create(&new, false)), (Outcome::Created, live.clone()));
    assert_eq!(told(&after_create(&new, true)), (Outcome::Destroyed, live), "in place of the one that ended");
}

#[test]
fn only_who_destroyed_a_session_takes_its_cookie_away() {
    assert_eq!(told(&after_ending()), (Outcome::Destroyed, "removal".to_owned()));
    assert_eq!(told(&Settled::quietly(Outcome::Gone)), (Outcome::Gone, "none".to_owned()));
}

#[test]
fn what_stays_as_it_was_sends_nothing() {
    for outcome in [Outcome::Unchanged, Outcome::Gone, Outcome::Superseded] {
        assert_eq!(told(&Settled::quietly(outcome)), (outcome, "none".to_owned()));
    }
}

#[test]
fn a_cookie_goes_by_the_lifetimes_that_the_commit_leads_to() {
    let after = |before: &Metadata, script: &str| {
        let request = Request::starting(Owned).run(&format!("no-flash; {script}"));
        let Plan::Apply(apply) = request.plan(Occasion::Explicit) else { panic!("no commit") };
        let live = format!("live {}", apply.token.reveal());
        let (_, cookie) = told(&after_apply(&apply, &Applied::Stored(Vec::new()), before).unwrap());
        cookie.strip_prefix(&live).unwrap().trim_start().to_owned()
    };
    let until = |days: u64| NOW.saturating_add(std::time::Duration::from_secs(days * 86_400)).unix_millis();
    let more = Some(Box::new(crate::record::More { remembered: true, ..Default::default() }));
    let remembered = Metadata { more, ..before() };
    for (before, script, expected) in [
        (&before(), "elevate", "until 9".to_owned()),
        (&remembered, "elevate", "until 9, remembered".to_owned()),
        (&before(), "login 1", format!("until {}", until(30))),
        (&remembered, "login 1", format!("until {}", until(30))),
        (&before(), "login 1; remember", format!("until {}, remembered", until(90))),
    ] {
        assert_eq!(after(before, script), expected, "`{script}`");
    }
}
