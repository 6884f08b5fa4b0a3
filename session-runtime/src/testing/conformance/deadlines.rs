//! Time: what has expired counts as unknown, a touch moves one deadline and revives nothing, a sweep keeps its batch.

use crate::clock::Timestamp;
use crate::driver::{Created, Driver, Owner};
use crate::record::{Applied, Commit, Deadlines, Metadata, More, Record, SessionChange};

use super::fixtures::{self, ABSOLUTE, IDLE, owned, principal, set, text};
use super::trial::Trial;

/// A touch raises the idle deadline, notes when a principal's session was seen, and leaves all else as it is, to the byte.
pub async fn a_touch_moves_the_idle_deadline_only<D: Driver>(trial: &Trial<D>) {
    let record = fixtures::with_flash(&trial.record(&[("a", "1")]), &["notice"]);
    let record = owned(&record, &principal());
    let selector = trial.file(&record).await;
    let idle = trial.later(IDLE * 2);
    let touch = Commit { idle_until: Some(idle), ..trial.commit() };
    assert_eq!(trial.apply(&selector, &touch).await, Applied::Stored(Vec::new()));
    let metadata = with_idle(&record, idle).metadata().clone();
    let more = Some(Box::new(More { seen_at: Some(touch.at), ..More::default() }));
    let metadata = Metadata { more, ..metadata };
    let expected = Record::new(metadata, record.fields().clone(), record.flash().to_vec());
    assert_eq!(
        trial.load(&selector).await,
        Some(expected),
        "a touch moves the idle deadline and nothing else"
    );
}

/// The idle deadline is never lowered, and never passes the absolute one.
pub async fn the_idle_deadline_only_rises_and_stops_at_the_absolute_one<D: Driver>(trial: &Trial<D>) {
    let record = trial.record(&[("a", "1")]);
    let Deadlines { idle, absolute } = record.metadata().deadlines;
    let selector = trial.file(&record).await;
    let (lower, raised) = (trial.later(IDLE / 2), idle.saturating_add(IDLE));
    let steps =
        [(lower, idle), (raised, raised), (idle, raised), (Timestamp::MAX, absolute), (idle, absolute)];
    for (asked, expected) in steps {
        trial.store(&selector, &Commit { idle_until: Some(asked), ..trial.commit() }).await;
        let deadlines = trial.stored(&selector).await.metadata().deadlines;
        assert_eq!(deadlines, Deadlines { idle: expected, absolute }, "after a touch until {asked:?}");
    }
}

/// A record is there until the last millisecond before its deadline, and not at the deadline. Needs a clock.
pub async fn a_record_ends_at_its_deadline<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let [idle, touched] = [trial.filed(&[("a", "1")]).await, trial.filed(&[("a", "1")]).await];
    let [at_idle, at_absolute] = [IDLE, ABSOLUTE].map(|lifetime| trial.later(lifetime));
    clock.set(just_before(at_idle));
    let touch = Commit { idle_until: Some(trial.later(ABSOLUTE * 2)), ..trial.commit() };
    trial.store(&touched, &touch).await;
    trial.stored(&idle).await;
    clock.set(at_idle);
    let told = "is the driver's time that of the clock it was given? If not, `Subject::in_real_time` says so";
    assert_eq!(trial.load(&idle).await, None, "a record was loaded at its idle deadline ({told})");
    clock.set(just_before(at_absolute));
    trial.stored(&touched).await;
    clock.set(at_absolute);
    assert_eq!(trial.load(&touched).await, None, "a record was loaded at its absolute deadline");
}

/// Nothing, a touch least of all, revives a record that expired while it lay in the store. Needs a clock.
pub async fn a_touch_revives_nothing<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let user = principal();
    let selector = trial.file(&owned(&trial.record(&[("a", "1")]), &user)).await;
    clock.advance(IDLE);
    for commit in touch_and_write(trial) {
        assert_eq!(trial.apply(&selector, &commit).await, Applied::Gone, "at the deadline: {commit:?}");
        assert_eq!(trial.load(&selector).await, None, "an expired session was revived by {commit:?}");
    }
    assert!(!trial.destroy(&selector, Owner::Anyone).await, "an expired record is no record to destroy");
    assert_eq!(trial.load(&selector).await, None);
}

