//! What one request knows of its session and did to it: the single door to mutation.
//!
//! `base` is what was loaded, `pending` one field's recorded operations, `changes` all that the request recorded,
//! `seldom` what few requests say, `ground` the two together, `csrf` what is known of the tokens of forms, `request` the
//! state of the whole request. Nothing here awaits, and no code of the application runs in here but the steps of an update,
//! which the callers run without a lock.

mod base;
mod changes;
mod csrf;
mod fate;
mod ground;
mod pending;
mod request;
mod secret;
mod seldom;

pub(crate) use self::base::{Base, Ending, Loss, Stored};
pub(crate) use self::changes::{Changes, Privilege};
pub(crate) use self::csrf::{CookieLines, Visitor, VisitorCookie};
pub use self::fate::Fate;
pub(crate) use self::ground::Ground;
pub(crate) use self::pending::{Op, Step};
pub(crate) use self::request::{Access, CookieChange, Phase, RequestState, Turn};
pub(crate) use self::secret::SecretDue;
pub(crate) use self::seldom::{Credentials, Lifespan, Seldom};
