//! Typed HTTP sessions.

#[doc(hidden)]
pub mod __private;
mod clock;
mod config;
mod driver;
mod engine;
mod error;
mod plan;
mod random;
pub mod record;
mod schema;
mod service;
mod session;
mod sessions;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
mod value;

pub use self::clock::{Clock, SystemClock, Timestamp};
pub use self::config::{Activity, ConfigError, CookieConfig, SameSite, Settings, Start};
pub use self::engine::CommitFuture;
pub use self::error::{PathFault, SessionError};
pub use self::plan::Outcome;
pub use self::random::{RandomError, RandomSource, SystemRandom};
pub use self::schema::{FieldInfo, FieldKind, OnMismatch};
#[cfg(feature = "axum")]
pub use self::service::ReadOnly;
#[cfg(feature = "tower")]
pub use self::service::SessionLayer;
pub use self::service::{DefaultFailure, Failure, ResponseFuture, SessionService};
pub use self::session::{
    Direct, FlashMessages, FlashSlot, IntoValue, Load, Number, Numeric, PrincipalSlot, Session,
    SessionSchema, SessionSource, Slot, Untyped, UntypedSession,
};
pub use self::sessions::{Builder, Sessions, SweeperHandle};
pub use self::token::{ParseTokenError, Selector, Token, VerifierHash};
pub use self::value::{JsonFault, JsonFaultKind, JsonText, Key};
#[cfg(feature = "derive")]
pub use session_derive::SessionSchema;

/// Where records live: the contract of a driver, and the drivers of this crate.
pub mod drivers {
    pub use crate::driver::{Applicability, BoxError, Created, Driver, DriverError, Members, Owner};
    #[cfg(feature = "memory")]
    pub use crate::driver::{MemoryBounds, MemoryDriver};
}
