//! Secrets that are renewed now and then: nobody is signed out by it, and an old copy of the cookie opens nothing.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod renewal {
    mod phases;
    mod privilege;
    mod races;
    mod stage;
    mod theft;
}
