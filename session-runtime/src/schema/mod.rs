//! What a schema says about its fields, and what the generated code defines its slots by.

mod bounds;
mod definition;
mod disjoint;
mod info;

pub use bounds::{FromText, SessionDefault, SessionOption, SessionValue, default_of, default_text};
pub use definition::{FieldDef, FlashDef, PrincipalDef, field, flash, principal};
pub use disjoint::Clash;
pub use info::{FieldInfo, FieldKind, OnMismatch};
