//! Stories of pages: what templates see of a session, in minijinja and in askama.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed step is a failed story")]

mod views {
    mod html;
    mod injection;
    mod lifetimes;
    mod site;
    mod templates;
}
