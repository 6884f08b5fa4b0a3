//! The session around a handler: hyper first, tower and axum behind features.
//!
//! `head` writes cookie and cache headers, `failure` answers for what failed, `future` drives a request from handler
//! to commit, `service` wraps hyper, `tower` and `axum` the others.

#[cfg(feature = "axum")]
mod axum;
mod failure;
mod future;
pub(crate) mod head;
mod hyper;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "axum")]
pub use self::axum::{Csrf, Flash, Passive};
pub use self::failure::{DefaultFailure, Failure};
pub use self::future::ResponseFuture;
pub use self::hyper::SessionService;
#[cfg(feature = "tower")]
pub use self::tower::SessionLayer;
