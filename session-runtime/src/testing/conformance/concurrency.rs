//! Sixty-four of one kind at once: none is lost, and the answers agree with what is stored.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

use crate::driver::{Created, Driver};
use crate::record::{Applied, Commit, FlashChange, Refusal, SessionChange};

use super::fixtures::{
    self, IDLE, add, conflict, flash, json, overflow, principal, rotates, rotation, set, swap, text,
};
use super::trial::{Trial, answered};

/// Additions are never lost: 64 at once make 64, and each is answered with a sum of its own.
pub async fn additions_add_up<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[]).await;
    let commit = Commit { fields: vec![add("n", 1_u64)], ..trial.commit() };
    let answers = at_once(trial, move |driver, _| {
        let commit = commit.clone();
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    let sums: BTreeSet<u64> = answers.await.into_iter().map(|applied| only_sum(&applied)).collect();
    assert_eq!(sums, (1..=MANY).collect(), "each addition sees a sum of its own");
    assert_eq!(text(&trial.stored(&selector).await, "n"), Some("64"), "64 additions of one");
}

/// Bounds hold between concurrent additions: as many fit as fit, and the others are refused.
pub async fn additions_stop_at_the_bound<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("n", "223")]).await;
    let commit = Commit { fields: vec![add("n", 1_u8)], ..trial.commit() };
    let answers = at_once(trial, move |driver, _| {
        let commit = commit.clone();
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    let refused = answers.await.into_iter().filter(|applied| *applied == overflow("n")).count();
    assert_eq!(refused, 32, "of 64 additions to 223, 32 fit a byte");
    assert_eq!(text(&trial.stored(&selector).await, "n"), Some("255"));
}

/// Of 64 records for one selector one is filed, and it is the one that is there.
pub async fn one_of_many_creations_is_filed<D: Driver>(trial: &Trial<D>) {
    let selector = fixtures::selector();
    let record = trial.record(&[]);
    let answers = at_once(trial, move |driver, number| {
        let fields = fixtures::fields(&[("n", &number.to_string())]);
        let record = crate::record::Record::new(record.metadata().clone(), fields, Vec::new());
        async move { (number, answered("create", driver.create(&selector, &record).await)) }
    });
    let filed: Vec<u64> = filtered(answers.await, |created| *created == Created::Filed);
    let [winner] = filed[..] else { panic!("{} of 64 creations were filed, not one", filed.len()) };
    assert_eq!(
        text(&trial.stored(&selector).await, "n"),
        Some(&*winner.to_string()),
        "the one that was filed"
    );
}

/// Of 64 swaps from one text one is stored, and the others conflict.
pub async fn one_of_many_swaps_is_stored<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "[]")]).await;
    let commit = trial.commit();
    let answers = at_once(trial, move |driver, number| {
        let fields = vec![swap("a", Some("[]"), Some(&number.to_string()))];
        let commit = Commit { fields, ..commit.clone() };
        async move { (number, answered("apply", driver.apply(&selector, &commit).await)) }
    });
    let answers = answers.await;
    assert!(
        answers.iter().all(|(_, applied)| is_stored(applied) || *applied == conflict("a")),
        "a swap is stored or a conflict"
    );
    let stored = filtered(answers, is_stored);
    let [winner] = stored[..] else { panic!("{} of 64 swaps were stored, not one", stored.len()) };
    assert_eq!(text(&trial.stored(&selector).await, "a"), Some(&*winner.to_string()));
}

/// Swaps that are replayed on a conflict, as updates are, lose nothing.
pub async fn replayed_swaps_lose_nothing<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("list", "[]")]).await;
    let commit = trial.commit();
    let rounds = at_once(trial, move |driver, number| {
        let commit = commit.clone();
        async move {
            loop {
                let record = answered("load", driver.load(&selector).await);
                let seen = record.as_ref().and_then(|record| text(record, "list")).unwrap_or_default();
                let comma = if seen == "[]" { "" } else { "," };
                // As a handler does: others come in between.
                tokio::task::yield_now().await;
                let longer = format!("{}{comma}{number}]", seen.trim_end_matches(']'));
                let commit =
                    Commit { fields: vec![swap("list", Some(seen), Some(&longer))], ..commit.clone() };
                if is_stored(&answered("apply", driver.apply(&selector, &commit).await)) {
                    break;
                }
            }
        }
    });
    rounds.await;
    let record = trial.stored(&selector).await;
    let list: BTreeSet<&str> =
        text(&record, "list").unwrap_or_default().trim_matches(['[', ']']).split(',').collect();
    assert_eq!(list.len(), 64, "each of 64 updates is in the list: {list:?}");
}

