//! What happens to sessions, told to whoever watches them: an [`Observer`] of the application, and `tracing`.
//!
//! `kind` says what can happen and by which names, `event` is one of it, `teller` tells it, `patience` keeps strangers
//! from filling a log.

mod event;
mod kind;
mod patience;
mod teller;

pub use self::event::{Event, Observer, PrincipalTag};
pub use self::kind::{EventKind, Reason};
pub(crate) use self::teller::{About, Teller};
