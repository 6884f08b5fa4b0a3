//! Whole records: filed, read back, changed field by field, refused, destroyed.

use crate::driver::{Created, Driver, Owner};
use crate::record::{
    Applied, Commit, FieldChange, FlashChange, Metadata, Record, Refusal, SessionChange, Superseded,
};
use crate::token::VerifierHash;

use super::fixtures::{
    self, add, field, flash, json, owned, principal, remove, rotates, rotation, set, swap, text, with_flash,
};
use super::trial::Trial;

/// No call treats an unknown selector as a fault, and none brings a record into being.
pub async fn an_unknown_selector_is_an_answer_and_no_error<D: Driver>(trial: &Trial<D>) {
    let (unknown, stranger) = (fixtures::selector(), principal());
    assert_eq!(trial.load(&unknown).await, None, "`load` of an unknown selector");
    for owner in [Owner::Anyone, Owner::Nobody, Owner::Principal(stranger.key())] {
        assert!(!trial.destroy(&unknown, owner).await, "`destroy` of an unknown selector was told to be one");
    }
    assert!(!trial.destroyed_recently(&unknown).await, "what was never there was not destroyed");
    for commit in every_kind_of_commit(trial) {
        let applied = trial.apply(&unknown, &commit).await;
        assert_eq!(applied, Applied::Gone, "`apply` under an unknown selector: {commit:?}");
        assert_eq!(trial.load(&unknown).await, None, "`apply` created a record: {commit:?}");
    }
}

/// Everything that a record holds comes back as it was filed.
pub async fn a_record_reads_back_as_it_was_filed<D: Driver>(trial: &Trial<D>) {
    let plain = trial.record(&[]);
    let rich =
        with_flash(&trial.record(&[("n", "1"), ("spaced", "{ \"a\" :\t[1 , null] }")]), &["a", "b", "a"]);
    let mut fields = rich.fields().clone();
    fields.insert("theme".into(), field("\"dark\"", true));
    let metadata = Metadata {
        epoch: u64::from(u32::MAX) + 7,
        superseded: Some(Superseded {
            verifier: VerifierHash::from_bytes(fixtures::random()),
            also: Some(VerifierHash::from_bytes(fixtures::random())),
            until: trial.now(),
        }),
        next_flash: 12,
        ..owned(&rich, &principal()).metadata().clone()
    };
    let full = Record::new(metadata, fields, rich.flash().to_vec());
    for record in [plain, rich, full] {
        let selector = trial.file(&record).await;
        assert_eq!(trial.load(&selector).await, Some(record), "a record must read back as it was filed");
    }
}

/// A selector that is taken stays as it is.
pub async fn a_taken_selector_is_not_filed_again<D: Driver>(trial: &Trial<D>) {
    let first = trial.record(&[("a", "1")]);
    let selector = trial.file(&first).await;
    let created = trial.create(&selector, &trial.record(&[("a", "2")])).await;
    assert_eq!(created, Created::Taken, "`create` on a taken selector");
    assert_eq!(trial.load(&selector).await, Some(first), "`create` overwrote a record");
}

/// A late write of any kind does not bring a destroyed session back (CVE-2025-46336).
pub async fn nothing_revives_a_destroyed_record<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    assert!(trial.destroy(&selector, Owner::Anyone).await, "`destroy` must say that there was one");
    for commit in every_kind_of_commit(trial) {
        let applied = trial.apply(&selector, &commit).await;
        assert_eq!(applied, Applied::Gone, "`apply` after `destroy`: {commit:?}");
        assert_eq!(trial.load(&selector).await, None, "a destroyed session was revived by {commit:?}");
    }
    assert!(!trial.destroy(&selector, Owner::Anyone).await, "a second `destroy` has nothing to destroy");
}

/// Fields that a commit does not name stay, whoever wrote them.
pub async fn a_commit_changes_only_what_it_names<D: Driver>(trial: &Trial<D>) {
    let record = trial.record(&[("a", "1"), ("b", "2"), ("foreign", "{\"x\": [ ]}")]);
    let record = with_flash(&owned(&record, &principal()), &["notice"]);
    let selector = trial.file(&record).await;
    let commit = Commit { fields: vec![set("a", "5"), remove("b"), set("c", "null")], ..trial.commit() };
    trial.store(&selector, &commit).await;
    let mut expected = record.fields().clone();
    expected.insert("a".into(), field("5", false));
    expected.remove("b");
    expected.insert("c".into(), field("null", false));
    let after = trial.stored(&selector).await;
    assert_eq!(after.fields(), &expected);
    assert_eq!(after.flash(), record.flash());
    assert_eq!(after.metadata(), record.metadata());
}

