//! A schema that is used as a type and never as a value: no field is read, no accessor called, and nothing is dead.

use std::time::Duration;

use session_runtime::{Session, SessionSchema};

#[derive(SessionSchema)]
struct Shop {
    #[session(principal)]
    user: Option<u64>,
    #[session(default = "light", survives_logout)]
    theme: String,
    views: u64,
    #[session(flash)]
    notice: Option<String>,
    #[session(flash(until_read, max_age = "10m", max_bytes = 2048))]
    export: Option<String>,
}

#[derive(SessionSchema)]
struct Nothing {}

#[test]
fn a_schema_is_alive_by_being_named() {
    let accepts = |_: &dyn Fn(Session<Shop>, Session<Nothing>)| ();
    accepts(&|_, _| ());
    assert_eq!(Shop::FIELDS.len(), 5);
    assert!(Nothing::FIELDS.is_empty());
}

#[test]
fn how_long_flash_waits_and_how_long_it_is_are_facts_of_the_schema() {
    let facts = |key: &str| {
        let field = Shop::FIELDS.iter().find(|field| field.key == key);
        field.map(|field| (field.waits, field.max_bytes))
    };
    assert_eq!(facts("export"), Some((Some(Duration::from_secs(600)), Some(2_048))));
    assert_eq!(facts("notice"), Some((None, None)));
    assert_eq!(facts("views"), Some((None, None)));
}
