//! What is stored for one session, and how a commit changes it.
//!
//! `parts` holds the pieces, `stored` the whole, `number` the arithmetic on decimal text, `change` what a commit
//! says, `apply` the one pure function that carries it out, `document` a record as text.

mod apply;
mod change;
mod document;
mod number;
mod parts;
mod stored;

pub use self::apply::Verdict;
pub use self::change::{Applied, Commit, FieldChange, FieldOp, FlashChange, Refusal, Rotation};
pub use self::document::DocumentError;
pub use self::number::{Addition, NumberFault};
pub(crate) use self::number::{Float, Integer, IntegerBounds};
pub use self::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, PrincipalKey, Superseded};
#[cfg(feature = "redis")]
pub(crate) use self::stored::ENTRY_BYTES;
pub use self::stored::Record;
pub(crate) use self::stored::Standing;