/// A commit that says nothing is stored and changes nothing.
pub async fn an_empty_commit_changes_nothing<D: Driver>(trial: &Trial<D>) {
    for record in [trial.record(&[]), trial.record(&[("a", "1")])] {
        let selector = trial.file(&record).await;
        assert_eq!(trial.apply(&selector, &trial.commit()).await, Applied::Stored(Vec::new()));
        assert_eq!(trial.load(&selector).await, Some(record), "an empty commit changed the record");
    }
}

/// `clear` empties what is there, then the fields of the commit are applied.
pub async fn clear_comes_before_the_other_changes<D: Driver>(trial: &Trial<D>) {
    let selector = trial.file(&with_flash(&trial.record(&[("a", "1"), ("n", "5")]), &["notice"])).await;
    let fields = vec![set("b", "2"), add("n", 1_u64), swap("a", None, Some("7"))];
    let applied = trial.apply(&selector, &Commit { clear: true, fields, ..trial.commit() }).await;
    assert_eq!(applied, fixtures::sum("n", "1"), "after `clear` an addition starts anew");
    let after = trial.stored(&selector).await;
    assert_eq!(after.fields(), &fixtures::fields(&[("a", "7"), ("b", "2"), ("n", "1")]));
    assert_eq!(after.flash().len(), 1, "`clear` takes fields away, not flash");
}

/// The class of a field is stored with it, kept by `None`, and changed when said.
pub async fn the_class_of_a_field_is_stored_with_it<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("plain", "1")]).await;
    let classed = |key: &str, class: Option<bool>| FieldChange { survives_logout: class, ..set(key, "2") };
    let steps = [
        (classed("plain", None), false),
        (classed("fresh", None), false),
        (classed("theme", Some(true)), true),
        (classed("theme", None), true),
        (FieldChange { survives_logout: None, ..add("theme", 1_u8) }, true),
        (FieldChange { survives_logout: None, ..swap("theme", Some("3"), Some("4")) }, true),
        (classed("theme", Some(false)), false),
        (FieldChange { survives_logout: Some(true), ..add("theme", 1_u8) }, true),
    ];
    for (change, survives) in steps {
        let key = change.key.clone();
        let told = format!("{change:?}");
        trial.store(&selector, &Commit { fields: vec![change], ..trial.commit() }).await;
        let record = trial.stored(&selector).await;
        let stored = record.field(key.as_str()).map(|field| field.survives_logout);
        assert_eq!(stored, Some(survives), "`survives_logout` of a field after {told}");
    }
}

/// Whatever the refusal, nothing of its commit was applied, before or after the refused change.
pub async fn a_refusal_leaves_the_record_to_the_byte<D: Driver>(trial: &Trial<D>) {
    let record = with_flash(&trial.record(&[("a", "1"), ("small", "255"), ("word", "\"x\"")]), &["notice"]);
    let selector = trial.file(&record).await;
    let refused = [
        (swap("a", Some("2"), Some("3")), usize::MAX, fixtures::conflict("a")),
        (add("small", 1_u8), usize::MAX, fixtures::overflow("small")),
        (add("word", 1_u8), usize::MAX, fixtures::not_a_number("word")),
    ];
    for (bad, max_bytes, answer) in refused {
        let fields = vec![set("before", "1"), remove("x"), bad, set("zz", "1")];
        let commit = Commit { fields, max_bytes, ..busy_commit(trial) };
        assert_eq!(trial.apply(&selector, &commit).await, answer, "the answer to a commit that is refused");
        assert_eq!(trial.load(&selector).await, Some(record.clone()), "{answer:?} left something behind");
    }
    let large = Commit { fields: vec![set("large", "1")], max_bytes: 64, ..busy_commit(trial) };
    let answer = trial.apply(&selector, &large).await;
    assert!(matches!(answer, Applied::Refused(Refusal::TooLarge { .. })), "over the limit: {answer:?}");
    assert_eq!(trial.load(&selector).await, Some(record), "{answer:?} left something behind");
}

