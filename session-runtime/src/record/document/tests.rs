use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;

fn arbitrary_json() -> impl Strategy<Value = JsonText> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i128>().prop_map(|value| value.to_string()),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| serde_json::to_string(&value).unwrap()),
        any::<String>().prop_map(|value| serde_json::to_string(&value).unwrap()),
    ];
    let nested = leaf.prop_recursive(4, 16, 4, |inner| {
        let item = inner.clone();
        prop_oneof![
            prop::collection::vec(item, 0..4).prop_map(|items| format!("[{}]", items.join(" ,\n"))),
            (any::<String>(), inner)
                .prop_map(|(key, value)| format!("{{{} : {value}}}", serde_json::to_string(&key).unwrap())),
        ]
    });
    nested.prop_map(JsonText::trusted)
}

pub(crate) fn arbitrary_record() -> impl Strategy<Value = Record> {
    let field = (arbitrary_json(), any::<bool>());
    let fields = prop::collection::btree_map(any::<String>(), field, 0..6);
    let flash = (any::<u64>(), any::<String>(), arbitrary_json(), any::<Option<u64>>());
    let flash = prop::collection::vec(flash, 0..4);
    let times = (any::<u64>(), any::<Option<u64>>(), any::<u64>(), any::<u64>());
    let superseded = any::<Option<([u8; 32], u64)>>();
    let rest = (any::<u64>(), any::<[u8; 32]>(), superseded, any::<u64>(), any::<[u8; 16]>());
    let principal = prop::option::of(any::<u64>().prop_map(|id| JsonText::trusted(id.to_string())));
    (fields, flash, times, rest, principal).prop_map(|(fields, flash, times, rest, principal)| {
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(times.0),
            authenticated_at: times.1.map(Timestamp::from_unix_millis),
            principal: principal.map(Principal::new),
            epoch: rest.0,
            verifier: VerifierHash::from_bytes(rest.1),
            superseded: rest.2.map(|(hash, until)| Superseded {
                verifier: VerifierHash::from_bytes(hash),
                until: Timestamp::from_unix_millis(until),
            }),
            deadlines: Deadlines {
                idle: Timestamp::from_unix_millis(times.2),
                absolute: Timestamp::from_unix_millis(times.3),
            },
            next_flash: rest.3,
            csrf_key: CsrfKey::from_bytes(rest.4),
        };
        let fields = fields
            .into_iter()
            .map(|(key, (json, survives_logout))| (Key::from(key), Field { json, survives_logout }));
        let flash = flash.into_iter().map(|(id, key, json, until)| FlashEntry {
            id,
            key: Key::from(key),
            json,
            until: until.map(Timestamp::from_unix_millis),
        });
        Record::new(metadata, fields.collect(), flash.collect())
    })
}

fn a_record() -> Record {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let non_trivial = arbitrary_record().prop_filter("has parts", |record| {
        !record.fields().is_empty() && !record.flash().is_empty() && record.metadata().superseded.is_some()
    });
    non_trivial.new_tree(&mut runner).unwrap().current()
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
