//! What a commit as a whole comes to: stored, emptied, gone, superseded, refused.

use super::*;
use crate::record::{FlashChange, Rotation};

#[test]
fn only_a_removal_empties_and_only_where_nothing_is_left() {
    let removal = || changing(vec![change("a", FieldOp::Remove)]);
    let swapped = || changing(vec![change("a", swap(Some("1"), None))]);
    let cleared = || Commit { clear: true, ..commit() };
    let consumed = |commit| Commit { flash: FlashChange { put: vec![], consume: vec![2, 5] }, ..commit };
    let flashed = |commit| Commit {
        flash: FlashChange { put: vec![("x".into(), json("1")).into()], consume: vec![] },
        ..commit
    };
    let login = |commit| Commit {
        session: SessionChange { login: Some(user("1")), ..SessionChange::NONE }.into(),
        ..commit
    };
    let (one, two) = (plain(&[("a", "1")]), plain(&[("a", "1"), ("b", "2")]));
    let rows = [
        ("remove the last field", &one, removal(), true),
        ("swap the last field away", &one, swapped(), true),
        ("clear", &one, cleared(), true),
        ("clear all fields", &two, cleared(), true),
        ("remove what was not there", &plain(&[]), removal(), true),
        ("swap nothing for nothing", &plain(&[]), changing(vec![change("a", swap(None, None))]), true),
        ("an empty commit on an empty record", &plain(&[]), commit(), false),
        ("a touch of an empty record", &plain(&[]), Commit { idle_until: Some(ABSOLUTE), ..commit() }, false),
        ("remove one of two", &two, removal(), false),
        ("clear and set", &one, Commit { clear: true, ..changing(vec![change("b", set("null"))]) }, false),
        ("set to null", &one, changing(vec![change("a", set("null"))]), false),
        ("remove beside flash", &record(&[("a", "1")], true, None), removal(), false),
        ("remove and consume all flash", &record(&[("a", "1")], true, None), consumed(removal()), true),
        ("consume all flash", &record(&[], true, None), consumed(commit()), false),
        ("remove and put flash", &one, flashed(removal()), false),
        ("remove beside a principal", &record(&[("a", "1")], false, Some(user("1"))), removal(), false),
        ("clear beside a principal", &record(&[("a", "1")], false, Some(user("1"))), cleared(), false),
        ("remove and log in", &one, login(removal()), false),
    ];
    for (name, record, commit, destroyed) in rows {
        let verdict = record.apply(&commit);
        assert_eq!(verdict == Verdict::Destroy, destroyed, "{name}: {verdict:?}");
        assert!(destroyed || matches!(verdict, Verdict::Store(..)), "{name}: {verdict:?}");
    }
}

#[test]
fn at_its_deadline_a_record_is_gone_whatever_is_asked() {
    let record = plain(&[("a", "1")]);
    let at =
        |millis| Commit { at: Timestamp::from_unix_millis(millis), idle_until: Some(ABSOLUTE), ..commit() };
    assert!(matches!(record.apply(&at(1_999_999)), Verdict::Store(..)));
    for late in [2_000_000, 2_000_001, u64::MAX] {
        assert_eq!(record.apply(&at(late)), Verdict::Leave(Applied::Gone), "{late}");
        let other_epoch = Commit { epoch: 0, ..at(late) };
        assert_eq!(record.apply(&other_epoch), Verdict::Leave(Applied::Gone), "gone comes before superseded");
    }
}

#[test]
fn under_any_other_epoch_a_commit_is_superseded() {
    let record = plain(&[("a", "1")]);
    for epoch in [0, EPOCH - 1, EPOCH + 1, u64::MAX] {
        let conflicting = Commit { epoch, ..changing(vec![change("a", swap(None, None))]) };
        for commit in [Commit { epoch, ..commit() }, conflicting] {
            assert_eq!(record.apply(&commit), Verdict::Leave(Applied::Superseded), "epoch {epoch}");
        }
    }
}

