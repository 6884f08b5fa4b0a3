//! What is stored for one session, and how a commit changes it.
//!
//! `parts` holds the pieces, `fields` those that applications name, `stored` the whole, `number` the arithmetic on decimal
//! text, `change` what a commit says, `apply` the one pure function that carries it out, `document` a record as text,
//! `packed` as few bytes; `csrf_key` is what the tokens of forms are made from.

mod apply;
mod change;
mod csrf_key;
mod document;
mod fields;
mod number;
mod packed;
mod parts;
mod stored;

pub use self::apply::Verdict;
pub use self::change::{Applied, Commit, FieldChange, FieldOp, FlashChange, NewFlash, Refusal, Rotation};
pub use self::csrf_key::CsrfKey;
pub use self::document::DocumentError;
pub use self::fields::Fields;
pub use self::number::{Addition, NumberFault};
pub(crate) use self::number::{Float, Integer, IntegerBounds};
pub(crate) use self::packed::Packed;
pub use self::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, PrincipalKey, Superseded};
pub use self::stored::Record;
pub(crate) use self::stored::{BASE_BYTES, ENTRY_BYTES, Standing};

#[cfg(test)]
pub(crate) mod tests {
    pub(crate) use super::document::tests::arbitrary_record;
}
