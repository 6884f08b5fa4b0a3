//! What is kept of the device that a principal signed in on, and the place on his list when his login is renewed.

use crate::driver::Driver;
use crate::record::{Commit, Deadlines, DeviceFacts, Principal, SessionChange};

use super::fixtures::{ABSOLUTE, IDLE, principal, rotation, set};
use super::trial::Trial;

/// The facts of a login are kept to the byte by everything but the next login, which replaces them or takes them away.
pub async fn facts_of_a_device_are_kept<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let selector = trial.filed(&[("a", "1")]).await;
    let texts = [("Firefox on Linux", "2001:db8::7"), ("\u{e9}\u{1f36a} \"q\" \\ \n", "")];
    for (epoch, (agent, address)) in (0..).zip(texts) {
        let device = DeviceFacts { agent: Some(agent.into()), address: Some(address.into()) };
        let mut login = login(trial, &user, epoch);
        login.session_mut().device = Some(device.clone());
        trial.store(&selector, &login).await;
        let write = Commit { epoch: epoch + 1, fields: vec![set("a", "2")], ..trial.commit() };
        trial.store(&selector, &write).await;
        let touch = Commit { epoch: epoch + 1, idle_until: Some(trial.later(IDLE)), ..trial.commit() };
        trial.store(&selector, &touch).await;
        let stored = trial.stored(&selector).await;
        assert!(stored.metadata().device() == Some(&device), "what is known of the device of login {epoch}");
    }
    trial.store(&selector, &login(trial, &user, 2)).await;
    assert!(trial.stored(&selector).await.metadata().device().is_none(), "the device of the login before");
}

/// A login that starts the deadlines anew outlives the old ones, in the index too.
pub async fn a_login_after_a_longer_life_outlives_the_old_deadline_in_the_index<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let user = principal();
    let selector = trial.filed(&[("a", "1")]).await;
    trial.store(&selector, &login(trial, &user, 0)).await;
    let long = Deadlines { idle: trial.later(ABSOLUTE * 3), absolute: trial.later(ABSOLUTE * 3) };
    let mut again = login(trial, &user, 1);
    again.session_mut().deadlines = Some(long);
    trial.store(&selector, &again).await;
    assert_eq!(
        trial.stored(&selector).await.metadata().deadlines,
        long,
        "deadlines that a login starts anew"
    );
    clock.advance(ABSOLUTE + IDLE);
    while trial.sweep(10).await > 0 {}
    trial.stored(&selector).await;
    assert_eq!(trial.sessions_of(user.key()).await, [selector].into(), "after the deadline before the login");
    assert_eq!(trial.revoke_all(user.key(), None).await, 1, "revoked after the deadline before the login");
    assert_eq!(trial.load(&selector).await, None);
}

fn login<D: Driver>(trial: &Trial<D>, user: &Principal, epoch: u64) -> Commit {
    let (login, rotation) = (Some(user.clone()), Some(rotation()));
    Commit {
        epoch,
        session: SessionChange { login, rotation, authenticated: true, ..SessionChange::NONE }.into(),
        ..trial.commit()
    }
}
