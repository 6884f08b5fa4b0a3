//! Sealing: authenticated encryption of what a browser carries, under keys that can be replaced at run time.
//!
//! `key` is one secret, `key_ring` those in use, `sealed` the format of a sealed text, `text` its characters.

mod key;
mod key_ring;
mod sealed;
mod text;

pub use self::key::{Key as SealKey, KeyError, KeyId};
pub use self::key_ring::KeyRing;
pub(crate) use self::sealed::{Opened, Purpose};
