//! Every message of the derive, as the compiler shows it: `ui/<mistake>/<case>.rs` with its `.stderr`.
//!
//! After a change of wording: `TRYBUILD=overwrite cargo test -p session-tests --test ui`, then read the diff.

#[test]
fn every_mistake_has_its_message() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}
