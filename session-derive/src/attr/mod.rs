//! What was written in `#[session(..)]`: values with the spans of their keys, judged for form only.

mod container;
mod field;
mod flash;
mod list;
mod readers;
mod schema;
mod setting;
mod words;

pub(crate) use container::ContainerAttrs;
pub(crate) use field::{DefaultWritten, FieldAttrs};
pub(crate) use flash::FlashWritten;
pub(crate) use schema::{FieldWritten, SchemaWritten};
pub(crate) use words::{ContainerKey, FieldKey, Key};
