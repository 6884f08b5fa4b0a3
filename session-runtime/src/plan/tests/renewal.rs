//! Renewals: when one is due, what it is never done beside, and when the renewal before is confirmed.

use std::time::Duration;

use super::*;
use crate::record::{Applied, Commit, Confirmation, Refusal, Rotation, SessionChange, Verdict};
use crate::token::VerifierHash;

const EVERY: Duration = Duration::from_secs(3_600);

/// A request without flash, `minutes` after the session was made, whose secret is renewed every hour.
fn minutes_later(minutes: u64) -> Request {
    let mut request = Request::starting(Owned).run("no-flash");
    request.now = NOW.saturating_add(Duration::from_secs(minutes * 60));
    request.policy.renew_every = Some(EVERY);
    request.policy.touch_below = 0.0;
    request
}

impl Request {
    fn stored(&mut self) -> &mut Stored {
        let Base::Stored(stored) = &mut self.ground.base else { unreachable!("a stored start") };
        stored
    }

    /// With the record as this commit leaves it.
    fn after(mut self, commit: &Commit) -> Self {
        let record = &mut self.stored().record;
        let Verdict::Store(changed, _) = record.apply(commit) else { unreachable!("it applies") };
        *record = changed;
        self
    }

    fn renewed_at(mut self, minutes: u64) -> Self {
        let at = NOW.saturating_add(Duration::from_secs(minutes * 60));
        let (token, renewed) = (Token::random(&SystemRandom::default()).unwrap(), self.stored().token);
        let rotation = Rotation {
            verifier: token.verifier().hash(),
            grace: Duration::ZERO,
            csrf_key: None,
            renews: Some(renewed.verifier().hash()),
        };
        let selector = renewed.selector();
        self = self.after(&Commit {
            session: SessionChange { rotation: Some(rotation), ..SessionChange::NONE }.into(),
            ..Commit::unchanged(3, at)
        });
        self.stored().token = Token::new(selector, *token.verifier());
        self
    }

    fn confirmed_at(mut self, minutes: u64) -> Self {
        let at = NOW.saturating_add(Duration::from_secs(minutes * 60));
        let verifier = self.stored().token.verifier().hash();
        let presented = Some(Confirmation { verifier, grace: Duration::from_secs(60) });
        self.after(&Commit {
            session: SessionChange { presented, ..SessionChange::NONE }.into(),
            ..Commit::unchanged(3, at)
        })
    }
}

#[test]
fn a_renewal_is_due_by_the_age_of_the_secret() {
    for (minutes, plan) in [(0, "unchanged"), (59, "unchanged"), (60, "apply renew"), (90, "apply renew")] {
        let expected = ["unchanged", plan, "unchanged", "unchanged"];
        assert_eq!(minutes_later(minutes).plans(), expected, "{minutes} minutes after it was made");
    }
    let mut never = minutes_later(90);
    never.policy.renew_every = None;
    assert_eq!(never.plans(), ["unchanged"; 4]);
}

#[test]
fn the_age_counts_from_the_latest_renewal_or_proof() {
    let good = Occasion::Response { failed: false };
    let renewed = |now| minutes_later(now).renewed_at(60).confirmed_at(61);
    assert_eq!(told(&renewed(119).plan(good)), "unchanged");
    assert_eq!(told(&renewed(120).plan(good)), "apply renew");
    let proved = |now| {
        let at = NOW.saturating_add(EVERY);
        minutes_later(now).after(&Commit {
            session: SessionChange { authenticated: true, ..SessionChange::NONE }.into(),
            ..Commit::unchanged(3, at)
        })
    };
    assert_eq!(told(&proved(119).plan(good)), "unchanged");
    assert_eq!(told(&proved(120).plan(good)), "apply renew");
}

#[test]
fn a_renewal_moves_nothing_beside_the_secret() {
    let mut request = minutes_later(60);
    let before = request.stored().clone();
    let Plan::Apply(apply) = request.plan(Occasion::Response { failed: false }) else {
        unreachable!("a renewal is due")
    };
    assert!(apply.renews() && !apply.rotates());
    assert_eq!(apply.token.selector(), before.token.selector());
    let Verdict::Store(record, _) = before.record.apply(&apply.commit) else { unreachable!("it applies") };
    let (metadata, old) = (record.metadata(), before.record.metadata());
    assert_eq!(metadata.verifier, apply.token.verifier().hash());
    assert_eq!(metadata.renewal().map(|renewal| renewal.previous), Some(old.verifier));
    assert_eq!(
        (metadata.epoch, metadata.csrf_key, metadata.superseded, metadata.authenticated_at),
        (old.epoch, old.csrf_key, None, old.authenticated_at)
    );
    assert_eq!(record.fields(), before.record.fields());
}

