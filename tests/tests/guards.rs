//! Guards: who passes, what the others are answered, and how they come back, on hyper and on axum.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod guards {
    mod on_axum;
    mod recently;
    mod signed_in;
    mod site;
}
