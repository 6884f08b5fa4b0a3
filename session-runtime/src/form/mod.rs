//! What a form is, without a session: what was typed, what is wrong with it, and what of it may be kept. Pure.
//!
//! `name` takes names of fields apart, `input` holds what came, `select` and `filter` choose from it, `old` is what was
//! kept, `errors` are the messages, and `into_errors` (with `validator` and `garde`) what they are made from.

mod errors;
mod filter;
#[cfg(feature = "garde")]
mod garde;
mod input;
mod into_errors;
mod name;
mod old;
mod select;
#[cfg(feature = "validator")]
mod validator;

pub use self::errors::Errors;
pub use self::filter::InputFilter;
pub use self::input::Input;
pub use self::into_errors::{IntoErrors, Messages};
pub use self::old::OldInput;
pub(crate) use self::select::{omit, pick};
