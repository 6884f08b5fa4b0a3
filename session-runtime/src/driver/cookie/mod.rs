//! Sessions without a store: the browser carries them, sealed.
//!
//! `cookie_driver` is the choice of keys, limit and revocation; `revocation` what can be kept of ended sessions,
//! `nothing` the store where nothing is.

mod cookie_driver;
mod nothing;
mod revocation;

pub use self::cookie_driver::CookieDriver;
pub(crate) use self::cookie_driver::MOST_BYTES;
pub(crate) use self::nothing::Nothing;
pub use self::revocation::{Revocation, RevocationStore};
