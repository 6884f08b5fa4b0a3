use proptest::prelude::*;

use crate::clock::Timestamp;
use crate::record::tests::arbitrary_record;
use crate::record::{CsrfKey, Deadlines, Fields, Metadata, Renewal, Superseded};
use crate::token::VerifierHash;

use super::metadata::{FACTS, FORM};
use super::*;

proptest! {
    #[test]
    fn a_packed_record_reads_back_to_the_byte(
        record in arbitrary_record(), selector: [u8; 16], generation: u64, cut in 1..40_usize,
    ) {
        let packed = Packed { selector: Selector::from_bytes(selector), generation, record };
        let bytes = packed.write_to(Vec::new());
        prop_assert_eq!(Packed::from_bytes(&bytes[..bytes.len() - cut]), None);
        prop_assert_eq!(Packed::from_bytes(&[&*bytes, &[0]].concat()), None);
        prop_assert_eq!(Packed::from_bytes(&bytes), Some(packed));
    }

    #[test]
    fn what_was_written_before_there_were_keys_of_forms_is_no_record(
        record in arbitrary_record(), selector: [u8; 16],
    ) {
        let packed = Packed { selector: Selector::from_bytes(selector), generation: 0, record };
        let mut bytes = packed.write_to(Vec::new());
        bytes[16] &= !FORM;
        prop_assert_eq!(Packed::from_bytes(&bytes), None);
    }

    #[test]
    fn no_bytes_do_harm(bytes: Vec<u8>) {
        let _ = Packed::from_bytes(&bytes);
    }

    #[test]
    fn numbers_of_every_length_read_back(number: u64, shift in 0..u64::BITS) {
        let number = number >> shift;
        let mut writer = Writer(Vec::new());
        writer.number(number);
        let mut reader = Reader { bytes: &writer.0, texts: "" };
        prop_assert_eq!(reader.number(), Some(number));
        prop_assert!(reader.bytes.is_empty());
    }
}

#[test]
fn a_number_beyond_64_bits_is_none() {
    let number = |last: &[u8]| Reader { bytes: &[&[0xff; 9], last].concat(), texts: "" }.number();
    assert_eq!(number(&[1]), Some(u64::MAX));
    for last in [&[2][..], &[3], &[0x7f], &[0x81, 0], &[0x80, 1], &[]] {
        assert_eq!(number(last), None, "{last:?}");
    }
}

fn plain() -> Metadata {
    let at = Timestamp::from_unix_millis;
    Metadata {
        created_at: at(5),
        authenticated_at: Some(at(6)),
        principal: Some(Principal::new(JsonText::trusted("7"))),
        epoch: 1,
        verifier: VerifierHash::from_bytes([2; 32]),
        superseded: Some(Superseded {
            verifier: VerifierHash::from_bytes([3; 32]),
            also: None,
            until: at(8),
        }),
        deadlines: Deadlines { idle: at(205), absolute: at(305) },
        next_flash: 4,
        csrf_key: CsrfKey::from_bytes([9; 16]),
        more: None,
    }
}

fn packed(metadata: Metadata) -> Vec<u8> {
    let record = Record::new(metadata, Fields::new(), Vec::new());
    Packed { selector: Selector::from_bytes([1; 16]), generation: 10, record }.write_to(Vec::new())
}

#[test]
fn a_record_without_facts_takes_not_a_byte_more() {
    let mut expected = vec![1; 16];
    expected.push(0b1_1111);
    expected.extend([2; 32]);
    expected.extend([3; 32]);
    expected.extend([9; 16]);
    // Creation, idle and absolute deadline, login, grace, epoch, flash, generation; then the texts and their lengths.
    expected.extend([5, 200, 1, 172, 2, 1, 3, 1, 4, 10, 1, b'7', 1, 0, 0]);
    assert_eq!(packed(plain()), expected);
}

#[test]
fn facts_that_contradict_their_shape_are_none() {
    let with_nothing = |facts: &[u8]| {
        let mut bytes = packed(Metadata { superseded: None, ..plain() });
        bytes[16] |= FACTS;
        let end = 16 + 1 + 32 + 16 + 8;
        bytes.splice(end..end, facts.iter().copied());
        bytes
    };
    let read = |facts: &[u8]| Packed::from_bytes(&with_nothing(facts));
    assert!(read(&[0b100]).is_some_and(|packed| packed.record.metadata().is_remembered()));
    assert_eq!(read(&[0]), None, "a fact that says nothing");
    let also: Vec<u8> = [0b1000_0000].into_iter().chain([4; 32]).collect();
    assert_eq!(read(&also), None, "a second replaced verifier beside none");
}

#[test]
fn a_wrong_count_of_retired_verifiers_asks_for_no_room() {
    let mut metadata = plain();
    metadata.more_mut().renewal = Some(Renewal {
        at: Timestamp::from_unix_millis(5),
        previous: VerifierHash::from_bytes([6; 32]),
        until: None,
        retired: Vec::new(),
    });
    let mut bytes = packed(metadata);
    let count = bytes.windows(33).position(|part| part[..32] == [6; 32]).unwrap() + 33;
    assert_eq!(bytes[count], 0);
    bytes.splice(count..=count, [0xfe; 8].into_iter().chain([1]));
    assert_eq!(Packed::from_bytes(&bytes), None);
}
