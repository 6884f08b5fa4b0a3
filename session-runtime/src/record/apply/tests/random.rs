//! Any commit on any record: no panic, all or nothing, and additions in any order.

use proptest::prelude::*;

use super::*;
use crate::record::{
    Confirmation, CredentialChange, CredentialMark, DeviceFacts, FlashChange, Lifetime, NewFlash, Rotation,
};

fn text() -> impl Strategy<Value = JsonText> {
    prop_oneof![
        any::<i64>().prop_map(|number| JsonText::trusted(number.to_string())),
        any::<f64>().prop_filter_map("finite", |number| JsonText::encode(&number).ok()),
        any::<String>().prop_filter_map("a string", |text| JsonText::encode(&text).ok()),
        Just(JsonText::null()),
        Just(JsonText::trusted("[]")),
    ]
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![4 => "[abc]".prop_map(Key::from), 1 => any::<String>().prop_map(Key::from)]
}

fn addition() -> impl Strategy<Value = Addition> {
    (any::<bool>(), any::<u128>(), any::<u128>(), any::<u128>(), any::<u128>()).prop_map(
        |(negative, amount, start, below, above)| {
            let bounds = IntegerBounds { below, above };
            Addition::integer(Integer::new(negative, amount), Integer::new(negative, start), bounds)
        },
    )
}

fn op() -> impl Strategy<Value = FieldOp> {
    let either = proptest::option::of;
    prop_oneof![
        text().prop_map(FieldOp::Set),
        Just(FieldOp::Remove),
        addition().prop_map(FieldOp::Add),
        (-300_i16..300).prop_map(add),
        (either(text()), either(text())).prop_map(|(expected, new)| FieldOp::Swap { expected, new }),
    ]
}

prop_compose! {
    fn any_record()(
        fields in proptest::collection::btree_map(key(), (text(), any::<bool>()), 0..5),
        flash in proptest::collection::vec((key(), text()), 0..3),
        principal in proptest::option::of(text()),
        epoch in 0..2_u64,
        idle in 0..4_u64,
        absolute in 0..4_u64,
    ) -> Record {
        let fields = fields.into_iter()
            .map(|(key, (json, survives_logout))| (key, Field { json, survives_logout }))
            .collect();
        let flash: Vec<_> = (0..).zip(flash).map(|(id, (key, json))| FlashEntry { id, key, json, until: None }).collect();
        let [idle, absolute] = [idle, absolute].map(Timestamp::from_unix_millis);
        let metadata = Metadata {
            principal: principal.map(Principal::new),
            epoch,
            deadlines: Deadlines { idle, absolute },
            next_flash: flash.len() as u64,
            ..metadata()
        };
        Record::new(metadata, fields, flash)
    }
}

prop_compose! {
    fn any_commit()(
        fields in proptest::collection::vec((key(), proptest::option::of(any::<bool>()), op()), 0..4),
        put in proptest::collection::vec((key(), text()).prop_map(NewFlash::from), 0..3),
        consume in proptest::collection::vec(0..5_u64, 0..3),
        (clear, authenticated, rotates) in any::<(bool, bool, bool)>(),
        renews in proptest::option::of(0..3_u8),
        (presented, lifetime, device, credential) in any_more(),
        deadlines in proptest::option::of((0..5_u64, 0..5_u64)),
        login in proptest::option::of(text()),
        idle_until in proptest::option::of(any::<u64>()),
        (epoch, at) in (0..2_u64, 0..3_u64),
        max_bytes in prop_oneof![Just(usize::MAX), 0..2_000_usize],
    ) -> Commit {
        let verifier = VerifierHash::from_bytes([4; 32]);
        let rotation = Rotation { verifier, grace: Duration::MAX, csrf_key: None, renews: renews.map(hash) };
        Commit { epoch, at: Timestamp::from_unix_millis(at), clear, fields: fields
                .into_iter()
                .map(|(key, survives_logout, op)| FieldChange { key, survives_logout, op })
                .collect(), flash: FlashChange { put, consume }, idle_until: idle_until.map(Timestamp::from_unix_millis), max_bytes, seen: None, session: SessionChange { rotation: rotates.then_some(rotation), login: login.map(Principal::new), authenticated, deadlines: deadlines.map(|(idle, absolute)| Deadlines {
                idle: Timestamp::from_unix_millis(idle),
                absolute: Timestamp::from_unix_millis(absolute),
            }), lifetime, device, credential, presented }.into() }
    }
}

