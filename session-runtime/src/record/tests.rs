//! Records of every shape, for the tests of this crate.

use std::time::Duration;

use proptest::prelude::*;

use super::{
    CredentialMark, CsrfKey, Deadlines, DeviceFacts, Field, FlashEntry, Metadata, More, Principal, Record,
    Renewal, Superseded,
};
use crate::clock::Timestamp;
use crate::token::VerifierHash;
use crate::value::{JsonText, Key};

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
    let superseded = any::<Option<([u8; 32], Option<[u8; 32]>, u64)>>();
    let rest = (any::<u64>(), any::<[u8; 32]>(), superseded, any::<u64>(), any::<[u8; 16]>());
    let principal = prop::option::of(any::<u64>().prop_map(|id| JsonText::trusted(id.to_string())));
    let more = prop::option::of(arbitrary_more().prop_map(Box::new));
    (fields, flash, times, rest, principal, more).prop_map(|(fields, flash, times, rest, principal, more)| {
        let metadata = Metadata {
            created_at: Timestamp::from_unix_millis(times.0),
            authenticated_at: times.1.map(Timestamp::from_unix_millis),
            principal: principal.map(Principal::new),
            epoch: rest.0,
            verifier: VerifierHash::from_bytes(rest.1),
            superseded: rest.2.map(|(hash, also, until)| Superseded {
                verifier: VerifierHash::from_bytes(hash),
                also: also.map(VerifierHash::from_bytes),
                until: Timestamp::from_unix_millis(until),
            }),
            deadlines: Deadlines {
                idle: Timestamp::from_unix_millis(times.2),
                absolute: Timestamp::from_unix_millis(times.3),
            },
            next_flash: rest.3,
            csrf_key: CsrfKey::from_bytes(rest.4),
            more,
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

fn arbitrary_more() -> impl Strategy<Value = More> {
    let times = (any::<Option<u64>>(), any::<Option<u64>>(), any::<bool>());
    let text = || prop::option::of(".{0,45}".prop_map(String::into_boxed_str));
    let device = prop::option::of((text(), text()));
    let renewal = any::<Option<(u64, [u8; 32], Option<u64>)>>();
    let retired = prop::collection::vec(any::<[u8; 32]>(), 0..=Renewal::MOST_RETIRED);
    let rest = (device, any::<Option<[u8; 16]>>(), renewal, retired);
    (times, rest).prop_map(|((seen, idle, remembered), (device, credential, renewal, retired))| More {
        seen_at: seen.map(Timestamp::from_unix_millis),
        idle_for: idle.map(Duration::from_millis),
        remembered,
        device: device.map(|(agent, address)| DeviceFacts { agent, address }),
        credential: credential.map(CredentialMark::from_bytes),
        renewal: renewal.map(|(at, previous, until)| Renewal {
            at: Timestamp::from_unix_millis(at),
            previous: VerifierHash::from_bytes(previous),
            until: until.map(Timestamp::from_unix_millis),
            retired: retired.into_iter().map(VerifierHash::from_bytes).collect(),
        }),
    })
}

proptest! {
    #[test]
    fn a_record_says_nothing_where_there_is_nothing_to_say(record in arbitrary_record()) {
        let device = record.metadata().device();
        prop_assert!(device.is_none_or(|device| !device.is_empty()));
        prop_assert_ne!(record.metadata().more.as_deref(), Some(&More::default()));
    }
}