#[test]
fn a_refusal_leaves_the_record_equal_to_what_it_was() {
    let before = record(&[("a", "1"), ("n", "255"), ("word", "\"x\"")], true, None);
    let copy = Record::new(before.metadata().clone(), before.fields().clone(), before.flash().to_vec());
    let rotation =
        Rotation { verifier: VerifierHash::from_bytes([9; 32]), grace: GRACE, csrf_key: None, renews: None };
    let large = format!("\"{}\"", "x".repeat(9_000));
    let refused = [
        change("a", swap(Some("3"), None)),
        change("n", add(1)),
        change("word", add(1)),
        change("large", set(&large)),
    ];
    for refused in refused {
        let fields =
            vec![change("first", set("1")), change("b", set("1")), refused, change("last", set("1"))];
        let commit = Commit {
            flash: FlashChange { put: vec![("x".into(), json("1")).into()], consume: vec![2] },
            idle_until: Some(ABSOLUTE),
            max_bytes: 8_000,
            session: SessionChange {
                rotation: Some(rotation),
                login: Some(user("1")),
                authenticated: true,
                ..SessionChange::NONE
            }
            .into(),
            ..changing(fields)
        };
        let verdict = before.apply(&commit);
        assert!(matches!(verdict, Verdict::Leave(Applied::Refused(_))), "{verdict:?}");
        assert_eq!(before, copy, "shared values were changed");
    }
}

#[test]
fn the_first_refusal_is_the_one_that_is_named() {
    let fields = vec![change("n", add(300)), change("a", swap(None, Some("2")))];
    let verdict = plain(&[("a", "1")]).apply(&Commit { max_bytes: 0, ..changing(fields) });
    assert_eq!(verdict, refused(Refusal::Overflow { key: "n".into() }));
}

#[test]
fn the_limit_holds_to_the_byte_and_names_the_biggest() {
    let before = record(&[("a", "1")], true, None);
    let commit = changing(vec![change("big", set("\"123456789\"")), change("b", set("\"1\""))]);
    let size = after(&before, &commit).size();
    assert_eq!(after(&before, &Commit { max_bytes: size, ..commit.clone() }).size(), size);
    let verdict = before.apply(&Commit { max_bytes: size - 1, ..commit });
    assert_eq!(verdict, refused(Refusal::TooLarge { biggest: "big".into(), bytes: size }));

    let put = vec![("bigger-flash".into(), json("\"123456789\"")).into()];
    let flash = FlashChange { put, consume: vec![] };
    let verdict = before.apply(&Commit { flash, max_bytes: 10, ..changing(vec![]) });
    assert!(
        matches!(&verdict, Verdict::Leave(Applied::Refused(Refusal::TooLarge { biggest, .. })) if biggest.as_str() == "bigger-flash"),
        "{verdict:?}"
    );
}

#[test]
fn what_adds_nothing_passes_over_a_limit_that_was_lowered() {
    let rows = [
        ("nothing", commit()),
        ("a touch", Commit { idle_until: Some(ABSOLUTE), ..commit() }),
        ("a removal", changing(vec![change("a", FieldOp::Remove)])),
        ("a swap for nothing", changing(vec![change("a", swap(Some("1"), None))])),
        ("consumed flash", Commit { flash: FlashChange { put: vec![], consume: vec![2] }, ..commit() }),
        ("a clear", Commit { clear: true, ..commit() }),
        (
            "a login",
            Commit {
                session: SessionChange { login: Some(user("1")), ..SessionChange::NONE }.into(),
                ..commit()
            },
        ),
    ];
    let before = record(&[("a", "1"), ("b", "2")], true, None);
    for (name, commit) in rows {
        let verdict = before.apply(&Commit { max_bytes: 1, ..commit });
        assert!(matches!(verdict, Verdict::Store(..)), "{name}: {verdict:?}");
    }
}
