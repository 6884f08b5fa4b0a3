//! Flash entries, by id.

use super::*;
use crate::record::{FlashChange, NewFlash};

fn entries(record: &Record) -> Vec<(u64, &str)> {
    record.flash().iter().map(|entry| (entry.id, entry.key.as_str())).collect()
}

fn flashing(put: &[&str], consume: &[u64]) -> Commit {
    let put = put.iter().map(|key| NewFlash::from((Key::from(*key), json("1")))).collect();
    Commit { flash: FlashChange { put, consume: consume.to_vec() }, ..commit() }
}

type Row<'a> = (&'a str, &'a [&'a str], &'a [u64], &'a [(u64, &'a str)], u64);

#[test]
fn entries_come_and_go_by_id() {
    let rows: [Row<'_>; 8] = [
        ("nothing", &[], &[], &[(2, "notice"), (5, "error")], 7),
        ("put", &["a"], &[], &[(2, "notice"), (5, "error"), (7, "a")], 8),
        (
            "put under a name twice",
            &["notice", "notice"],
            &[],
            &[(2, "notice"), (5, "error"), (7, "notice"), (8, "notice")],
            9,
        ),
        ("consume one", &[], &[2], &[(5, "error")], 7),
        ("consume in any order, twice", &[], &[5, 2, 5], &[], 7),
        ("consume what is not there", &[], &[0, 3, u64::MAX], &[(2, "notice"), (5, "error")], 7),
        ("consume and put under one name", &["notice"], &[2], &[(5, "error"), (7, "notice")], 8),
        ("consume the id that is put", &["a"], &[7], &[(2, "notice"), (5, "error"), (7, "a")], 8),
    ];
    for (name, put, consume, expected, next) in rows {
        let after = after(&record(&[("f", "1")], true, None), &flashing(put, consume));
        assert_eq!(entries(&after), expected, "{name}");
        assert_eq!(after.metadata().next_flash, next, "{name}: the next id");
        assert_eq!(texts(&after), [("f", "1")], "{name}: fields");
    }
}

#[test]
fn an_entry_keeps_how_long_it_waits() {
    let new = |key: &str, until| NewFlash { key: key.into(), json: json("1"), until };
    let put = vec![new("a", None), new("b", Some(IDLE)), new("c", Some(Timestamp::MAX))];
    let after = after(&plain(&[]), &Commit { flash: FlashChange { put, consume: vec![] }, ..commit() });
    let untils: Vec<_> = after.flash().iter().map(|entry| entry.until).collect();
    assert_eq!(untils, [None, Some(IDLE), Some(Timestamp::MAX)]);
}

#[test]
fn an_id_is_not_given_again_after_all_were_consumed() {
    let mut record = record(&[], true, None);
    for round in 0..3 {
        let consume: Vec<u64> = record.flash().iter().map(|entry| entry.id).collect();
        record = after(&record, &flashing(&["a"], &consume));
        assert_eq!(entries(&record), [(7 + round, "a")]);
    }
}

#[test]
fn consuming_the_last_of_a_session_leaves_an_empty_one() {
    let after = after(&record(&[], true, None), &flashing(&[], &[2, 5]));
    assert!(after.is_empty());
}
