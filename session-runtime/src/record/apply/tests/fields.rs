//! Field by field.

use super::*;

/// What becomes of a field under one operation.
enum Comes {
    To(Option<&'static str>),
    Sum(&'static str),
    Conflict,
    NotANumber,
    Overflow,
}

#[test]
fn each_operation_on_what_is_there() {
    use Comes::{Conflict, NotANumber, Overflow, Sum, To};
    let rows = [
        ("set on nothing", None, set("2"), To(Some("2"))),
        ("set on a value", Some("1"), set("2"), To(Some("2"))),
        ("set on null", Some("null"), set("2"), To(Some("2"))),
        ("set to null", Some("1"), set("null"), To(Some("null"))),
        ("remove of nothing", None, FieldOp::Remove, To(None)),
        ("remove of a value", Some("1"), FieldOp::Remove, To(None)),
        ("remove of null", Some("null"), FieldOp::Remove, To(None)),
        ("add to nothing", None, add(5), Sum("15")),
        ("add to null", Some("null"), add(5), Sum("15")),
        ("add to a number", Some("1"), add(5), Sum("6")),
        ("add up to the bound", Some("250"), add(5), Sum("255")),
        ("add over the bound", Some("250"), add(6), Overflow),
        ("add nothing", Some("0"), add(0), Sum("0")),
        ("subtract down to the bound", Some("5"), add(-5), Sum("0")),
        ("subtract below the bound", Some("5"), add(-6), Overflow),
        ("add to text", Some("\"1\""), add(5), NotANumber),
        ("add to a float", Some("1.0"), add(5), NotANumber),
        ("swap of nothing for a value", None, swap(None, Some("2")), To(Some("2"))),
        ("swap of nothing for nothing", None, swap(None, None), To(None)),
        ("swap of a value", Some("1"), swap(Some("1"), Some("2")), To(Some("2"))),
        ("swap of a value for nothing", Some("1"), swap(Some("1"), None), To(None)),
        ("swap of null", Some("null"), swap(Some("null"), Some("2")), To(Some("2"))),
        ("swap of a value that is gone", None, swap(Some("1"), Some("2")), Conflict),
        ("swap of a value that has come", Some("1"), swap(None, Some("2")), Conflict),
        ("swap of another value", Some("1"), swap(Some("3"), Some("2")), Conflict),
        ("swap of null against absence", Some("null"), swap(None, Some("2")), Conflict),
        ("swap of the same value in other words", Some("[1]"), swap(Some("[1 ]"), None), Conflict),
        ("swap of a value that is already new", Some("2"), swap(Some("1"), Some("2")), Conflict),
    ];
    for (name, before, op, comes) in rows {
        // A second field keeps the record from being emptied, and shows that it is left alone.
        let fields: Vec<_> = before.map(|text| ("a", text)).into_iter().chain([("z", "[0]")]).collect();
        let verdict = plain(&fields).apply(&changing(vec![change("a", op)]));
        let key = Key::from("a");
        match comes {
            Conflict => assert_eq!(verdict, refused(Refusal::Conflict { key }), "{name}"),
            NotANumber => assert_eq!(verdict, refused(Refusal::NotANumber { key }), "{name}"),
            Overflow => assert_eq!(verdict, refused(Refusal::Overflow { key }), "{name}"),
            To(text) => assert_stored(name, verdict, text, &[]),
            Sum(text) => assert_stored(name, verdict, Some(text), &[(key, json(text))]),
        }
    }
}

fn assert_stored(name: &str, verdict: Verdict, text: Option<&str>, sums: &[(Key, JsonText)]) {
    let (record, summed) = stored(verdict);
    let expected: Vec<_> = text.map(|text| ("a", text)).into_iter().chain([("z", "[0]")]).collect();
    assert_eq!(texts(&record), expected, "{name}");
    assert_eq!(summed, sums, "{name}: sums");
    assert_eq!(record.metadata(), &metadata(), "{name}: metadata");
}

#[test]
fn sums_come_in_the_order_of_the_commit() {
    let commit = changing(vec![change("z", add(1)), change("a", set("1")), change("b", add(2))]);
    let (record, sums) = stored(plain(&[("b", "5")]).apply(&commit));
    assert_eq!(sums, [("z".into(), json("11")), ("b".into(), json("7"))]);
    assert_eq!(texts(&record), [("a", "1"), ("b", "7"), ("z", "11")]);
}

#[test]
fn clear_comes_first_whatever_follows() {
    let fields = vec![change("b", add(1)), change("c", swap(None, Some("3"))), change("d", FieldOp::Remove)];
    let commit = Commit { clear: true, ..changing(fields) };
    let before = record(&[("a", "1"), ("b", "200"), ("c", "1"), ("d", "1")], true, None);
    let after = after(&before, &commit);
    assert_eq!(texts(&after), [("b", "11"), ("c", "3")]);
    assert_eq!(after.flash(), before.flash(), "flash is no field");
    let stale = Commit { clear: true, ..changing(vec![change("c", swap(Some("1"), Some("3")))]) };
    assert_eq!(before.apply(&stale), refused(Refusal::Conflict { key: "c".into() }));
}

#[test]
fn operations_on_one_key_follow_one_another() {
    let fields = vec![change("a", set("1")), change("a", add(2)), change("a", swap(Some("3"), Some("4")))];
    let (record, sums) = stored(plain(&[]).apply(&changing(fields)));
    assert_eq!((texts(&record), sums), (vec![("a", "4")], vec![("a".into(), json("3"))]));
}

#[test]
fn the_class_of_a_field_is_kept_unless_it_is_said() {
    let ops = || [set("2"), add(1), swap(Some("1"), Some("2"))];
    for (stored_class, said, expected) in [
        (false, None, false),
        (false, Some(true), true),
        (false, Some(false), false),
        (true, None, true),
        (true, Some(true), true),
        (true, Some(false), false),
    ] {
        for op in ops() {
            let name = format!("{stored_class} {said:?} {op:?}");
            let fields = Fields::from([("a".into(), field("1", stored_class))]);
            let before = Record::new(metadata(), fields, Vec::new());
            let commit = changing(vec![FieldChange { survives_logout: said, ..change("a", op) }]);
            assert_eq!(class(&after(&before, &commit)), expected, "{name}");
        }
    }
    for (said, expected) in [(None, false), (Some(true), true), (Some(false), false)] {
        for op in [set("2"), add(1), swap(None, Some("2"))] {
            let commit = changing(vec![FieldChange { survives_logout: said, ..change("a", op) }]);
            assert_eq!(class(&after(&plain(&[]), &commit)), expected, "of a new field: {said:?}");
        }
    }
}

fn class(record: &Record) -> bool {
    record.field("a").unwrap().survives_logout
}

#[test]
fn a_field_that_was_cleared_is_stored_in_the_class_of_a_new_one() {
    let fields = Fields::from([("a".into(), field("1", true))]);
    let before = Record::new(metadata(), fields, Vec::new());
    let commit = Commit { clear: true, ..changing(vec![change("a", set("2"))]) };
    assert!(!class(&after(&before, &commit)));
}

#[test]
fn fields_that_are_not_named_stay_as_they_are() {
    let before = plain(&[("a", "1"), ("b", "{ \"odd\" :[ ]}"), ("\u{0}", "null")]);
    let after = after(&before, &changing(vec![change("a", set("2")), change("c", FieldOp::Remove)]));
    assert_eq!(texts(&after), [("\u{0}", "null"), ("a", "2"), ("b", "{ \"odd\" :[ ]}")]);
}
