//! Swaps: a field is replaced only if it reads, to the byte, what the change was computed from.

use crate::driver::Driver;
use crate::record::{Applied, Commit};

use super::fixtures::{conflict, set, swap, text};
use super::trial::Trial;

/// A swap against what is stored, or against absence, is stored; one that takes the field away too.
pub async fn a_swap_against_what_is_there_is_stored<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("keep", "0")]).await;
    let steps = [
        (None, None),
        (None, Some("[1]")),
        (Some("[1]"), Some("[1,2]")),
        (Some("[1,2]"), Some("[1,2]")),
        (Some("[1,2]"), Some("null")),
        (Some("null"), None),
        (None, Some("\"again\"")),
    ];
    for (expected, new) in steps {
        let commit = Commit { fields: vec![swap("a", expected, new)], ..trial.commit() };
        let applied = trial.apply(&selector, &commit).await;
        assert_eq!(applied, Applied::Stored(Vec::new()), "a swap of {expected:?} for {new:?}");
        assert_eq!(text(&trial.stored(&selector).await, "a"), new, "after a swap of {expected:?}");
    }
}

/// A swap against anything else is a conflict by name, and takes its whole commit with it.
pub async fn a_swap_against_anything_else_is_a_conflict<D: Driver>(trial: &Trial<D>) {
    let cases = [
        (Some("1"), Some("2")),
        (Some("1"), None),
        (None, Some("1")),
        (Some("null"), None),
        (Some("1"), Some("1.0")),
        (Some("{\"a\":1}"), Some("{\"a\": 1}")),
        (Some("\"\u{e9}\""), Some("\"e\u{301}\"")),
        (Some("\"a\""), Some("\"A\"")),
        (Some("\"a\""), Some("\"\\u0061\"")),
    ];
    for (stored, expected) in cases {
        let present = stored.map(|text| ("a", text));
        let selector = trial.filed(&present.into_iter().chain([("keep", "0")]).collect::<Vec<_>>()).await;
        for new in [Some("9"), None] {
            let fields = vec![set("keep", "1"), swap("a", expected, new), set("z", "1")];
            let applied = trial.apply(&selector, &Commit { fields, ..trial.commit() }).await;
            assert_eq!(applied, conflict("a"), "stored {stored:?}, expected {expected:?}");
            let record = trial.stored(&selector).await;
            let seen = (text(&record, "a"), text(&record, "keep"), text(&record, "z"));
            assert_eq!(seen, (stored, Some("0"), None), "a conflict left something behind");
        }
    }
}

/// Of two swaps computed from one text the second one conflicts.
pub async fn the_second_of_two_swaps_conflicts<D: Driver>(trial: &Trial<D>) {
    let selector = trial.filed(&[("cart", "[]")]).await;
    let buy = |what: &str| Commit { fields: vec![swap("cart", Some("[]"), Some(what))], ..trial.commit() };
    trial.store(&selector, &buy("[\"tea\"]")).await;
    assert_eq!(trial.apply(&selector, &buy("[\"milk\"]")).await, conflict("cart"));
    assert_eq!(text(&trial.stored(&selector).await, "cart"), Some("[\"tea\"]"));
}
