//! Additions: exact for every integer type up to its bounds, floats in their own width, and no number from no number.

use crate::driver::Driver;
use crate::record::{Applied, Commit, FieldOp};
use crate::session::Number;

use super::fixtures::{add, change, not_a_number, overflow, subtract, sum, text};
use super::trial::Trial;

/// Every integer type counts up to its last value and down to its first one, to the digit, and no further.
pub async fn every_integer_type_counts_to_its_bounds<D: Driver>(trial: &Trial<D>) {
    macro_rules! bounds {
        ($($integer:ty),+) => {$(
            counts_between(trial, [<$integer>::MIN, <$integer>::MAX], 1 as $integer, stringify!($integer)).await;
        )+};
    }
    bounds!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
}

async fn counts_between<D: Driver, N: Number + ToString>(trial: &Trial<D>, ends: [N; 2], one: N, name: &str) {
    let [least, greatest] = ends;
    let selector = trial.filed(&[]).await;
    let step = async |op| trial.apply(&selector, &Commit { fields: vec![op], ..trial.commit() }).await;
    let told = |what: &str| format!("{name}: {what}");
    assert_eq!(
        step(add("n", greatest)).await,
        sum("n", greatest.to_string()),
        "{}",
        told("up to the last value")
    );
    assert_eq!(step(add("n", one)).await, overflow("n"), "{}", told("one over the last value"));
    assert_eq!(step(subtract("n", greatest)).await, sum("n", "0"), "{}", told("back to zero"));
    // Of a type without a sign the least value is zero.
    assert_eq!(
        step(add("n", least)).await,
        sum("n", least.to_string()),
        "{}",
        told("down to the first value")
    );
    assert_eq!(step(subtract("n", one)).await, overflow("n"), "{}", told("one below the first value"));
    let record = trial.stored(&selector).await;
    assert_eq!(text(&record, "n"), Some(&*least.to_string()), "{}", told("after the refusal"));
}

/// Integers near powers of two and of ten, where arithmetic by floats would go astray.
pub async fn integers_never_pass_through_floats<D: Driver>(trial: &Trial<D>) {
    let cases: [(&str, i128, &str); 6] = [
        ("9007199254740992", 1, "9007199254740993"),
        ("-9007199254740993", -2, "-9007199254740995"),
        ("99999999999999999999", 1, "100000000000000000000"),
        ("9223372036854775807", 1, "9223372036854775808"),
        ("-1", 1, "0"),
        ("1", -101, "-100"),
    ];
    for (stored, amount, expected) in cases {
        let selector = trial.filed(&[("n", stored)]).await;
        let commit = Commit { fields: vec![add("n", amount)], ..trial.commit() };
        assert_eq!(trial.apply(&selector, &commit).await, sum("n", expected), "{stored} + {amount}");
    }
}

/// Where nothing or a null is stored, an addition begins at the start value of the field.
pub async fn absence_and_null_count_as_the_start_value<D: Driver>(trial: &Trial<D>) {
    for stored in [&[][..], &[("n", "null")], &[("other", "9")]] {
        for (start, expected) in [(None, "2"), (Some(40), "42"), (Some(-2), "0")] {
            let selector = trial.filed(stored).await;
            let op = change("n", FieldOp::Add(addition(2_i64, start)));
            let applied = trial.apply(&selector, &Commit { fields: vec![op], ..trial.commit() }).await;
            assert_eq!(applied, sum("n", expected), "{stored:?} with start {start:?}");
        }
    }
}

fn addition<N: Number>(amount: N, start: Option<N>) -> crate::record::Addition {
    amount.addition(false, start)
}

/// What is stored as another kind of value is refused by name, for integers and for floats.
pub async fn what_is_no_number_is_not_added_to<D: Driver>(trial: &Trial<D>) {
    for stored in ["\"1\"", "true", "false", "[]", "[1]", "{}", "\"\"", "\"x\""] {
        let selector = trial.filed(&[("n", stored)]).await;
        for op in [add("n", 1_u64), add("n", 1_i128), add("n", 1.0_f64), add("n", 1.0_f32)] {
            let applied = trial.apply(&selector, &Commit { fields: vec![op], ..trial.commit() }).await;
            assert_eq!(applied, not_a_number("n"), "an addition to {stored}");
        }
        assert_eq!(text(&trial.stored(&selector).await, "n"), Some(stored), "after the refusal");
    }
    let beyond_128_bits = format!("1{}", "0".repeat(39));
    for stored in ["1.5", "1.0", "1e3", &beyond_128_bits] {
        let selector = trial.filed(&[("n", stored)]).await;
        let commit = Commit { fields: vec![add("n", 1_i64)], ..trial.commit() };
        assert_eq!(trial.apply(&selector, &commit).await, not_a_number("n"), "an integer added to {stored}");
    }
}

/// Sums of floats are taken in the width of the field, read back as what was computed, and stay finite.
pub async fn floats_add_in_their_own_width<D: Driver>(trial: &Trial<D>) {
    let doubles = [(0.1, 0.2), (1e16, 1.0), (5e-324, 5e-324), (1.5, -1.5), (1e308, -3.5e-7), (-2.5, 0.5)];
    for (a, b) in doubles {
        let selector = trial.filed(&[("n", &format!("{a:?}"))]).await;
        let commit = Commit { fields: vec![add::<f64>("n", b)], ..trial.commit() };
        let expected = format!("{:?}", a + b);
        assert_eq!(trial.apply(&selector, &commit).await, sum("n", expected), "{a:?} + {b:?} as f64");
    }
    for (a, b) in [(0.1_f32, 0.2_f32), (16_777_216.0, 1.0), (3.0, 0.14)] {
        let selector = trial.filed(&[("n", &format!("{a:?}"))]).await;
        let commit = Commit { fields: vec![add("n", b)], ..trial.commit() };
        let expected = format!("{:?}", a + b);
        assert_eq!(trial.apply(&selector, &commit).await, sum("n", expected), "{a:?} + {b:?} as f32");
    }
    let selector = trial.filed(&[("double", "1e308"), ("single", "3e38")]).await;
    for (key, op) in [("double", add("double", 1e308_f64)), ("single", add("single", 3e38_f32))] {
        let applied = trial.apply(&selector, &Commit { fields: vec![op], ..trial.commit() }).await;
        assert_eq!(applied, overflow(key), "a sum that is not finite");
    }
}

/// One addition that is refused takes the others of its commit with it.
pub async fn additions_of_one_commit_stand_or_fall_together<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("a", "1"), ("b", "255"), ("c", "3")]).await;
    let before = trial.stored(&selector).await;
    let commit = Commit { fields: vec![add("a", 1_u8), add("b", 1_u8), add("c", 1_u8)], ..trial.commit() };
    assert_eq!(trial.apply(&selector, &commit).await, overflow("b"));
    assert_eq!(trial.load(&selector).await, Some(before), "a refused commit added something");
    let commit =
        Commit { fields: vec![add("a", 1_u8), subtract("b", 1_u8), add("c", 1_u8)], ..trial.commit() };
    let applied = trial.apply(&selector, &commit).await;
    assert!(matches!(&applied, Applied::Stored(sums) if sums.len() == 3), "three sums, not {applied:?}");
}
