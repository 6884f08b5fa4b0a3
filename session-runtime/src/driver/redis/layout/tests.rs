use proptest::prelude::*;

use super::*;
use crate::record::tests::arbitrary_record;
use crate::record::{CsrfKey, Deadlines, Fields, Metadata, Principal};
use crate::token::VerifierHash;
use crate::value::JsonText;

const SELECTOR: Selector = Selector::from_bytes([3; 16]);
/// Its bytes are line feeds too.
const REVISION: NonZeroU64 = NonZeroU64::new(0x0a0a).unwrap();

fn record(principal: Option<Principal>) -> Record {
    let at = Timestamp::from_unix_millis;
    let metadata = Metadata {
        created_at: at(1),
        authenticated_at: None,
        principal,
        epoch: 2,
        verifier: VerifierHash::from_bytes([7; 32]),
        superseded: None,
        deadlines: Deadlines { idle: at(40), absolute: at(30) },
        next_flash: 5,
        csrf_key: CsrfKey::from_bytes([5; 16]),
        more: None,
    };
    Record::new(metadata, Fields::new(), Vec::new())
}

/// What follows the mark, up to the record.
fn words(value: &[u8]) -> &str {
    let words = value[MARK..].split(|byte| *byte == b'\n').next();
    std::str::from_utf8(words.expect("a first line")).expect("text")
}

#[test]
fn a_value_tells_revision_deadline_and_owner_before_the_record() {
    let nobody = live(&SELECTOR, &record(None), REVISION);
    assert_eq!((&nobody[..MARK], words(&nobody)), (&b"1\0\0\0\0\0\0\x0a\x0a"[..], "30 -"));
    assert_eq!(nobody[..MARK], mark(REVISION));

    let user = Principal::new(JsonText::trusted("42"));
    let value = live(&SELECTOR, &record(Some(user.clone())), NonZeroU64::MAX);
    let owner = user.key().to_string();
    assert_eq!(words(&value), format!("30 {owner}"));
    let deadline = Timestamp::from_unix_millis(30);
    assert_eq!(standing(&value[..MOST_HEAD]), Some(Standing::Live { deadline, owner: Some(&owner) }));
}

#[test]
fn the_longest_head_fits() {
    let mut metadata = record(Some(Principal::new(JsonText::trusted("1")))).metadata().clone();
    metadata.deadlines = Deadlines { idle: Timestamp::MAX, absolute: Timestamp::MAX };
    let value = live(&SELECTOR, &Record::new(metadata, Fields::new(), Vec::new()), NonZeroU64::MAX);
    assert!(MARK + words(&value).len() < MOST_HEAD);
}

#[test]
fn a_destroyed_session_is_told_from_damage() {
    let until = Timestamp::from_unix_millis(17);
    assert_eq!(standing(destroyed(until).as_bytes()), Some(Standing::Destroyed(until)));
    assert_eq!(super::record(&SELECTOR, destroyed(until).as_bytes()), Ok(None));
    let whole = live(&SELECTOR, &record(None), REVISION);
    let damaged = ["", "0", "0 x", "1", "x", "2", "1\0\0\0\0\0\0\0\x0030 -\n", "1abcdefgh30 -"];
    for damaged in damaged.map(str::as_bytes).into_iter().chain([whole.get(..whole.len() - 1).expect("long")])
    {
        assert_eq!(super::record(&SELECTOR, damaged), Err(Damaged), "{damaged:?}");
    }
}

#[test]
fn a_value_belongs_to_one_selector() {
    let value = live(&SELECTOR, &record(None), REVISION);
    assert_eq!(super::record(&Selector::from_bytes([4; 16]), &value), Err(Damaged));
}

proptest! {
    #[test]
    fn what_is_filed_is_read_back(record in arbitrary_record(), selector: [u8; 16], revision: NonZeroU64) {
        let selector = Selector::from_bytes(selector);
        let read = super::record(&selector, &live(&selector, &record, revision)).ok().flatten();
        prop_assert_eq!(read.as_ref().and_then(Record::revision), Some(revision));
        prop_assert_eq!(read, Some(record));
    }

    #[test]
    fn no_bytes_do_harm(bytes: Vec<u8>) {
        let _ = super::record(&SELECTOR, &bytes);
    }
}
