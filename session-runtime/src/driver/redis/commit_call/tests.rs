use std::time::Duration;

use super::*;
use crate::record::{Addition, FlashChange, Integer, IntegerBounds, Principal, Rotation};
use crate::token::VerifierHash;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

fn json(text: &str) -> JsonText {
    JsonText::trusted(text)
}

fn change(key: &str, survives_logout: Option<bool>, op: FieldOp) -> FieldChange {
    FieldChange { key: Key::from(key), survives_logout, op }
}

fn add_integer() -> FieldOp {
    let bounds = IntegerBounds { below: 128, above: 127 };
    FieldOp::Add(Addition::integer(Integer::new(true, 3), Integer::new(false, 10), bounds))
}

fn add_float() -> FieldOp {
    let [amount, start] = [0.5, 0.0].map(crate::record::Float::Double);
    FieldOp::Add(Addition::float(amount, start))
}

/// The arguments after time, epoch and largest size.
fn arguments(commit: &Commit, computed: &[Computed]) -> Vec<String> {
    let mut command = Cmd::new();
    CommitCall { commit, now: at(900), computed }.arguments(&mut command);
    let argument = |argument: redis::Arg<&[u8]>| match argument {
        redis::Arg::Simple(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        _ => panic!("an argument that is no text"),
    };
    let arguments: Vec<String> = command.args_iter().map(argument).collect();
    assert_eq!(arguments.get(..3).unwrap(), ["1000", "7", "64"]);
    arguments.get(3..).unwrap().to_vec()
}

fn commit() -> Commit {
    Commit { max_bytes: 64, ..Commit::unchanged(7, at(1_000)) }
}

#[test]
fn a_commit_without_changes_is_five_arguments() {
    assert_eq!(arguments(&commit(), &[]), ["", "0"]);
}

#[test]
fn each_operation_has_its_words() {
    let swap = FieldOp::Swap { expected: None, new: Some(json("2")) };
    let removal = FieldOp::Swap { expected: Some(json("1")), new: None };
    let fields = vec![
        change("a", None, FieldOp::Set(json("1"))),
        change("b", Some(false), FieldOp::Set(json("1"))),
        change("c", Some(true), add_integer()),
        change("d", None, FieldOp::Remove),
        change("e", Some(true), swap),
        change("g", None, removal),
    ];
    let expected = "e 6 S a 1 Sf b 1 Ak c -3_10_128_127 S d . Wk e 2 . W g . 1";
    let words: Vec<String> = arguments(&Commit { fields, ..commit() }, &[])
        .into_iter()
        .map(|word| if word.is_empty() { ".".to_owned() } else { word.replace(' ', "_") })
        .collect();
    assert_eq!(words.join(" "), expected);
}

#[test]
fn a_sum_of_floats_is_swapped_for_what_it_was_computed_from() {
    let fields = vec![change("n", None, add_integer()), change("x", None, add_float())];
    let computed = [Computed { expected: Some(json("1.0")), sum: json("1.5") }];
    let words = arguments(&Commit { fields: fields.clone(), ..commit() }, &computed);
    assert_eq!(words, ["", "2", "A", "n", "-3 10 128 127", "W", "x", "1.5", "1.0"]);
    let commit = Commit { fields, ..commit() };
    let call = CommitCall { commit: &commit, now: at(900), computed: &computed };
    let text = |text: &str| Value::BulkString(text.into());
    let answer = call.answer(&Value::Array(vec![text("stored"), text("7")]));
    let sums = vec![(Key::from("n"), json("7")), (Key::from("x"), json("1.5"))];
    assert_eq!(
        answer.unwrap(),
        Answer::Applied(Applied::Stored(sums)),
        "the sums in the order of the commit"
    );
    let overtaken = call.answer(&Value::Array(vec![text("conflict"), Value::Int(1)]));
    assert_eq!(overtaken.unwrap(), Answer::Overtaken);
    let conflict = call.answer(&Value::Array(vec![text("overflow"), Value::Int(0)]));
    let overflow = Applied::Refused(Refusal::Overflow { key: Key::from("n") });
    assert_eq!(conflict.unwrap(), Answer::Applied(overflow));
}

#[test]
fn flash_privilege_and_touch_follow_the_changes() {
    let commit = Commit {
        clear: true,
        flash: FlashChange { put: vec![(Key::from("k"), json("\"v\""))], consume: vec![3, 4] },
        rotation: Some(Rotation {
            verifier: VerifierHash::from_bytes([0; 32]),
            grace: Duration::from_secs(1),
        }),
        login: Some(Principal::new(json("42"))),
        authenticated: true,
        idle_until: Some(at(5_000)),
        ..commit()
    };
    let key = Principal::new(json("42")).key().to_string();
    let verifier = "A".repeat(43);
    let expected = [
        "cexpt", "0", "2", "3", "4", "60", "1", "1:k\"v\"", "8", &verifier, "2000", &key, "42", "1000",
        "5000", "900",
    ];
    assert_eq!(arguments(&commit, &[]), expected);
}

#[test]
fn an_answer_that_nobody_knows_is_an_error() {
    let commit = commit();
    let call = CommitCall { commit: &commit, now: at(900), computed: &[] };
    let text = |text: &str| Value::BulkString(text.into());
    let answers = [
        Value::Nil,
        Value::Int(1),
        text("fine"),
        Value::Array(vec![text("conflict"), Value::Int(0)]),
        Value::Array(vec![]),
        Value::Array(vec![text("gone"), Value::Int(0)]),
    ];
    for answer in answers {
        assert!(call.answer(&answer).is_err(), "{answer:?}");
    }
    assert!(matches!(call.answer(&text("corrupt")), Err(DriverError::Corrupt { .. })));
}
