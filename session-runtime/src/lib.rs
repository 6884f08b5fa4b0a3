//! Typed HTTP sessions for hyper, tower and axum.
//!
//! A struct with `#[derive(SessionSchema)]` becomes a session: typed slots, counters that add up, flash for the next
//! request, login and logout. The service around the handlers loads it lazily and commits it atomically, before the
//! response head is released.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use hyper::service::service_fn;
//! use session_runtime::drivers::MemoryDriver;
//! use session_runtime::{Session, SessionError, SessionSchema, Sessions};
//!
//! #[derive(SessionSchema)]
//! struct Shop {
//!     #[session(principal)]
//!     user: Option<u64>,
//!     #[session(default = "light", survives_logout)]
//!     theme: String,
//!     views: u64,
//!     cart: Vec<String>,
//!     #[session(flash)]
//!     notice: Option<String>,
//! }
//!
//! async fn add(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, SessionError> {
//!     let session = Session::<Shop>::load(&request).await?; // one read, shared by the whole request
//!     let views = session.views().increment()?; // an addition in the store: never lost
//!     session.cart().update(|cart| cart.push("tea".to_owned()))?; // replayed if someone else was faster
//!     session.notice().flash("Added.")?; // for the next request only
//!     Ok(Response::new(Full::from(format!("view {views}"))))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sessions = Sessions::builder(MemoryDriver::new()).build()?;
//! let service = sessions.service(service_fn(add)); // hand it to hyper
//! # let response = hyper::service::Service::call(&service, Request::new(Full::default())).await?;
//! # assert!(response.headers().contains_key("set-cookie"));
//! # Ok(())
//! # }
//! ```
//!
//! # What happens to a session, step by step
//!
//! 1. **No session before the first write.** A visitor who only reads gets neither a cookie nor a record.
//! 2. **The cookie** is `__Host-id`, `Secure`, `HttpOnly`, `SameSite=Lax`, `Path=/`. It carries a selector, which
//!    names the record and is not secret, and a verifier, which proves possession; 128 random bits each. Of the
//!    verifier only a SHA-256 is stored, so that a dump of the store opens no session, and it is compared in constant
//!    time.
//! 3. **What is not ours is no session.** An unknown, malformed, expired or mismatching token reads as an empty
//!    session. It never becomes one, and never deletes or keeps alive one.
//! 4. **A commit is a delta**, applied in one atomic step under the privilege it was loaded with, or not at all:
//!    fields that the request did not touch are not written, `increment` adds in the store, `update` is a
//!    compare-and-swap that is replayed. There is no upsert: a request that comes after a logout brings nothing back.
//! 5. **A change of privilege** (login, elevation, `regenerate`) replaces the verifier in place. For a minute the old
//!    one reads as an empty session whose writes are dropped, so that a slow request cannot take the new cookie away;
//!    after that it is a stranger's.
//! 6. **A logout, and a login as somebody else, destroy the record** and start a new one under a new selector, with
//!    only the fields that survive a logout.
//! 7. **The response** says `Vary: Cookie` when the session was asked for, `Cache-Control: private` when there was
//!    one, and `no-store` when it sets the cookie.
//! 8. **A failure is not a logout.** A store that is away is a 503, and the cookie stays. A 5xx or a handler error
//!    keeps endings only; a panic keeps nothing.
//!
//! Writes after the head was released (in a streaming body) are refused with [`SessionError::Committed`]. A request
//! that is dropped before its handler has answered commits nothing; a commit that has begun runs to its end, and
//! [`Sessions::drained`] waits for it at shutdown.
//!
//! # Drivers
//!
//! | driver | atomic by | survives | for |
//! |---|---|---|---|
//! | [`MemoryDriver`](drivers::MemoryDriver) | a lock per entry | nothing | development, tests, one process |
//! | [`CookieDriver`](drivers::CookieDriver) | nothing: the browser decides which of two answers it keeps | restarts, any number of servers | small sessions without a store |
//! | [`FileDriver`](drivers::FileDriver) | a lock file per shard folder, between processes too; temp file, sync, rename | restarts, SIGKILL; with `Durability::Full` (the default) loss of power | one machine, any number of processes |
//! | [`RedisDriver`](drivers::RedisDriver) | one compare-and-swap per commit, by a script | what Redis was set up to survive; a failover may undo the last commits | many machines; standalone, Sentinel, Cluster; Valkey |
//! | [`SingleProcess`](drivers::SingleProcess) over a [`SimpleDriver`](drivers::SimpleDriver) | a lock of this process per record | what its store survives; the principal index only by [`reindexed`](drivers::SingleProcess::reindexed) | stores that can only get and put, **one process** |
//! | your own [`Driver`](drivers::Driver) | you | you say | anything else; prove it by [`driver_conformance!`] |
//!
//! [`DriverRegistry`](drivers::DriverRegistry) chooses one by name at start-up: `SESSION_DRIVER=redis`.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `derive` | yes | `#[derive(SessionSchema)]` |
//! | `memory` | yes | [`MemoryDriver`](drivers::MemoryDriver) |
//! | `file` | | [`FileDriver`](drivers::FileDriver) |
//! | `redis` | | [`RedisDriver`](drivers::RedisDriver); `redis-tls` adds TLS by rustls |
//! | `tower` | | [`SessionLayer`], and [`SessionService`] as a service of tower |
//! | `axum` | | [`Session`], [`ReadOnly`], `Flash`, `Input`, `Csrf` and [`View`] as extractors, [`Redirect`] and [`Rejection`] as answers; implies `tower` |
//! | `csrf` | | the guard against forged requests, [`Sessions::csrf`]; `multipart` lets it read forms with files |
//! | `garde`, `validator` | | a form's messages from what these found wrong |
//! | `minijinja` | | [`View`] in templates of minijinja |
//! | `testing` | | [`testing`]: driver conformance, clock, spy, client with a browser's cookie jar |
//!
//! # Not here
//!
//! Authentication (checking who somebody is), authorization, and password storage are the application's.
//!
//! Types of other crates in this interface: `http` 1, `hyper` 1 (`Service`), `serde` 1, `serde_json` 1 (`Value`, `Map`),
//! `cookie` 0.18 (`SameSite`); behind their features `bytes` 1, `http-body` 1, `garde` 0.23 (`Report`), `validator` 0.21
//! (`ValidationErrors`), `minijinja` 3 (`Environment`, `Error`).

