//! Flash: entries with ids of their own, consumed by id, so that none is lost that was put meanwhile.

use crate::clock::Timestamp;
use crate::driver::Driver;
use crate::record::{Applied, Commit, FlashChange, NewFlash, Record};

use super::fixtures::{IDLE, flash, remove, with_flash};
use super::trial::Trial;

/// Entries are numbered in the order they are put, over all commits, and several under one key all stay.
pub async fn entries_are_numbered_in_order<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    for put in [vec![flash("x", "1"), flash("y", "2"), flash("x", "3")], vec![flash("x", "4")]] {
        trial
            .store(&selector, &Commit { flash: FlashChange { put, consume: vec![] }, ..trial.commit() })
            .await;
    }
    let record = trial.stored(&selector).await;
    let seen = entries(&record);
    assert_eq!(seen, [(0, "x", "1"), (1, "y", "2"), (2, "x", "3"), (3, "x", "4")]);
    assert_eq!(record.metadata().next_flash, 4);
}

/// Consumption names ids: an entry that was put meanwhile under the same key survives.
pub async fn consuming_spares_what_was_put_meanwhile<D: Driver>(trial: &Trial<D>) {
    let selector = trial.file(&with_flash(&trial.record(&[]), &["notice", "other"])).await;
    let put = vec![flash("notice", "\"new\"")];
    trial.store(&selector, &Commit { flash: FlashChange { put, consume: vec![] }, ..trial.commit() }).await;
    let consume = FlashChange { put: vec![], consume: vec![0] };
    trial.store(&selector, &Commit { flash: consume, ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    assert_eq!(entries(&record), [(1, "other", "\"other\""), (2, "notice", "\"new\"")]);
}

/// What a commit puts is not what it consumes, be the id the next one to be given.
pub async fn a_commit_never_consumes_what_it_puts<D: Driver>(trial: &Trial<D>) {
    let selector = trial.file(&with_flash(&trial.record(&[]), &["notice"])).await;
    let change =
        FlashChange { put: vec![flash("notice", "1"), flash("notice", "2")], consume: vec![0, 1, 2] };
    trial.store(&selector, &Commit { flash: change, ..trial.commit() }).await;
    assert_eq!(entries(&trial.stored(&selector).await), [(1, "notice", "1"), (2, "notice", "2")]);
}

/// An id is never given twice, though no entry is left; ids that are not there are passed over.
pub async fn ids_are_not_given_twice<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    for round in 0..4_u64 {
        let consume = (0..round).chain([99, u64::MAX]).collect();
        let change = FlashChange { put: vec![flash("notice", round.to_string())], consume };
        trial.store(&selector, &Commit { flash: change, ..trial.commit() }).await;
        let record = trial.stored(&selector).await;
        assert_eq!(entries(&record), [(round, "notice", &*round.to_string())], "round {round}");
    }
}

/// A record that held nothing but flash stays when the flash is consumed; a later removal judges it.
pub async fn consuming_never_destroys<D: Driver>(trial: &Trial<D>) {
    let selector = trial.file(&with_flash(&trial.record(&[]), &["notice"])).await;
    let consume = FlashChange { put: vec![], consume: vec![0] };
    let consume = Commit { flash: consume, ..trial.commit() };
    assert_eq!(trial.apply(&selector, &consume).await, Applied::Stored(Vec::new()));
    assert!(trial.stored(&selector).await.is_empty());
    let removal = Commit { fields: vec![remove("absent")], ..trial.commit() };
    assert_eq!(trial.apply(&selector, &removal).await, Applied::Emptied);
    assert_eq!(trial.load(&selector).await, None);
}

/// How long an entry waits to be read is stored with it, to the millisecond, and no commit about others changes it.
pub async fn an_entry_keeps_how_long_it_waits<D: Driver>(trial: &Trial<D>) {
    let untils = [None, Some(trial.now()), Some(trial.later(IDLE)), Some(Timestamp::MAX), None];
    let put = untils.map(|until| NewFlash { until, ..flash("notice", "1") }).to_vec();
    let selector = trial.filed(&[("a", "1")]).await;
    trial.store(&selector, &Commit { flash: FlashChange { put, consume: vec![] }, ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    let seen = |record: &Record| record.flash().iter().map(|entry| entry.until).collect::<Vec<_>>();
    assert_eq!(seen(&record), untils, "how long entries wait, after `apply`");

    let again = trial.file(&record).await;
    assert_eq!(seen(&trial.stored(&again).await), untils, "how long entries wait, after `create`");
    let consume = FlashChange { put: vec![flash("other", "1")], consume: vec![0, 3] };
    let other = Commit { fields: vec![remove("a")], flash: consume, ..trial.commit() };
    trial.store(&again, &other).await;
    let left = [untils[1], untils[2], None, None];
    assert_eq!(seen(&trial.stored(&again).await), left, "how long entries wait, after another commit");
}

fn entries(record: &Record) -> Vec<(u64, &str, &str)> {
    record.flash().iter().map(|entry| (entry.id, entry.key.as_str(), entry.json.as_str())).collect()
}
