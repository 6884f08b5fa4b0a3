//! A schema that is used as a type and never as a value: no field is read, no accessor called, and nothing is dead.

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
}

#[derive(SessionSchema)]
struct Nothing {}

#[test]
fn a_schema_is_alive_by_being_named() {
    let accepts = |_: &dyn Fn(Session<Shop>, Session<Nothing>)| ();
    accepts(&|_, _| ());
    assert_eq!(Shop::FIELDS.len(), 4);
    assert!(Nothing::FIELDS.is_empty());
}