#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod __private;
mod clock;
mod config;
#[cfg(feature = "csrf")]
#[cfg_attr(docsrs, doc(cfg(feature = "csrf")))]
pub mod csrf;
mod driver;
mod engine;
mod error;
mod form;
mod guard;
mod local_path;
mod observe;
mod plan;
mod random;
pub mod record;
mod redirect;
mod schema;
mod seal;
mod service;
mod session;
mod sessions;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
mod value;
mod view;

pub use self::clock::{Clock, SystemClock, Timestamp};
pub use self::config::{
    Activity, ConfigError, CookieConfig, CredentialSource, Lifetimes, LimitPolicy, SameSite, Settings, Start,
    TheftResponse,
};
pub use self::engine::{CommitFuture, End};
pub use self::error::{PathFault, SessionError};
pub use self::form::{Errors, Input, InputFilter, IntoErrors, Messages, OldInput};
pub use self::guard::{RecentlySignedIn, SignedIn};
pub use self::local_path::LocalPath;
pub use self::observe::{Event, EventKind, Observer, PrincipalTag, Reason};
pub use self::plan::Outcome;
pub use self::random::{RandomError, RandomSource, SystemRandom};
pub use self::redirect::{NotSignedIn, Redirect, Rejection};
pub use self::schema::{FieldInfo, FieldKind, OnMismatch};
#[cfg(feature = "tower")]
pub use self::service::SessionLayer;
#[cfg(feature = "axum")]
pub use self::service::{Csrf, Flash, Passive};
pub use self::service::{DefaultFailure, Failure, ResponseFuture, SessionService};
pub use self::session::{
    Detached, Direct, FlashMessages, FlashSlot, Form, HasPrincipal, IntoValue, Load, Number, Numeric,
    PassiveRequest, PrincipalSlot, ReadOnly, Session, SessionSchema, SessionSource, Slot, Untyped,
    UntypedSession, Watch,
};
pub use self::sessions::{Builder, Device, PrincipalSessions, Sessions, SweeperHandle};
pub use self::state::Fate;
pub use self::token::{ParseTokenError, Selector, Token, VerifierHash};
pub use self::value::{JsonFault, JsonFaultKind, JsonText, Key};
#[cfg(feature = "minijinja")]
#[cfg_attr(docsrs, doc(cfg(feature = "minijinja")))]
pub use self::view::minijinja;
pub use self::view::{FormView, Markup, View};
#[cfg(feature = "derive")]
pub use session_derive::SessionSchema;

/// Where records live: the contract of a driver, and the drivers of this crate.
pub mod drivers {
    pub use crate::driver::{
        Applicability, Backend, BoxError, Created, Crowd, Driver, DriverError, DriverFate, DriverRegistry,
        IntoBackend, Members, Owner, RegistryError, SimpleDriver,
    };
    pub use crate::driver::{CookieDriver, Revocation, RevocationStore};
    #[cfg(feature = "file")]
    pub use crate::driver::{Durability, FileConfig, FileDriver, LocationError};
    #[cfg(feature = "memory")]
    pub use crate::driver::{MemoryBounds, MemoryDriver, SingleProcess};
    #[cfg(feature = "redis")]
    #[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
    pub use crate::driver::{RedisConfig, RedisConnectError, RedisDriver, RedisTopology};
    pub use crate::seal::{KeyError, KeyId, KeyRing, SealKey};
}