/// A commit goes by its own time: at the deadline it finds the record gone, a moment before it does not.
pub async fn a_commit_is_judged_at_its_own_time<D: Driver>(trial: &Trial<D>) {
    let record = trial.record(&[("a", "1")]);
    let deadline = record.metadata().deadlines.idle;
    let selector = trial.file(&record).await;
    for late in [deadline, deadline.saturating_add(ABSOLUTE)] {
        for commit in touch_and_write(trial) {
            let commit = Commit { at: late, ..commit };
            assert_eq!(trial.apply(&selector, &commit).await, Applied::Gone, "{commit:?}");
        }
    }
    assert_eq!(trial.load(&selector).await, Some(record), "a commit that came too late changed the record");
    let at = just_before(deadline);
    trial.store(&selector, &Commit { fields: vec![set("a", "2")], at, ..trial.commit() }).await;
}

/// A record that was filed with a deadline in the past is no record, in any call.
pub async fn what_has_expired_counts_as_unknown<D: Driver>(trial: &Trial<D>) {
    let user = principal();
    let selector = trial.file(&owned(&trial.expired_record(&[("a", "1")]), &user)).await;
    assert_eq!(trial.load(&selector).await, None, "an expired record was loaded");
    for commit in touch_and_write(trial) {
        assert_eq!(trial.apply(&selector, &commit).await, Applied::Gone, "{commit:?}");
    }
    assert!(trial.sessions_of(user.key()).await.is_empty(), "an expired session is listed as live");
    assert_eq!(trial.revoke_all(user.key(), None).await, 0, "an expired session was counted as revoked");
    assert!(!trial.destroy(&selector, Owner::Anyone).await, "an expired record is no record to destroy");
    assert!(!trial.destroyed_recently(&selector).await, "what expired was not destroyed");
    assert_eq!(trial.load(&selector).await, None);
}

/// Whether a selector is free at once after its record expired or only once it was swept, the old record stays away.
pub async fn an_expired_record_never_shows_through_a_new_one<D: Driver>(trial: &Trial<D>) {
    let selector = trial.file(&trial.expired_record(&[("old", "1")])).await;
    let fresh = trial.record(&[("new", "1")]);
    assert_eq!(trial.create(&selector, &fresh).await, Created::Filed, "an expired record takes a place");
    assert_eq!(trial.load(&selector).await, Some(fresh), "`create` over an expired record");
}

/// A sweep removes at most its limit, all expired records in the end, and no live one.
pub async fn a_sweep_keeps_its_batch_and_spares_the_living<D: Driver>(trial: &Trial<D>) {
    let live = trial.filed(&[("a", "1")]).await;
    for number in 0..7 {
        let record = trial.expired_record(&[("a", "1")]);
        trial.file(&if number % 2 == 0 { owned(&record, &principal()) } else { record }).await;
    }
    assert_eq!(trial.sweep(0).await, 0, "a sweep of none");
    let mut removed = 0;
    // At most one for each expired record, and the one that finds none.
    for _ in 0..8 {
        let batch = trial.sweep(3).await;
        assert!(batch <= 3, "a sweep of at most 3 removed {batch}");
        removed += batch;
        if batch == 0 {
            break;
        }
    }
    assert_eq!(trial.sweep(3).await, 0, "a sweep that removed none goes on removing");
    assert!(removed <= 7, "seven records have expired, and {removed} were removed");
    assert!(
        removed == 7 || trial.expires_by_itself(),
        "seven records have expired, and {removed} were removed"
    );
    assert_eq!(text(&trial.stored(&live).await, "a"), Some("1"), "a sweep touched a live record");
}

