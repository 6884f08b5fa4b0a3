use proptest::prelude::*;

use super::*;
use crate::value::JsonText;

fn field(number: u8) -> Field {
    Field { json: JsonText::trusted(number.to_string()), survives_logout: number.is_multiple_of(2) }
}

/// Keys that are no prefix-free set, and one that is empty.
fn key() -> impl Strategy<Value = Key> {
    "[ab\u{e9}]{0,3}".prop_map(Key::from)
}

proptest! {
    #[test]
    fn they_behave_like_a_map(steps in proptest::collection::vec((key(), any::<u8>(), 0..4_u8), 0..40)) {
        let (mut fields, mut map) = (Fields::new(), BTreeMap::new());
        for (key, number, step) in steps {
            match step {
                0 => prop_assert_eq!(fields.remove(key.as_str()), map.remove(&key)),
                1 => prop_assert_eq!(fields.get_mut(key.as_str()), map.get_mut(&key)),
                _ => prop_assert_eq!(fields.insert(key.clone(), field(number)), map.insert(key.clone(), field(number))),
            }
            prop_assert_eq!(fields.get(key.as_str()), map.get(&key));
            prop_assert_eq!(fields.contains_key(key.as_str()), map.contains_key(&key));
            prop_assert!(fields.iter().eq(map.iter()));
            prop_assert_eq!(fields.len(), map.len());
        }
        prop_assert_eq!(fields, Fields::from(map));
    }

    #[test]
    fn however_they_are_collected_the_last_of_a_key_stays(entries in proptest::collection::vec((key(), any::<u8>()), 0..12)) {
        let entries = || entries.iter().map(|(key, number)| (key.clone(), field(*number)));
        let map: BTreeMap<Key, Field> = entries().collect();
        prop_assert_eq!(entries().collect::<Fields>(), Fields::from(map));
    }
}
