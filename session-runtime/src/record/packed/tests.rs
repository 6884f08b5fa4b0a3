use proptest::prelude::*;

use crate::record::document::tests::arbitrary_record;

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
