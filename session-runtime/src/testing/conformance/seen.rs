//! What a request has seen of a record may be out of date: it is a hint, and decides nothing.

use crate::driver::{Driver, Owner};
use crate::record::{Applied, Commit, Record, Refusal};
use crate::token::Selector;

use super::fixtures::{self, add, rotates, set, swap};
use super::trial::Trial;

/// A commit is applied to what is stored, whatever its request has seen: seen and stored are one field apart, and on what
/// was seen the addition would overflow.
pub async fn what_was_seen_overwrites_nothing<D: Driver>(trial: &Trial<D>) {
    let (selector, seen) = outdated(trial).await;
    let fields = vec![add("n", 1_u8)];
    let applied = trial.apply(&selector, &Commit { fields, seen, ..trial.commit() }).await;
    assert_eq!(applied, fixtures::sum("n", "1"), "an addition to what was stored meanwhile");
    let after = trial.stored(&selector).await;
    assert_eq!(after.fields(), &fixtures::fields(&[("a", "1"), ("b", "2"), ("n", "1")]));
}

/// What would be stored, refused or superseded by what was seen is so by what is stored.
pub async fn what_was_seen_decides_nothing<D: Driver>(trial: &Trial<D>) {
    let (selector, seen) = outdated(trial).await;
    let fields = vec![swap("n", Some("255"), Some("7"))];
    let applied = trial.apply(&selector, &Commit { fields, seen: seen.clone(), ..trial.commit() }).await;
    let key = "n".into();
    assert_eq!(applied, Applied::Refused(Refusal::Conflict { key }), "a swap against what was seen");

    trial.store(&selector, &Commit { session: rotates(), ..trial.commit() }).await;
    let late = Commit { fields: vec![set("a", "9")], seen: seen.clone(), ..trial.commit() };
    assert_eq!(trial.apply(&selector, &late).await, Applied::Superseded, "under the epoch that was seen");
    let now = Commit { epoch: 1, ..late.clone() };
    assert_eq!(
        trial.apply(&selector, &now).await,
        Applied::Stored(Vec::new()),
        "under the epoch that is stored"
    );

    assert!(trial.destroy(&selector, Owner::Nobody).await);
    assert_eq!(trial.apply(&selector, &now).await, Applied::Gone, "after `destroy`");
    assert_eq!(trial.load(&selector).await, None);
}

/// A record, and what it was before somebody else wrote.
async fn outdated<D: Driver>(trial: &Trial<D>) -> (Selector, Option<Record>) {
    let selector = trial.filed(&[("a", "1"), ("n", "255")]).await;
    let seen = trial.stored(&selector).await;
    let fields = vec![set("b", "2"), set("n", "0")];
    trial.store(&selector, &Commit { fields, ..trial.commit() }).await;
    (selector, Some(seen))
}
