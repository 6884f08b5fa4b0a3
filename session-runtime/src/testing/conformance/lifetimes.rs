//! Lives that begin anew, lives of other lengths, and what is known of those that are over.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::driver::{Driver, DriverFate, Owner};
use crate::record::{Commit, Deadlines, Lifetime, SessionChange};
use crate::token::Selector;

use super::fixtures::{self, ABSOLUTE, IDLE, owned, principal, rotation};
use super::trial::{Trial, answered};

/// A login replaces both deadlines, by later ones or by earlier ones, and the session ends by the new ones.
pub async fn new_deadlines_replace_the_old<D: Driver>(trial: &Trial<D>) {
    for [idle, absolute] in [[IDLE * 4, ABSOLUTE * 3], [IDLE / 4, IDLE / 2]] {
        let selector = trial.filed(&[("a", "1")]).await;
        let deadlines = Deadlines::starting(trial.now(), idle, absolute);
        let mut login = login(trial);
        login.session_mut().deadlines = Some(deadlines);
        trial.store(&selector, &login).await;
        let stored = trial.stored(&selector).await.metadata().deadlines;
        assert_eq!(stored, deadlines, "the deadlines after a login that begins them anew");
        let Some(clock) = trial.clock() else { continue };
        let began = trial.now();
        clock.set(Timestamp::from_unix_millis(deadlines.idle.unix_millis() - 1));
        trial.sweep(10).await;
        assert!(trial.load(&selector).await.is_some(), "a session was lost before its new deadline");
        clock.set(deadlines.idle);
        assert_eq!(trial.load(&selector).await, None, "a session was loaded at its new deadline");
        clock.set(began);
    }
}

/// A session that lives longer than it was to at first is on the list of its principal for as long. Needs a clock.
pub async fn a_longer_life_stays_listed<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let user = principal();
    let record = owned(&trial.record(&[("a", "1")]), &user);
    let selector = trial.file(&record).await;
    let deadlines = Some(Deadlines::starting(trial.now(), ABSOLUTE * 3, ABSOLUTE * 3));
    let mut login = login(trial);
    let change = login.session_mut();
    (change.login, change.deadlines) = (Some(user.clone()), deadlines);
    trial.store(&selector, &login).await;
    clock.advance(ABSOLUTE + IDLE);
    while trial.sweep(10).await > 0 {}
    let listed = trial.sessions_of(user.key()).await;
    assert!(
        listed.contains(&selector),
        "a session that lives longer now is listed after its former deadline"
    );
    assert_eq!(trial.revoke_all(user.key(), None).await, 1, "and can be revoked");
    assert_eq!(trial.load(&selector).await, None);
}

/// A session that lives shorter than it was to at first is swept when that is over. Needs a clock.
pub async fn a_shorter_life_is_swept_at_its_end<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let selector = trial.filed(&[("a", "1")]).await;
    let mut shortened = trial.commit();
    shortened.session_mut().deadlines = Some(Deadlines::starting(trial.now(), IDLE / 4, IDLE / 4));
    trial.store(&selector, &shortened).await;
    clock.advance(IDLE / 4);
    let swept = trial.sweep(10).await;
    assert!(swept == 1 || trial.expires_by_itself(), "a life was over early, and {swept} were swept");
    assert_eq!(trial.load(&selector).await, None, "a life that was shortened");
}

/// What is said of a session's life is kept, to the millisecond, until it is said otherwise.
pub async fn what_is_said_of_a_life_is_kept<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let said = [
        Lifetime { idle_for: Some(Duration::from_millis(1)), remembered: false },
        Lifetime { idle_for: None, remembered: true },
        Lifetime { idle_for: Some(ABSOLUTE * 100 + Duration::from_millis(7)), remembered: true },
        Lifetime::default(),
    ];
    for lifetime in said {
        trial
            .store(
                &selector,
                &Commit {
                    session: SessionChange { lifetime: Some(lifetime), ..SessionChange::NONE }.into(),
                    ..trial.commit()
                },
            )
            .await;
        trial.store(&selector, &Commit { fields: vec![fixtures::set("a", "2")], ..trial.commit() }).await;
        let metadata = trial.stored(&selector).await.metadata().clone();
        let kept = Lifetime { idle_for: metadata.idle_for(), remembered: metadata.is_remembered() };
        assert_eq!(kept, lifetime, "what was said of a session's life");
    }
    let remembered = Lifetime { idle_for: Some(ABSOLUTE), remembered: true };
    trial
        .store(
            &selector,
            &Commit {
                session: SessionChange { lifetime: Some(remembered), ..SessionChange::NONE }.into(),
                ..trial.commit()
            },
        )
        .await;
    trial.store(&selector, &login(trial)).await;
    let metadata = trial.stored(&selector).await.metadata().clone();
    assert_eq!((metadata.idle_for(), metadata.is_remembered()), (None, false), "a login takes it away");
}

/// A commit that moves the idle deadline of somebody's session notes when; never an earlier time, and of nobody's
/// nothing.
pub async fn a_touch_notes_when<D: Driver>(trial: &Trial<D>) {
    let his = trial.file(&owned(&trial.record(&[("a", "1")]), &principal())).await;
    let nobodys = trial.filed(&[("a", "1")]).await;
    let touch = |seconds: u64| {
        let at = trial.later(Duration::from_secs(seconds));
        Commit { at, idle_until: Some(at.saturating_add(IDLE)), ..trial.commit() }
    };
    let seen = async |selector: &Selector| trial.stored(selector).await.metadata().seen_at();
    let (first, later) = (touch(1), touch(3));
    for commit in [&first, &later, &first] {
        trial.store(&his, commit).await;
        trial.store(&nobodys, commit).await;
    }
    assert_eq!(seen(&his).await, Some(later.at), "when a session was last seen");
    assert_eq!(seen(&nobodys).await, None, "nobody is seen");
}

/// What is told of a session that is not there is true: expired, destroyed, or not known (any more).
pub async fn the_expired_are_told_for_a_while_or_unknown<D: Driver>(trial: &Trial<D>) {
    let fate = async |selector: &Selector| answered("fate", trial.driver().fate(selector).await);
    assert_eq!(fate(&fixtures::selector()).await, DriverFate::Unknown, "the fate of what never was");
    let live = trial.filed(&[("a", "1")]).await;
    assert_eq!(fate(&live).await, DriverFate::Unknown, "the fate of a live session");
    let expired = trial.file(&trial.expired_record(&[("a", "1")])).await;
    let told = fate(&expired).await;
    assert!(
        matches!(told, DriverFate::Expired | DriverFate::Unknown),
        "the fate of an expired session is {told:?}"
    );
    assert!(trial.destroy(&live, Owner::Anyone).await);
    let told = fate(&live).await;
    let expected =
        if trial.destroyed_recently(&live).await { DriverFate::Destroyed } else { DriverFate::Unknown };
    assert_eq!(told, expected, "the fate of a destroyed session");
}

fn login<D: Driver>(trial: &Trial<D>) -> Commit {
    Commit {
        session: SessionChange {
            login: Some(principal()),
            authenticated: true,
            rotation: Some(rotation()),
            ..SessionChange::NONE
        }
        .into(),
        ..trial.commit()
    }
}
