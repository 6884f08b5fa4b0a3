use std::collections::BTreeMap;

use super::*;
use crate::record::Field;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

fn plain() -> Metadata {
    Metadata {
        created_at: at(1),
        authenticated_at: None,
        principal: None,
        epoch: 2,
        verifier: VerifierHash::from_bytes([7; 32]),
        superseded: None,
        deadlines: Deadlines { idle: at(30), absolute: at(40) },
        next_flash: 5,
    }
}

fn record(metadata: Metadata) -> Record {
    Record::new(metadata, BTreeMap::new(), Vec::new())
}

#[test]
fn metadata_reads_as_words_a_person_can_tell() {
    let text = metadata_text(&record(plain()));
    assert_eq!(text, "1 256 2 5 30 40 1 - BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc - - - ");
    assert_eq!(standing(&text), Some(Standing::Live(plain())));
}

#[test]
fn every_part_of_the_metadata_comes_back() {
    for id in ["42", "\"a b  c\"", "\"{\\\"x\\\": 1}\"", "-"] {
        let full = Metadata {
            authenticated_at: Some(Timestamp::MAX),
            principal: Some(Principal::new(JsonText::trusted(id))),
            superseded: Some(Superseded { verifier: VerifierHash::from_bytes([0xfb; 32]), until: at(9) }),
            epoch: u64::MAX,
            deadlines: Deadlines { idle: Timestamp::MAX, absolute: Timestamp::MAX },
            ..plain()
        };
        assert_eq!(standing(&metadata_text(&record(full.clone()))), Some(Standing::Live(full)), "{id}");
    }
}

#[test]
fn a_destroyed_session_is_told_from_damage() {
    assert_eq!(standing("0 17"), Some(Standing::Destroyed(at(17))));
    let whole = metadata_text(&record(plain()));
    let cut = whole.get(..whole.len() / 2).unwrap();
    for damaged in ["", "0", "0 x", "2 256", "1", "x", cut, &whole.replace("Bwc", "B!c")] {
        assert_eq!(standing(damaged), None, "{damaged:?}");
    }
}

#[test]
fn flash_entries_come_back_whatever_their_keys_are_made_of() {
    for key in ["", "a", "3:a", "\u{e4}:\u{1f600}", "\"", "0"] {
        let entry = FlashEntry { id: 7, key: Key::from(key), json: JsonText::trusted("{\"b\": \":\"}") };
        assert_eq!(flash_entry("7", &flash_text(&entry.key, &entry.json)), Some(entry), "{key:?}");
    }
}

#[test]
fn damaged_flash_entries_are_none() {
    for (id, text) in [("x", "1:a1"), ("7", ""), ("7", "a"), ("7", "9:a"), ("7", "1:\u{e4}1"), ("7", "-1:a")]
    {
        assert_eq!(flash_entry(id, text), None, "{id} {text:?}");
    }
}

#[test]
fn no_key_of_an_application_meets_metadata_or_flash() {
    let field = |survives_logout| Field { json: JsonText::trusted("1"), survives_logout };
    let fields = [("m", false), ("x0", true), ("", false), ("fm", true)];
    let fields = fields.map(|(key, survives)| (Key::from(key), field(survives)));
    let flash = vec![FlashEntry { id: 0, key: Key::from("m"), json: JsonText::trusted("2") }];
    let record = Record::new(plain(), fields.into_iter().collect(), flash);
    let parts: BTreeMap<String, String> = parts(&record).collect();
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(names, ["f", "fm", "kfm", "kx0", "m", "x0"]);
    assert_eq!(parts["x0"], "1:m2");
}

#[test]
fn sessions_and_indexes_have_names_of_their_own() {
    let names = Names::new("shop");
    assert_eq!(names.session(&Selector::from_bytes([0; 16])), "shop:s:AAAAAAAAAAAAAAAAAAAAAA");
    let index = names.index(&PrincipalKey::from_bytes([0; 32]));
    assert_eq!(index, "shop:p:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}
