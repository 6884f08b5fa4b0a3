//! The derive in unfriendly surroundings. That this file compiles is most of the proof: every warning is an error.

#![deny(warnings, unused, missing_debug_implementations, unreachable_pub, unused_qualifications)]

#[path = "hygiene/conditions.rs"]
mod conditions;
#[path = "hygiene/defaults.rs"]
mod defaults;
#[path = "hygiene/disjoint.rs"]
mod disjoint;
#[path = "hygiene/from_macro.rs"]
mod from_macro;
#[path = "hygiene/names.rs"]
mod names;
#[path = "hygiene/no_prelude.rs"]
mod no_prelude;
#[path = "hygiene/renamed.rs"]
mod renamed;
#[path = "hygiene/shadowed.rs"]
mod shadowed;
#[path = "hygiene/unread.rs"]
mod unread;
#[path = "hygiene/visibility.rs"]
mod visibility;

use session_runtime::SessionSchema;

/// Names and keys of a schema's fields, in order.
fn keys<S: SessionSchema>() -> Vec<(&'static str, &'static str)> {
    S::FIELDS.iter().map(|field| (field.name, field.key)).collect()
}