/// A record that was touched since it was filed is swept by its deadline of now, not by that of then. Needs a clock.
pub async fn a_sweep_goes_by_the_present_deadline<D: Driver>(trial: &Trial<D>) {
    let Some(clock) = trial.clock() else { return };
    let (kept, idle) = (trial.filed(&[("a", "1")]).await, trial.filed(&[("a", "1")]).await);
    clock.advance(IDLE / 2);
    trial.store(&kept, &Commit { idle_until: Some(trial.later(IDLE)), ..trial.commit() }).await;
    clock.advance(IDLE / 2);
    while trial.sweep(10).await > 0 {}
    trial.stored(&kept).await;
    assert_eq!(trial.load(&idle).await, None);
    clock.advance(IDLE / 2);
    assert_eq!(trial.load(&kept).await, None, "a record was loaded at its raised deadline");
    let swept = trial.sweep(10).await;
    assert!(swept == 1 || trial.expires_by_itself(), "one record has expired, and {swept} were removed");
}

/// Lifetimes without an end are kept: a deadline may be the last point in time that can be written.
pub async fn the_end_of_time_is_a_deadline<D: Driver>(trial: &Trial<D>) {
    let record = trial.record(&[("a", "1")]);
    let end = Timestamp::MAX;
    for idle in [trial.later(IDLE), end] {
        let metadata = record.metadata().clone();
        let deadlines = Deadlines { idle, absolute: end };
        let endless = Record::new(Metadata { deadlines, ..metadata }, record.fields().clone(), Vec::new());
        let selector = trial.file(&endless).await;
        trial.sweep(10).await;
        assert_eq!(trial.load(&selector).await, Some(endless), "a record that never ends by itself");
        trial.store(&selector, &Commit { idle_until: Some(end), ..trial.commit() }).await;
        let touched = trial.stored(&selector).await.metadata().deadlines;
        assert_eq!(touched, Deadlines { idle: end, absolute: end }, "a touch until the end of time");
    }
}

/// Servers' clocks differ by seconds: a commit may come from before the record was created, or from after now.
pub async fn clocks_may_differ_by_seconds<D: Driver>(trial: &Trial<D>) {
    let now = trial.now().unix_millis();
    for at in [now - 5_000, now + 5_000].map(Timestamp::from_unix_millis) {
        let selector = trial.filed(&[("n", "1")]).await;
        let fields = vec![set("a", "1")];
        let commit = Commit {
            at,
            fields,
            session: SessionChange {
                authenticated: true,
                rotation: Some(fixtures::rotation()),
                ..SessionChange::NONE
            }
            .into(),
            ..trial.commit()
        };
        trial.store(&selector, &commit).await;
        let record = trial.stored(&selector).await;
        assert_eq!(record.metadata().authenticated_at, Some(at), "a commit is dated by its own clock");
        let ahead = Metadata { created_at: at, ..record.metadata().clone() };
        let ahead = Record::new(ahead, record.fields().clone(), Vec::new());
        let selector = trial.file(&ahead).await;
        assert_eq!(trial.load(&selector).await, Some(ahead), "a record that another clock dated");
    }
}

fn touch_and_write<D: Driver>(trial: &Trial<D>) -> [Commit; 3] {
    let idle_until = Some(trial.later(ABSOLUTE));
    [
        trial.commit(),
        Commit { idle_until, ..trial.commit() },
        Commit { fields: vec![set("a", "2")], idle_until, ..trial.commit() },
    ]
}

fn with_idle(record: &Record, idle: Timestamp) -> Record {
    let metadata = record.metadata();
    let deadlines = Deadlines { idle, ..metadata.deadlines };
    let metadata = Metadata { deadlines, ..metadata.clone() };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}

fn just_before(time: Timestamp) -> Timestamp {
    Timestamp::from_unix_millis(time.unix_millis() - 1)
}
