//! From the decided schema to code; nothing here can fail. One file per produced item.

mod accessor;
mod definition;
mod docs;
mod fields_type;
mod principal;
mod schema;
mod snapshot;
mod stub;

pub(crate) use schema::schema;
pub(crate) use stub::stub;