#[test]
fn only_a_good_answer_to_somebody_renews() {
    let good = Occasion::Response { failed: false };
    for (access, expected) in [
        (Access::None, "unchanged"),
        (Access::Read, "unchanged"),
        (Access::Passive, "unchanged"),
        (Access::Write, "apply renew"),
    ] {
        let mut request = minutes_later(60);
        request.access = access;
        assert_eq!(told(&request.plan(good)), expected, "{access:?}");
    }
    let mut unseen = minutes_later(60).run("set b 1");
    unseen.renews = false;
    assert_eq!(told(&unseen.plan(good)), "apply b=1", "a head, a prefetch, or another cookie already");
}

#[test]
fn a_renewal_goes_with_changes_but_never_with_a_change_of_privilege() {
    let good = Occasion::Response { failed: false };
    for (script, expected) in [
        ("set b 1", "apply b=1 renew"),
        ("regenerate", "apply rotate"),
        ("elevate", "apply rotate proof"),
        ("login 1", "apply rotate login:1 proof"),
        ("login 2", "end"),
        ("logout", "end"),
    ] {
        assert_eq!(told(&minutes_later(60).run(script).plan(good)), expected, "`{script}`");
    }
}

#[test]
fn the_new_secret_is_confirmed_before_anything_else() {
    let renewed = |now| minutes_later(now).renewed_at(60);
    let once = ["unchanged", "apply confirm", "unchanged", "unchanged"];
    assert_eq!(renewed(61).plans(), once);
    assert_eq!(renewed(500).plans(), once, "although another renewal is due as well");
    assert_eq!(renewed(61).confirmed_at(61).plans(), ["unchanged"; 4], "once");
    for access in [Access::None, Access::Read, Access::Passive] {
        let mut request = renewed(61);
        request.access = access;
        assert_eq!(told(&request.plan(Occasion::Response { failed: false })), "unchanged", "{access:?}");
    }
    let mut unseen = renewed(61);
    unseen.renews = false;
    assert_eq!(
        told(&unseen.plan(Occasion::Response { failed: false })),
        "apply confirm",
        "a head has it too"
    );
}

#[test]
fn the_secret_before_neither_renews_nor_confirms() {
    for confirmed in [false, true] {
        let mut request = minutes_later(500).renewed_at(60);
        let selector = request.stored().token.selector();
        if confirmed {
            request = request.confirmed_at(61);
        }
        // The handler came with another one than the record has by now.
        request.stored().token =
            Token::new(selector, *Token::random(&SystemRandom::default()).unwrap().verifier());
        assert_eq!(request.plans(), ["unchanged"; 4], "confirmed: {confirmed}");
    }
}

#[test]
fn what_is_due_is_activity_only_where_the_request_is() {
    use crate::config::Activity;
    for (activity, moves) in [(Activity::OnLoad, true), (Activity::OnChange, false)] {
        for (name, mut request) in
            [("renewal", minutes_later(60)), ("confirmation", minutes_later(61).renewed_at(60))]
        {
            request.policy.activity = activity;
            let Plan::Apply(apply) = request.plan(Occasion::Response { failed: false }) else {
                unreachable!("a {name} is due")
            };
            assert_eq!(apply.commit.idle_until.is_some(), moves, "{name}, {activity:?}");
        }
    }
}

#[test]
fn a_request_rests_unless_something_is_due_on_its_secret() {
    use crate::state::RequestState;
    let rests = |mut request: Request, access| {
        let mut state = RequestState::new();
        state.start(Base::Stored(request.stored().clone()), 0, Some(request.now));
        state.access = access;
        let record = request.stored().record.clone();
        assert!(record.flash().is_empty());
        state.rests(&request.policy)
    };
    let bare = |minutes| {
        let request = minutes_later(minutes);
        let flash = crate::record::FlashChange { put: vec![], consume: vec![4, 5] };
        request.after(&Commit { flash, ..Commit::unchanged(3, NOW) })
    };
    assert!(rests(bare(59), Access::Write), "nothing is due");
    assert!(!rests(bare(60), Access::Write), "a renewal");
    assert!(rests(bare(60), Access::Read) && rests(bare(60), Access::Passive));
    assert!(!rests(bare(61).renewed_at(60), Access::Write), "a confirmation");
    assert!(rests(bare(62).renewed_at(60).confirmed_at(61), Access::Write), "all was done");
}

#[test]
fn a_renewal_that_somebody_else_made_first_is_refused() {
    let mut request = minutes_later(60);
    let record = request.stored().record.clone();
    let planned = || match request.plan(Occasion::Response { failed: false }) {
        Plan::Apply(apply) => apply,
        other => panic!("not applied: {other:?}"),
    };
    let (winner, loser) = (planned(), planned());
    let Verdict::Store(renewed, _) = record.apply(&winner.commit) else { unreachable!("the first") };
    assert_eq!(renewed.apply(&loser.commit), Verdict::Leave(Applied::Refused(Refusal::Renewed)));
    let hashes: [VerifierHash; 2] = [&winner, &loser].map(|apply| apply.token.verifier().hash());
    assert_ne!(hashes[0], hashes[1]);
}
