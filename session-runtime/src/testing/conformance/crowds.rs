//! Sixty-four of different kinds at once, on one record, one index, one store.

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit, FlashChange, Principal, SessionChange};
use crate::token::Selector;

use super::concurrency::{at_once, is_stored};
use super::fixtures::{
    self, IDLE, add, flash, json, owned, principal, remove, rotation, set, signs_in, swap, text, with_flash,
};
use super::trial::{Trial, answered};

/// Commits of every kind on one record at once: each does all that it says, and undoes nothing of the others.
pub async fn commits_of_every_kind_at_once_all_count<D: Driver>(trial: &Trial<D>) {
    let fields: Vec<(String, &str)> =
        (0..64).flat_map(|n| [(format!("r{n}"), "0"), (format!("s{n}"), "0")]).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let selector = trial.file(&with_flash(&trial.record(&fields), &["old"; 64])).await;
    let (commit, idle) = (trial.commit(), trial.later(IDLE * 2));
    let answers = at_once(trial, move |driver, number| {
        let put = vec![flash("new", number.to_string())];
        let commit = match number % 7 {
            0 => Commit { fields: vec![add("n", 1_u64)], ..commit.clone() },
            1 => Commit { fields: vec![set(&format!("f{number}"), "1")], ..commit.clone() },
            2 => Commit { flash: FlashChange { put, consume: vec![] }, ..commit.clone() },
            3 => Commit { flash: FlashChange { put: vec![], consume: vec![number] }, ..commit.clone() },
            4 => Commit { fields: vec![remove(&format!("r{number}"))], ..commit.clone() },
            5 => Commit { fields: vec![swap(&format!("s{number}"), Some("0"), Some("1"))], ..commit.clone() },
            _ => Commit { idle_until: Some(idle), ..commit.clone() },
        };
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    assert!(answers.await.iter().all(is_stored), "none of these commits is in the way of another");
    let record = trial.stored(&selector).await;
    let of_kind = |kind: u64| (0..64_u64).filter(move |number| number % 7 == kind);
    let sum = of_kind(0).count().to_string();
    assert_eq!(text(&record, "n"), Some(&*sum), "additions beside other commits");
    for number in 0..64_u64 {
        let field = |class: &str| text(&record, &format!("{class}{number}"));
        let expected = (
            (number % 7 == 1).then_some("1"),
            (number % 7 != 4).then_some("0"),
            Some(if number % 7 == 5 { "1" } else { "0" }),
        );
        assert_eq!((field("f"), field("r"), field("s")), expected, "the fields of commit {number}");
        let consumed = !record.flash().iter().any(|entry| entry.id == number);
        assert_eq!(consumed, number % 7 == 3, "the old entry of flash {number}");
        let flashed = record.flash().iter().filter(|entry| entry.json == json(number.to_string())).count();
        assert_eq!(flashed, usize::from(number % 7 == 2), "the new entry of flash {number}");
    }
    assert_eq!(record.metadata().deadlines.idle, idle, "touches beside other commits");
}

/// Of 64 logins of different people on one session one is stored: it is his, and on nobody else's list.
pub async fn one_of_many_logins_is_stored<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let people: Vec<Principal> = (0..64).map(|_| principal()).collect();
    let (commit, all) = (trial.commit(), people.clone());
    let answers = at_once(trial, move |driver, number| {
        let login = usize::try_from(number).ok().and_then(|number| all.get(number).cloned());
        let commit = Commit {
            session: SessionChange {
                login: login.clone(),
                rotation: Some(rotation()),
                ..SessionChange::NONE
            }
            .into(),
            ..commit.clone()
        };
        async move { (login, answered("apply", driver.apply(&selector, &commit).await)) }
    });
    let answers = answers.await;
    let superseded = answers.iter().filter(|(_, applied)| *applied == Applied::Superseded).count();
    assert_eq!(superseded, 63, "of 64 logins under one epoch all but one are superseded");
    let winner = answers.into_iter().find(|(_, applied)| is_stored(applied)).and_then(|(login, _)| login);
    assert_eq!(trial.stored(&selector).await.metadata().principal, winner, "the login that was stored");
    for someone in &people {
        let his = trial.sessions_of(someone.key()).await.contains(&selector);
        assert_eq!(his, Some(someone) == winner.as_ref(), "the session is on the list of its principal only");
    }
}

/// Whoever lists, sweeps and revokes others' sessions meanwhile: no session is lost whose login is on its way.
pub async fn a_list_beside_logins_loses_none<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    let (key, others) = (*user.key(), *other.key());
    let (record, commit) = (trial.record(&[("a", "1")]), trial.commit());
    let signed_in = at_once(trial, move |driver, number| {
        let (user, record) = (user.clone(), record.clone());
        let commit = Commit { session: signs_in(&user), ..commit.clone() };
        async move {
            let mut signed_in: Vec<Selector> = Vec::new();
            for _ in 0..4 {
                if number % 2 == 0 {
                    answered("members", driver.members(&key).await);
                    answered("sweep", driver.sweep(10).await);
                    answered("revoke_all", driver.revoke_all(&others, None).await);
                    continue;
                }
                let selector = fixtures::selector();
                if number % 4 == 1 {
                    answered("create", driver.create(&selector, &owned(&record, &user)).await);
                } else {
                    answered("create", driver.create(&selector, &record).await);
                    assert!(is_stored(&answered("apply", driver.apply(&selector, &commit).await)));
                }
                signed_in.push(selector);
            }
            signed_in
        }
    });
    let signed_in = signed_in.await.into_iter().flatten().collect();
    assert_eq!(
        trial.sessions_of(&key).await,
        signed_in,
        "a session that signed in beside a list is not on it"
    );
}

/// Sweeps at once remove and count each expired record once.
pub async fn sweeps_at_once_count_each_record_once<D: Driver>(trial: &Trial<D>) {
    let live = trial.filed(&[("a", "1")]).await;
    for _ in 0..4 {
        for number in 0..40 {
            let record = trial.expired_record(&[("a", "1")]);
            trial.file(&if number % 2 == 0 { owned(&record, &principal()) } else { record }).await;
        }
        let counts =
            at_once(trial, |driver, _| async move { answered("sweep", driver.sweep(5).await) }).await;
        let mut removed: usize = counts.into_iter().sum();
        for _ in 0..40 {
            removed += trial.sweep(5).await;
        }
        let all = removed == 40 || (removed < 40 && trial.expires_by_itself());
        assert!(all, "40 records have expired, and {removed} were counted");
    }
    assert!(trial.destroy(&live, Owner::Nobody).await, "a sweep touched a live record");
}
