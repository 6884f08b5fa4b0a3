//! Sizes and texts: the limit to the byte, every kind of Unicode, long keys, many fields.

use std::fmt::Write as _;

use crate::driver::Driver;
use crate::record::{Applied, Commit, FieldChange, FlashChange, Refusal};

use super::fixtures::{self, flash, json, remove, rotates, set, swap, text, with_flash};
use super::trial::Trial;

/// A commit passes at the limit, and one byte over it is refused by the name of the heaviest entry.
pub async fn the_limit_holds_to_the_byte<D: Driver>(trial: &Trial<D>) {
    let light = fixtures::fields(&[("a", "1"), ("b", "\"12345678\"")]);
    let mut heavy = light.clone();
    let large = format!("\"{}\"", "x".repeat(500));
    heavy.insert("large".into(), fixtures::field(&large, false));
    let record = trial.record(&[("a", "1"), ("b", "\"12345678\"")]);
    let size = crate::record::Record::new(record.metadata().clone(), heavy, Vec::new()).size();
    let selector = trial.file(&record).await;
    let grow = |max_bytes| Commit { fields: vec![set("large", &large)], max_bytes, ..trial.commit() };
    let refused = Applied::Refused(Refusal::TooLarge { biggest: "large".into(), bytes: size });
    assert_eq!(trial.apply(&selector, &grow(size - 1)).await, refused, "one byte over the limit");
    assert_eq!(trial.load(&selector).await, Some(record), "a commit over the limit left something behind");
    trial.store(&selector, &grow(size)).await;
    assert_eq!(trial.stored(&selector).await.size(), size);
}

/// Over a limit that was lowered since, what adds nothing passes, so that the record can be got under it again.
pub async fn what_adds_nothing_passes_over_the_limit<D: Driver>(trial: &Trial<D>) {
    let record = with_flash(&trial.record(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]), &["notice"]);
    let selector = trial.file(&record).await;
    let small = || Commit { max_bytes: 1, ..trial.commit() };
    let commits = [
        small(),
        Commit { idle_until: Some(trial.later(fixtures::IDLE * 2)), ..small() },
        Commit { fields: vec![remove("a")], ..small() },
        Commit { fields: vec![swap("b", Some("2"), None)], ..small() },
        Commit { flash: FlashChange { put: vec![], consume: vec![0] }, ..small() },
        Commit { session: rotates(), ..small() },
    ];
    for commit in commits {
        let applied = trial.apply(&selector, &commit).await;
        assert_eq!(applied, Applied::Stored(Vec::new()), "over the limit, and adding nothing: {commit:?}");
    }
    assert_eq!(trial.stored(&selector).await.fields().len(), 2);
}

