//! What is stored for one session, and how a commit changes it.
//!
//! `parts` holds the pieces, `fields` those that applications name, `stored` the whole, `number` the arithmetic on decimal
//! text, `change` what a commit says and `session_change` what few of them do, `apply` the one pure function that carries it
//! out, `document` a record as text, `packed` as few bytes; `csrf_key` is what the tokens of forms are made from. `more` holds
//! what few sessions have: the `device` of a login, a fingerprint of its `credential`, and the `renewal` of the secret.

mod apply;
mod change;
mod credential;
mod csrf_key;
mod device;
mod document;
mod fields;
mod more;
mod number;
mod packed;
mod parts;
mod renewal;
mod session_change;
mod stored;

pub use self::apply::Verdict;
pub use self::change::{Applied, Commit, FieldChange, FieldOp, FlashChange, NewFlash, Refusal};
pub use self::credential::{CredentialChange, CredentialMark};
pub use self::csrf_key::CsrfKey;
pub use self::device::DeviceFacts;
pub use self::document::DocumentError;
pub use self::fields::Fields;
pub use self::more::More;
pub use self::number::{Addition, NumberFault};
pub(crate) use self::number::{Float, Integer, IntegerBounds};
pub(crate) use self::packed::Packed;
pub use self::parts::{Deadlines, Field, FlashEntry, Metadata, Principal, PrincipalKey, Superseded};
pub use self::renewal::Renewal;
pub use self::session_change::{Confirmation, Lifetime, Rotation, SessionChange};
pub use self::stored::Record;
pub(crate) use self::stored::{BASE_BYTES, ENTRY_BYTES, Standing};

#[cfg(test)]
pub(crate) mod tests;