/// Writes of different fields never overwrite one another.
pub async fn writes_of_different_fields_all_stay<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("keep", "1")]).await;
    let commit = trial.commit();
    let answers = at_once(trial, move |driver, number| {
        let commit = Commit { fields: vec![set(&format!("field-{number}"), "1")], ..commit.clone() };
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    assert!(answers.await.iter().all(is_stored));
    assert_eq!(
        trial.stored(&selector).await.fields().len(),
        65,
        "64 new fields beside the one that was there"
    );
}

/// Flash put by many at once is all there, with ids of its own; consumed by many at once it is all gone.
pub async fn flash_is_neither_lost_nor_doubled<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    for consuming in [false, true] {
        let commit = trial.commit();
        let answers = at_once(trial, move |driver, number| {
            let change = if consuming {
                FlashChange { put: vec![], consume: vec![number] }
            } else {
                FlashChange { put: vec![flash("notice", number.to_string())], consume: vec![] }
            };
            let commit = Commit { flash: change, ..commit.clone() };
            async move { answered("apply", driver.apply(&selector, &commit).await) }
        });
        assert!(answers.await.iter().all(is_stored));
        let record = trial.stored(&selector).await;
        let ids: Vec<u64> = record.flash().iter().map(|entry| entry.id).collect();
        let expected: Vec<u64> = if consuming { vec![] } else { (0..MANY).collect() };
        assert_eq!(ids, expected, "ids of the entries, the oldest first");
    }
}

/// Of 64 changes of privilege under one epoch one is stored, and the others are superseded.
pub async fn one_of_many_rotations_is_stored<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let commit = trial.commit();
    let answers = at_once(trial, move |driver, _| {
        let commit = Commit { session: rotates(), ..commit.clone() };
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    let answers = answers.await;
    assert_eq!(answers.iter().filter(|applied| is_stored(applied)).count(), 1, "rotations stored");
    assert_eq!(answers.iter().filter(|applied| **applied == Applied::Superseded).count(), 63);
    assert_eq!(trial.stored(&selector).await.metadata().epoch, 1);
}

/// Of many touches the furthest counts.
pub async fn touches_never_lower_one_another<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let (commit, base) = (trial.commit(), trial.later(IDLE));
    let answers = at_once(trial, move |driver, number| {
        let idle = base.saturating_add(std::time::Duration::from_secs(number));
        let commit = Commit { idle_until: Some(idle), ..commit.clone() };
        async move { answered("apply", driver.apply(&selector, &commit).await) }
    });
    assert!(answers.await.iter().all(is_stored));
    let idle = trial.stored(&selector).await.metadata().deadlines.idle;
    assert_eq!(idle, base.saturating_add(std::time::Duration::from_secs(MANY - 1)), "the furthest touch");
}

/// Sessions that sign in at once are all listed.
pub async fn logins_at_once_are_all_listed<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let (record, commit) = (trial.record(&[("a", "1")]), trial.commit());
    let login = user.clone();
    let selectors = at_once(trial, move |driver, _| {
        let (record, login) = (record.clone(), Some(login.clone()));
        let commit = Commit {
            session: SessionChange { login, rotation: Some(rotation()), ..SessionChange::NONE }.into(),
            ..commit.clone()
        };
        async move {
            let selector = fixtures::selector();
            answered("create", driver.create(&selector, &record).await);
            assert!(is_stored(&answered("apply", driver.apply(&selector, &commit).await)));
            selector
        }
    });
    let signed_in: BTreeSet<_> = selectors.await.into_iter().collect();
    assert_eq!(trial.sessions_of(user.key()).await, signed_in, "a session that signed in is not listed");
    assert_eq!(trial.revoke_all(user.key(), None).await, 64);
}

/// Runs `task` 64 times, on several threads, from one starting line.
pub(super) async fn at_once<D, T, F, Task>(trial: &Trial<D>, task: F) -> Vec<T>
where
    D: Driver,
    T: Send + 'static,
    F: Fn(Arc<D>, u64) -> Task,
    Task: Future<Output = T> + Send + 'static,
{
    let line = Arc::new(Barrier::new(64));
    let tasks: Vec<_> = (0..MANY)
        .map(|number| {
            let (line, task) = (line.clone(), task(trial.driver(), number));
            tokio::spawn(async move {
                line.wait().await;
                task.await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        match task.await {
            Ok(answer) => answers.push(answer),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => panic!("a task did not finish: {error}"),
            },
        }
    }
    answers
}

pub(super) fn is_stored(applied: &Applied) -> bool {
    matches!(applied, Applied::Stored(_))
}

fn filtered<T>(answers: Vec<(u64, T)>, wanted: impl Fn(&T) -> bool) -> Vec<u64> {
    answers.into_iter().filter(|(_, answer)| wanted(answer)).map(|(number, _)| number).collect()
}

fn only_sum(applied: &Applied) -> u64 {
    match applied {
        Applied::Stored(sums) => match &sums[..] {
            [(_, sum)] if *sum == json(sum.as_str()) => sum.as_str().parse().unwrap_or_default(),
            _ => panic!("one addition has one sum, not {}", sums.len()),
        },
        Applied::Refused(Refusal::Overflow { .. }) => panic!("64 additions of one do not overflow"),
        other => panic!("an addition must be stored, not {other:?}"),
    }
}

const MANY: u64 = 64;