/// A commit under another epoch than the record's is superseded, and nothing of it is applied.
pub async fn a_commit_under_another_epoch_is_superseded<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    trial.store(&selector, &Commit { session: rotates(), ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    assert_eq!(record.metadata().epoch, 1, "a rotation raises the epoch by one");
    for epoch in [0, 2] {
        for commit in every_kind_of_commit(trial) {
            let applied = trial.apply(&selector, &Commit { epoch, ..commit.clone() }).await;
            assert_eq!(applied, Applied::Superseded, "epoch {epoch} on a record of epoch 1: {commit:?}");
            let after = trial.load(&selector).await;
            assert_eq!(after, Some(record.clone()), "a superseded commit was applied: {commit:?}");
        }
    }
}

/// What is left without field, flash and principal after a removal is destroyed, in the same step.
pub async fn a_record_whose_last_field_is_removed_is_destroyed<D: Driver>(trial: &Trial<D>) {
    let removals = [vec![remove("a")], vec![swap("a", Some("1"), None)]];
    let commits = removals.map(|fields| Commit { fields, ..trial.commit() });
    for commit in commits.into_iter().chain([Commit { clear: true, ..trial.commit() }]) {
        let selector = trial.filed(&[("a", "1")]).await;
        assert_eq!(trial.apply(&selector, &commit).await, Applied::Emptied, "{commit:?}");
        assert_eq!(trial.load(&selector).await, None, "an emptied record is still there: {commit:?}");
        assert_eq!(trial.apply(&selector, &commit).await, Applied::Gone, "an emptied record was revived");

        let plain = trial.record(&[("a", "1")]);
        for kept in [with_flash(&plain, &["notice"]), owned(&plain, &principal())] {
            let selector = trial.file(&kept).await;
            trial.store(&selector, &commit).await;
            assert!(trial.stored(&selector).await.fields().is_empty(), "{commit:?}");
        }
    }
}

/// `destroy` spares a record that is not, or no longer, its owner's.
pub async fn destroy_takes_only_what_is_its_owners<D: Driver>(trial: &Trial<D>) {
    let (user, other) = (principal(), principal());
    let plain = trial.record(&[("a", "1")]);
    let owned = owned(&plain, &user);
    let spared = [
        (&plain, Owner::Principal(user.key())),
        (&owned, Owner::Nobody),
        (&owned, Owner::Principal(other.key())),
    ];
    for (record, owner) in spared {
        let selector = trial.file(record).await;
        assert!(!trial.destroy(&selector, owner).await, "`destroy` for {owner:?} of another's record");
        assert_eq!(
            trial.load(&selector).await.as_ref(),
            Some(record),
            "{owner:?} destroyed another's record"
        );
        assert!(!trial.destroyed_recently(&selector).await, "a live session was not destroyed");
    }
    let taken = [(&plain, Owner::Anyone), (&plain, Owner::Nobody), (&owned, Owner::Anyone)];
    for (record, owner) in taken.into_iter().chain([(&owned, Owner::Principal(user.key()))]) {
        let selector = trial.file(record).await;
        assert!(trial.destroy(&selector, owner).await, "`destroy` for {owner:?} of his own record");
        assert_eq!(trial.load(&selector).await, None, "`destroy` for {owner:?} left the record");
    }
}

/// One commit of each kind; all of the first epoch.
fn every_kind_of_commit<D: Driver>(trial: &Trial<D>) -> Vec<Commit> {
    let plain = || trial.commit();
    vec![
        plain(),
        Commit { idle_until: Some(trial.later(fixtures::IDLE)), ..plain() },
        Commit { fields: vec![set("a", "2")], ..plain() },
        Commit { fields: vec![add("n", 1_u64)], ..plain() },
        Commit { fields: vec![swap("new", None, Some("1"))], ..plain() },
        Commit { fields: vec![remove("a")], ..plain() },
        Commit { flash: FlashChange { put: vec![flash("notice", "1")], consume: vec![0] }, ..plain() },
        Commit { clear: true, ..plain() },
        busy_commit(trial),
    ]
}

/// Flash, a rotation, a login and a touch in one.
fn busy_commit<D: Driver>(trial: &Trial<D>) -> Commit {
    Commit {
        flash: FlashChange { put: vec![flash("late", json("1").as_str())], consume: vec![0] },
        idle_until: Some(trial.later(fixtures::IDLE * 2)),
        session: SessionChange {
            rotation: Some(rotation()),
            login: Some(principal()),
            authenticated: true,
            ..SessionChange::NONE
        }
        .into(),
        ..trial.commit()
    }
}

/// The sums of a commit are answered in its order, and stored.
pub async fn sums_are_answered_in_the_order_of_the_commit<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("b", "10")]).await;
    let fields = vec![add("z", 1_u64), set("m", "0"), add("b", 2_i32), add("a", 3_u8)];
    let applied = trial.apply(&selector, &Commit { fields, ..trial.commit() }).await;
    let sums = [("z", "1"), ("b", "12"), ("a", "3")];
    let expected = sums.map(|(key, text)| (key.into(), json(text)));
    assert_eq!(applied, Applied::Stored(expected.to_vec()));
    let record = trial.stored(&selector).await;
    for (key, sum) in sums {
        assert_eq!(text(&record, key), Some(sum), "the stored sum of `{key}`");
    }
}
