//! Forms that other sites have browsers send: what is refused, what passes, and what it costs visitors who only read.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed step is a failed story"
)]

mod csrf {
    mod axum;
    mod bodies;
    mod files;
    mod origin;
    mod site;
    mod tokens;
    mod visitors;
    mod wire;
}
