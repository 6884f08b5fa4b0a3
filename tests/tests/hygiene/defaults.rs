//! Defaults of every form: expressions see the module of the schema, `Self` is the schema.

use session_runtime::{SessionSchema, UntypedSession};
use std::borrow::Cow;
use std::collections::HashMap;

const INFO: u64 = 11;

#[derive(SessionSchema)]
struct Defaults {
    of_type: u64,
    #[session(default)]
    declared: Vec<u8>,
    #[session(default = "light")]
    text: String,
    #[session(default = "light")]
    optional_text: Option<String>,
    #[session(default = "light")]
    borrowed_text: Cow<'static, str>,
    #[session(default = INFO + 1, secret)]
    from_module: u64,
    #[session(default = Self::START)]
    from_schema: u64,
    #[session(default = HashMap::<String, u8>::from([("a".to_owned(), 1)]), survives_logout)]
    with_commas: HashMap<String, u8>,
    #[session(default = [1, 2, 3].iter().map(|n| n * 2).collect())]
    with_closure: Vec<u8>,
    #[session(default = if INFO > 10 { Some(1) } else { None })]
    with_branches: Option<u8>,
    #[session(default = { INFO })]
    in_braces: u64,
    #[session(default = -1)]
    negative: i8,
    #[session(default = Vec::new())]
    by_call: Vec<u8>,
    #[session(default = "light".to_uppercase())]
    by_method: String,
    #[session(default = { 0..5 })]
    range: std::ops::Range<u8>,
    #[session(default = 'a')]
    letter: char,
    children: Vec<Vec<<Self as Measured>::Unit>>,
}

trait Measured {
    type Unit;
}

impl Measured for Defaults {
    type Unit = u16;
}

impl Defaults {
    const START: u64 = 7;
}

#[test]
fn declared_defaults_are_marked() {
    let marked: Vec<_> =
        Defaults::FIELDS.iter().filter(|field| !field.has_default).map(|field| field.name).collect();
    assert_eq!(marked, ["of_type", "children"]);
}

#[test]
fn the_text_of_a_type_is_readable() {
    let texts: Vec<_> = Defaults::FIELDS.iter().map(|field| field.type_text).collect();
    assert!(texts.contains(&"HashMap<String, u8>") && texts.contains(&"Cow<'static, str>"));
    assert!(texts.contains(&"Vec<Vec<<Defaults as Measured>::Unit>>"));
}

#[expect(dead_code, reason = "compiling it is the test")]
fn a_whole_schema_goes_in_and_out(session: &UntypedSession) -> Result<(), session_runtime::SessionError> {
    session.fill(session.snapshot::<Defaults>()?)
}
