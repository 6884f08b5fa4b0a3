//! Refuses requests that other sites have browsers send. In: a request of an unsafe method. Out: the same one, or why not.
//!
//! `origin` judges what the browser says of where it comes from, `field` finds the token in a form (`multipart` in one with
//! files), `body` gives a form that was read to the handler once more. `rules` ask them in turn, `guard` is how they are
//! set, `refusal` is their no. `service` and `tower` are what stands around a handler, `future` drives it.

mod body;
mod field;
mod future;
mod guard;
#[cfg(feature = "multipart")]
mod multipart;
mod origin;
mod refusal;
mod rules;
mod service;
#[cfg(feature = "tower")]
mod tower;

pub use self::body::GuardedBody;
pub use self::future::CsrfFuture;
pub use self::guard::CsrfGuard;
pub use self::origin::OriginError;
pub use self::refusal::{CsrfFault, CsrfRefusal, DefaultRefusal, Refuse};
pub use self::service::CsrfService;
#[cfg(feature = "tower")]
pub use self::tower::CsrfLayer;
