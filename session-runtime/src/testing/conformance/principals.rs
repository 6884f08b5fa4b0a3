//! The principal index: it never loses a live session, whatever happens to the others.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit, Principal, SessionChange};
use crate::token::Selector;

use super::fixtures::{IDLE, add, owned, principal, rotation, set, signs_in};
use super::trial::Trial;

/// Whoever has no session has an empty entry.
pub async fn a_stranger_has_no_sessions<D: Driver>(trial: &Trial<D>) {
    let stranger = principal();
    trial.file(&owned(&trial.record(&[]), &principal())).await;
    let members = trial.members(stranger.key()).await;
    assert!(members.selectors.is_empty(), "a stranger has {} sessions", members.selectors.len());
    assert_eq!(
        trial.members(stranger.key()).await.generation,
        members.generation,
        "the generation is steady"
    );
}

/// A session is listed from its login on, and one that was filed logged in too.
pub async fn a_login_is_listed<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let filed = trial.file(&owned(&trial.record(&[]), &user)).await;
    assert_eq!(trial.sessions_of(user.key()).await, [filed].into());
    let signed_in = trial.filed(&[("a", "1")]).await;
    assert_eq!(trial.sessions_of(user.key()).await, [filed].into(), "an anonymous session is nobody's");
    sign_in(trial, &signed_in, 0, &user).await;
    assert_eq!(trial.sessions_of(user.key()).await, [filed, signed_in].into());
}

/// A re-login of the same principal leaves the session listed, once.
pub async fn a_login_again_is_listed_once<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let selector = trial.filed(&[("a", "1")]).await;
    for epoch in 0..3 {
        sign_in(trial, &selector, epoch, &user).await;
        assert_eq!(trial.sessions_of(user.key()).await, [selector].into(), "after login {epoch}");
    }
}

/// A session that changes hands is listed under its last principal, and the first one has no power over it.
pub async fn a_session_follows_its_last_login<D: Driver>(trial: &Trial<D>) {
    let (first, second) = (principal(), principal());
    let selector = trial.filed(&[("a", "1")]).await;
    sign_in(trial, &selector, 0, &first).await;
    sign_in(trial, &selector, 1, &second).await;
    assert!(trial.sessions_of(first.key()).await.is_empty());
    assert_eq!(trial.sessions_of(second.key()).await, [selector].into());
    assert_eq!(trial.revoke_all(first.key(), None).await, 0, "a session was revoked by its former principal");
    trial.stored(&selector).await;
    assert_eq!(trial.revoke_all(second.key(), None).await, 1);
    assert_eq!(trial.load(&selector).await, None);
}

/// A login that is superseded, gone or refused makes nobody the owner of anything.
pub async fn a_login_that_failed_owns_nothing<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let selector = trial.filed(&[("n", "255")]).await;
    let login = || Commit { session: signs_in(&user), ..trial.commit() };
    let superseded = Commit { epoch: 9, ..login() };
    assert_eq!(trial.apply(&selector, &superseded).await, Applied::Superseded);
    let refused = Commit { fields: vec![add("n", 1_u8)], ..login() };
    assert!(matches!(trial.apply(&selector, &refused).await, Applied::Refused(_)));
    let gone = trial.filed(&[("a", "1")]).await;
    trial.destroy(&gone, Owner::Nobody).await;
    assert_eq!(trial.apply(&gone, &login()).await, Applied::Gone);
    assert!(trial.sessions_of(user.key()).await.is_empty(), "a login that failed made an owner");
    assert_eq!(trial.revoke_all(user.key(), None).await, 0);
    assert!(trial.stored(&selector).await.metadata().principal.is_none());
}

/// Destroyed sessions leave the list, and the others stay on it.
pub async fn a_destroyed_session_is_listed_no_more<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let [one, two, three] = three_sessions_of(trial, &user).await;
    assert!(trial.destroy(&two, Owner::Principal(user.key())).await);
    assert_eq!(trial.sessions_of(user.key()).await, [one, three].into());
    assert!(trial.destroy(&one, Owner::Anyone).await);
    assert_eq!(trial.sessions_of(user.key()).await, [three].into());
}

/// `revoke_all` destroys every session of the principal, counts them, and spares the others and the excepted one.
pub async fn revoking_destroys_all_of_one_principal<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    let [one, two, three] = three_sessions_of(trial, &user).await;
    let others = trial.file(&owned(&trial.record(&[]), &other)).await;
    let nobodys = trial.filed(&[("a", "1")]).await;
    assert_eq!(trial.revoke_all(user.key(), Some(&two)).await, 2, "all but one of three");
    assert_eq!(trial.sessions_of(user.key()).await, [two].into());
    for gone in [&one, &three] {
        assert_eq!(trial.load(gone).await, None, "a revoked session is still there");
        let late = Commit { fields: vec![set("a", "2")], ..trial.commit() };
        assert_eq!(trial.apply(gone, &late).await, Applied::Gone, "a late write after a revocation");
    }
    assert_eq!(trial.revoke_all(user.key(), Some(&nobodys)).await, 1, "the exception was not one of his");
    assert_eq!(trial.revoke_all(user.key(), None).await, 0, "none are left");
    trial.stored(&others).await;
    trial.stored(&nobodys).await;
}

