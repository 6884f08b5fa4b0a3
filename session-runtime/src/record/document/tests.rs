use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::record::tests::arbitrary_record;
use crate::record::{CredentialMark, Field, Metadata, More};
use crate::value::{JsonText, Key};

/// Found once: few records have all parts.
static RECORD: LazyLock<Record> = LazyLock::new(|| {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let non_trivial = arbitrary_record().prop_filter("has parts", |record| {
        !record.fields().is_empty()
            && !record.flash().is_empty()
            && record.metadata().superseded.is_some_and(|old| old.also.is_some())
            && record.metadata().renewal().is_some_and(|renewal| !renewal.retired.is_empty())
    });
    non_trivial.new_tree(&mut runner).unwrap().current()
});

fn a_record() -> Record {
    RECORD.clone()
}

proptest! {
    #[test]
    fn a_document_reads_back_to_the_byte(record in arbitrary_record()) {
        prop_assert_eq!(Record::from_document(&record.to_document()), Ok(record));
    }

    #[test]
    fn what_is_cut_off_is_refused(cut in 0.0..1.0_f64) {
        let document = a_record().to_document();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let mut end = (document.len() as f64 * cut) as usize;
        while !document.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert!(Record::from_document(&document[..end]).is_err());
    }
}

#[test]
fn another_version_is_named() {
    let document = a_record().to_document().replacen("\"version\": 2", "\"version\": 1", 1);
    assert_eq!(Record::from_document(&document), Err(DocumentError::Version { found: 1 }));
}

#[test]
fn what_nobody_wrote_is_refused() {
    let document = a_record().to_document();
    let with = document.replacen('{', "{ \"extra\": 1,", 1);
    assert!(matches!(Record::from_document(&with), Err(DocumentError::Form(_))));
    let field = Field { json: JsonText::trusted("1"), survives_logout: false };
    let once = Record::new(a_record().metadata().clone(), [(Key::from("same"), field)].into(), Vec::new());
    let once = once.to_document();
    let twice = once.replacen("\"surviving_fields\": {}", "\"surviving_fields\": {\"same\": 2}", 1);
    assert_eq!(Record::from_document(&twice), Err(DocumentError::Twice), "{twice}");
}

#[test]
fn no_error_repeats_what_is_stored() {
    let document = a_record().to_document().replacen("\"epoch\": ", "\"epoch\": \"hunter2\", \"x\": ", 1);
    let error = Record::from_document(&document).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn a_document_names_no_verifier() {
    let record = a_record();
    let document = record.to_document();
    let hash = coded(&record.metadata().verifier);
    assert_eq!(document.matches(&hash).count(), 1, "only the hash is there");
}

#[test]
fn a_damaged_key_of_forms_is_named() {
    let record = a_record();
    let key = URL_SAFE_NO_PAD.encode(record.metadata().csrf_key.as_bytes());
    let document = record.to_document();
    for damaged in [&key[..21], "", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA!"] {
        let document = document.replacen(&key, damaged, 1);
        assert_eq!(Record::from_document(&document), Err(DocumentError::CsrfKey), "{damaged}");
    }
}

#[test]
fn damage_in_what_few_sessions_have_is_named() {
    let mark = CredentialMark::from_bytes([7; 16]);
    let more = More { credential: Some(mark), ..More::default() };
    let metadata = Metadata { more: Some(Box::new(more)), ..a_record().metadata().clone() };
    let document = Record::new(metadata, [].into(), Vec::new()).to_document();
    let coded = URL_SAFE_NO_PAD.encode(mark.as_bytes());
    let damaged = document.replacen(&coded, &coded[..21], 1);
    assert_eq!(Record::from_document(&damaged), Err(DocumentError::Credential));

    let record = a_record();
    let document = record.to_document();
    let renewal = record.metadata().renewal().unwrap();
    let also = record.metadata().superseded.unwrap().also.unwrap();
    for hash in [renewal.previous, renewal.retired[0], also] {
        let coded = super::coded(&hash);
        let damaged = document.replacen(&coded, &coded[..42], 1);
        assert_eq!(Record::from_document(&damaged), Err(DocumentError::Verifier));
    }
}

#[test]
fn a_document_says_nothing_of_what_is_not_there() {
    let metadata = Metadata { superseded: None, more: None, ..a_record().metadata().clone() };
    let document = Record::new(metadata, [].into(), Vec::new()).to_document();
    for name in ["seen_at", "idle_for", "remembered", "device", "credential", "renewal", "also"] {
        assert!(!document.contains(name), "{name} in {document}");
    }
}