/// Keys and values are kept to the byte, whatever characters they are made of; keys that look alike stay apart.
pub async fn every_kind_of_text_is_kept<D: Driver>(trial: &Trial<D>) {
    let fields: Vec<(&str, String)> = TEXTS.iter().map(|text| (*text, quoted(text))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(key, json)| (*key, json.as_str())).collect();
    let filed = trial.record(&fields);
    let selector = trial.file(&filed).await;
    assert_eq!(trial.load(&selector).await, Some(filed.clone()), "by `create`");

    let selector = trial.filed(&[]).await;
    let changes = fields.iter().map(|(key, json)| set(key, json)).collect();
    let put = fields.iter().map(|(key, json)| flash(key, json)).collect();
    let flashed = FlashChange { put, consume: vec![] };
    trial.store(&selector, &Commit { fields: changes, flash: flashed, ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    assert_eq!(record.fields(), filed.fields(), "by `apply`");
    for (entry, (key, json)) in record.flash().iter().zip(&fields) {
        assert_eq!((entry.key.as_str(), entry.json.as_str()), (*key, *json), "as flash");
    }
    for (key, json) in &fields {
        let gone = Commit { fields: vec![swap(key, Some(json), None)], ..trial.commit() };
        trial.store(&selector, &gone).await;
    }
    assert!(trial.stored(&selector).await.fields().is_empty(), "each field was swapped away by its own key");
}

/// Values of every shape of JSON come back as the text they were, spaces and escapes included.
pub async fn every_shape_of_json_is_kept<D: Driver>(trial: &Trial<D>) {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let shapes = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "0.10",
        "1e400",
        "1E+2",
        "123456789012345678901234567890.5",
        "\"\"",
        "[]",
        "{}",
        "[ 1 ,\t2\n]",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":2}",
        "\"\\u0000\\ud83d\\ude00\\/\"",
        &deep,
    ];
    let selector = trial.filed(&[]).await;
    for shape in shapes {
        trial.store(&selector, &Commit { fields: vec![set("a", shape)], ..trial.commit() }).await;
        assert_eq!(text(&trial.stored(&selector).await, "a"), Some(shape), "the text of a value changed");
    }
}

/// A key of 64 KiB and a value of 1 MiB are kept.
pub async fn long_keys_and_values_are_kept<D: Driver>(trial: &Trial<D>) {
    let key = "k\u{20ac}".repeat(16 << 10);
    let value = quoted(&"v".repeat(1 << 20));
    let record = trial.record(&[(&key, "1"), ("value", &value)]);
    let selector = trial.file(&record).await;
    assert_eq!(trial.load(&selector).await, Some(record), "by `create`");
    let longer = format!("{key}x");
    let commit =
        Commit { fields: vec![set(&longer, "2"), set("value", quoted(&value[1..20]))], ..trial.commit() };
    trial.store(&selector, &commit).await;
    let record = trial.stored(&selector).await;
    assert_eq!(
        (text(&record, &key), text(&record, &longer)),
        (Some("1"), Some("2")),
        "long keys that begin alike"
    );
}

/// Ten thousand fields are filed, changed by one commit, and removed by one commit.
pub async fn ten_thousand_fields_are_one_commit<D: Driver>(trial: &Trial<D>) {
    let keys: Vec<String> = (0..10_000).map(|number| format!("field-{number}")).collect();
    let each = |change: fn(&str) -> FieldChange| keys.iter().map(|key| change(key)).collect::<Vec<_>>();
    let many: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "1")).collect();
    let record = trial.record(&many);
    let selector = trial.file(&record).await;
    assert_eq!(trial.load(&selector).await, Some(record), "10,000 fields by `create`");
    let additions = Commit { fields: each(|key| fixtures::add(key, 1_u64)), ..trial.commit() };
    let Applied::Stored(sums) = trial.apply(&selector, &additions).await else {
        panic!("10,000 additions must be stored")
    };
    assert!(sums.len() == 10_000 && sums.iter().all(|(_, sum)| *sum == json("2")), "10,000 sums");
    let swaps = each(|key| swap(key, Some("2"), Some("3")));
    trial.store(&selector, &Commit { fields: swaps, ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    assert!(
        record.fields().len() == 10_000 && record.fields().iter().all(|(_, field)| field.json == json("3"))
    );
    let removal = Commit { fields: each(remove), ..trial.commit() };
    assert_eq!(trial.apply(&selector, &removal).await, Applied::Emptied);
}

/// A thousand flash entries are put by one commit and consumed by one commit.
pub async fn a_thousand_flash_entries_are_one_commit<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1")]).await;
    let put = (0..1_000).map(|number| flash("notice", number.to_string())).collect();
    trial.store(&selector, &Commit { flash: FlashChange { put, consume: vec![] }, ..trial.commit() }).await;
    let record = trial.stored(&selector).await;
    let in_order =
        (0..).zip(record.flash()).all(|(number, entry): (u64, _)| entry.json == json(number.to_string()));
    assert!(in_order && record.flash().len() == 1_000, "a thousand entries in order");
    let consume = (0..1_000).filter(|id| id % 2 == 0).collect();
    trial.store(&selector, &Commit { flash: FlashChange { put: vec![], consume }, ..trial.commit() }).await;
    let left: Vec<u64> = trial.stored(&selector).await.flash().iter().map(|entry| entry.id).collect();
    assert_eq!(left, (0..1_000).filter(|id| id % 2 == 1).collect::<Vec<_>>());
}

/// Text as a JSON string, with what must be escaped and nothing else.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// Where stores have stumbled: terminators, quoting, patterns, paths, class bytes, folding, trimming, normal forms.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "\u{e4}",
    "a\u{308}",
    "\u{c4}",
    "\u{df}",
    "ss",
    "\u{130}",
    "\u{131}",
    "\0",
    "a\0b",
    "\u{1}",
    "\t",
    "\r\n",
    "\u{7f}",
    "\u{85}",
    "'",
    "\"",
    "\\",
    "`",
    "%",
    "_",
    "*",
    "?",
    "$1",
    "{}",
    "{tag}",
    "a:b",
    "a.b",
    "a/b",
    "../../etc",
    "~",
    "NUL",
    "null",
    "0",
    "00",
    "-1",
    "f:a",
    "fa",
    "ka",
    "xa",
    "ma",
    "f",
    "k",
    "x",
    "m",
    "f:",
    "k:",
    "x:",
    "m:",
    "m:principal",
    "principal",
    "epoch",
    "verifier",
    "version",
    "idle_until",
    "next_flash",
    "fields",
    "flash",
    "__proto__",
    "constructor",
    "'; --",
    "\u{2028}",
    "\u{200b}",
    "\u{feff}",
    "\u{202e}abc",
    "\u{6f22}\u{5b57}",
    "\u{627}\u{644}",
    "\u{1f600}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10ffff}",
];