/// A generation changes if, and only if, the principal's sessions were revoked, be there none.
pub async fn a_generation_moves_with_revocations_only<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    let mut generation = trial.members(user.key()).await.generation;
    let [one, two, _] = three_sessions_of(trial, &user).await;
    sign_in(trial, &one, 0, &user).await;
    trial.destroy(&two, Owner::Anyone).await;
    trial.revoke_all(other.key(), None).await;
    trial.sweep(10).await;
    let after = trial.members(user.key()).await.generation;
    assert_eq!(after, generation, "logins, logouts and the revocations of others leave a generation alone");
    let mut past = BTreeSet::from([generation]);
    for round in 0..3 {
        trial.revoke_all(user.key(), None).await;
        generation = trial.members(user.key()).await.generation;
        assert!(past.insert(generation), "revocation {round} gave no new generation");
    }
    trial.file(&owned(&trial.record(&[]), &user)).await;
    assert_eq!(trial.members(user.key()).await.generation, generation, "a login after it leaves it alone");
}

/// A session in use stays listed for days, whatever is swept, listed or signed out meanwhile. Needs a clock.
pub async fn a_session_in_use_stays_listed<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let user = principal();
    let [kept, left, idle] = three_sessions_of(trial, &user).await;
    trial.destroy(&left, Owner::Principal(user.key())).await;
    for hour in 0..48 {
        clock.advance(Duration::from_secs(3_600));
        trial.store(&kept, &Commit { idle_until: Some(trial.later(IDLE)), ..trial.commit() }).await;
        while trial.sweep(10).await > 0 {}
        assert!(
            trial.sessions_of(user.key()).await.contains(&kept),
            "a live session was lost in hour {hour}"
        );
    }
    assert_eq!(trial.sessions_of(user.key()).await, [kept].into());
    assert_eq!(trial.load(&idle).await, None);
    assert_eq!(trial.revoke_all(user.key(), None).await, 1);
}

/// A session that has expired is nobody's any more: not listed, not counted, and no trace of it in the next one. Needs a
/// clock.
pub async fn an_expired_session_is_his_no_more<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let user = principal();
    let old = three_sessions_of(trial, &user).await;
    clock.advance(IDLE);
    assert!(trial.sessions_of(user.key()).await.is_empty(), "an expired session is listed as live");
    let fresh = trial.filed(&[("a", "1")]).await;
    sign_in(trial, &fresh, 0, &user).await;
    while trial.sweep(2).await > 0 {}
    assert_eq!(trial.sessions_of(user.key()).await, [fresh].into(), "the login after the others expired");
    assert_eq!(trial.revoke_all(user.key(), None).await, 1, "expired sessions were counted as revoked");
    for selector in old {
        assert_eq!(trial.load(&selector).await, None);
    }
}

/// After a logout, and after a revocation, the next login is listed like the first one.
pub async fn a_login_after_an_ending_is_listed<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    for round in 0..4 {
        let [one, two] =
            [trial.filed(&[("a", "1")]).await, trial.file(&owned(&trial.record(&[]), &user)).await];
        sign_in(trial, &one, 0, &user).await;
        let listed = trial.sessions_of(user.key()).await;
        assert_eq!(listed, [one, two].into(), "after {round} endings of each kind");
        assert!(trial.destroy(&one, Owner::Principal(user.key())).await);
        assert_eq!(trial.revoke_all(user.key(), None).await, 1, "sessions revoked in round {round}");
    }
}

/// A session that ended by removal of its last field was nobody's, and one with a principal does not end so.
pub async fn a_session_with_a_principal_is_not_emptied<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let selector = trial.file(&owned(&trial.record(&[("a", "1")]), &user)).await;
    trial.store(&selector, &Commit { clear: true, ..trial.commit() }).await;
    assert_eq!(trial.sessions_of(user.key()).await, [selector].into());
}

async fn three_sessions_of<D: Driver>(trial: &Trial<D>, user: &Principal) -> [Selector; 3] {
    let record = owned(&trial.record(&[("a", "1")]), user);
    [trial.file(&record).await, trial.file(&record).await, trial.file(&record).await]
}

async fn sign_in<D: Driver>(trial: &Trial<D>, selector: &Selector, epoch: u64, user: &Principal) {
    let login = Commit {
        epoch,
        session: SessionChange {
            login: Some(user.clone()),
            rotation: Some(rotation()),
            authenticated: true,
            ..SessionChange::NONE
        }
        .into(),
        ..trial.commit()
    };
    trial.store(selector, &login).await;
}
