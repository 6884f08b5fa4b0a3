//! From what was written to what it means: every rule of a schema is here, and every breach is collected.

mod conflicts;
mod durations;
mod field;
mod flash;
mod keys;
mod names;
mod renaming;
mod schema;
mod shape;
mod types;

pub(crate) use names::{fields_ident, runtime};
pub(crate) use schema::lower;
pub(crate) use types::{text_of, without_self};
