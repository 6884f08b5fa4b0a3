//! Calls that are given up in the middle, as the core does at its deadline: whole or nothing, and the driver goes on.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::driver::{Created, Driver, Owner};
use crate::record::{Applied, Commit, FlashChange, Record};

use super::concurrency::is_stored;
use super::fixtures::{self, add, flash, owned, principal, set, signs_in, text};
use super::trial::{Trial, answered};

/// A commit that is given up is applied as a whole, then or later, or not at all; and never on top of a later one.
pub async fn a_commit_that_is_given_up_is_whole_or_nothing<D: Driver>(trial: &Trial<D>) {
    let driver = trial.driver();
    for polls in 1..=POLLS {
        let selector = trial.filed(&[("a", "0"), ("b", "0")]).await;
        let put = FlashChange { put: vec![flash("notice", "1")], consume: vec![] };
        let commit = Commit { fields: vec![add("a", 1_u64), add("b", 1_u64)], flash: put, ..trial.commit() };
        let mut stored = 0;
        for round in 0..ROUNDS {
            let answer = given_up(driver.apply(&selector, &commit), polls).await;
            stored += usize::from(answer.is_some_and(|answer| is_stored(&answered("apply", answer))));
            let mark = Commit { fields: vec![set("mark", round.to_string())], ..trial.commit() };
            trial.store(&selector, &mark).await;
            for _ in 0..LATE {
                whole(&trial.stored(&selector).await, round, stored);
                later().await;
            }
        }
    }
}

fn whole(record: &Record, round: usize, stored: usize) {
    let [a, b, mark] = ["a", "b", "mark"].map(|key| text(record, key).unwrap_or_default());
    let flashed = record.flash().len().to_string();
    assert_eq!((a, a), (b, &*flashed), "half of a commit that was given up was applied");
    assert_eq!(mark, round.to_string(), "a commit that was given up undid a later one");
    let count = record.flash().len();
    assert!((stored..=round + 1).contains(&count), "{stored} commits were answered, and {count} are stored");
}

/// A creation that is given up files the whole record, listed under its principal, or nothing.
pub async fn a_creation_that_is_given_up_is_whole_or_nothing<D: Driver>(trial: &Trial<D>) {
    let driver = trial.driver();
    for polls in 1..=POLLS {
        for _ in 0..ROUNDS {
            let user = principal();
            let (selector, record) = (fixtures::selector(), owned(&trial.record(&[("a", "1")]), &user));
            let answer = given_up(driver.create(&selector, &record), polls).await;
            let answer = answer.map(|answer| answered("create", answer));
            assert_ne!(answer, Some(Created::Taken), "`create` under a selector that nobody has");
            if let Some(found) = trial.load(&selector).await {
                assert_eq!(found, record, "half of a record that was given up was filed");
                let listed = trial.members(user.key()).await.selectors.contains(&selector);
                assert!(listed, "a creation that was given up is stored, and not listed");
            }
            trial.create(&selector, &record).await;
            assert_eq!(trial.sessions_of(user.key()).await, [selector].into());
            trial.store(&selector, &Commit { fields: vec![set("a", "2")], ..trial.commit() }).await;
            for _ in 0..LATE {
                let found = trial.stored(&selector).await;
                assert_eq!(text(&found, "a"), Some("2"), "a creation that was given up undid a later commit");
                later().await;
            }
        }
    }
}

/// A login that is given up leaves no session with a principal off the list.
pub async fn a_login_that_is_given_up_is_listed_if_stored<D: Driver>(trial: &Trial<D>) {
    let driver = trial.driver();
    for polls in 1..=POLLS {
        for _ in 0..ROUNDS {
            let user = principal();
            let selector = trial.filed(&[("a", "1")]).await;
            let login = Commit { session: signs_in(&user), ..trial.commit() };
            given_up(driver.apply(&selector, &login), polls).await;
            for _ in 0..LATE {
                // In this order: the entry comes before the record that needs it.
                let record = trial.stored(&selector).await;
                let listed = trial.members(user.key()).await.selectors.contains(&selector);
                let his = Owner::Principal(user.key()).owns(&record);
                assert!(listed || !his, "a login that was given up is stored, and not listed");
                later().await;
            }
            assert!(trial.destroy(&selector, Owner::Anyone).await);
        }
    }
}

/// A destruction that is given up takes the whole session or nothing, and can be asked for again.
pub async fn a_destruction_that_is_given_up_is_whole_or_nothing<D: Driver>(trial: &Trial<D>) {
    let driver = trial.driver();
    for polls in 1..=POLLS {
        for _ in 0..ROUNDS {
            let user = principal();
            let record = owned(&trial.record(&[("a", "1")]), &user);
            let selector = trial.file(&record).await;
            given_up(driver.destroy(&selector, Owner::Principal(user.key())), polls).await;
            for _ in 0..LATE {
                // In this order: as long as the record is there the entry is.
                let listed = trial.members(user.key()).await.selectors.contains(&selector);
                if let Some(found) = trial.load(&selector).await {
                    assert_eq!(found, record, "half of a record is left of a destruction");
                    assert!(listed, "a destruction that was given up left a session that is not listed");
                }
                later().await;
            }
            trial.destroy(&selector, Owner::Anyone).await;
            assert_eq!(trial.load(&selector).await, None);
            assert_eq!(trial.apply(&selector, &trial.commit()).await, Applied::Gone);
        }
    }
}

/// Polls a call so many times, then drops it; its answer if there was one by then.
async fn given_up<T>(call: impl Future<Output = T>, polls: usize) -> Option<T> {
    let (mut call, mut left) = (pin!(call), polls);
    poll_fn(|context| {
        left -= 1;
        match call.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Nothing tells when an effect comes that nobody waits for: a moment is given to it.
async fn later() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// At how many points of a call it is given up.
const POLLS: usize = 6;
/// How many times at each.
const ROUNDS: usize = 4;
/// How many times a late effect is looked for.
const LATE: usize = 2;