type Said = (Option<Confirmation>, Option<Lifetime>, Option<DeviceFacts>, Option<CredentialChange>);

fn any_more() -> impl Strategy<Value = Said> {
    let mark = CredentialChange::Bind(CredentialMark::from_bytes([5; 16]));
    let credential = proptest::option::of(prop_oneof![Just(mark), Just(CredentialChange::Forget)]);
    let presented = proptest::option::of((0..3_u8, any::<Duration>()));
    let lifetime = any::<Option<(Option<Duration>, bool)>>();
    let device = any::<Option<(Option<bool>, bool)>>();
    (presented, lifetime, device, credential).prop_map(|(presented, lifetime, device, credential)| {
        let presented = presented.map(|(byte, grace)| Confirmation { verifier: hash(byte), grace });
        let lifetime = lifetime.map(|(idle_for, remembered)| Lifetime { idle_for, remembered });
        let device = device.map(|(agent, address)| DeviceFacts {
            agent: agent.map(|agent| agent.to_string().into()),
            address: address.then(|| "::1".into()),
        });
        (presented, lifetime, device, credential)
    })
}

fn hash(byte: u8) -> VerifierHash {
    VerifierHash::from_bytes([byte; 32])
}

proptest! {
    #[test]
    fn any_commit_on_any_record_has_a_verdict(record in any_record(), commit in any_commit()) {
        let copy = Record::new(record.metadata().clone(), record.fields().clone(), record.flash().to_vec());
        let verdict = record.apply(&commit);
        prop_assert_eq!(&record, &copy, "the record itself is never changed");
        prop_assert_eq!(&copy.into_applied(&commit), &verdict, "and where it may be, the outcome is the same");
        match &verdict {
            Verdict::Store(stored, _) => {
                prop_assert!(stored.size() <= record.size() + commit.growth(), "growth is an upper bound");
                prop_assert!(stored.metadata().next_flash >= record.metadata().next_flash);
                let deadlines = commit.session().deadlines.unwrap_or(record.metadata().deadlines);
                prop_assert_eq!(stored.metadata().deadlines.absolute, deadlines.absolute);
                let raises = commit.session().rotation.is_some_and(|rotation| rotation.renews.is_none());
                prop_assert!(stored.metadata().epoch == record.metadata().epoch + u64::from(raises));
            }
            Verdict::Destroy => prop_assert!(commit.removes() && record.metadata().principal.is_none()),
            Verdict::Leave(answer) => prop_assert!(!matches!(answer, Applied::Stored(_) | Applied::Emptied)),
        }
    }

    #[test]
    fn additions_lead_to_one_sum_in_any_order(
        amounts in proptest::collection::vec(-9_i16..9, 1..12),
        rotation in any::<prop::sample::Index>(),
    ) {
        let turned = rotation.index(amounts.len());
        let mut other_order = amounts.clone();
        other_order.rotate_left(turned);
        other_order.reverse();
        let total = |amounts: &[i16]| {
            amounts.iter().fold(plain(&[("n", "128")]), |record, amount| {
                after(&record, &changing(vec![change("n", add(*amount))]))
            })
        };
        let sum = (128 + amounts.iter().sum::<i16>()).to_string();
        let record = total(&amounts);
        prop_assert_eq!(texts(&record), [("n", &*sum)]);
        prop_assert_eq!(&record, &total(&other_order));
    }
}
