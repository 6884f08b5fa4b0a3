//! Tools for tests of applications and of drivers.
//!
//! - [`TestClient`] drives a service in process, with a [`CookieJar`] that behaves like a browser's, and
//!   [`seed`](TestClient::seed)s sessions from typed values and [`peek`](TestClient::peek)s at them.
//! - [`ManualClock`] moves time, [`SpyDriver`] logs what a driver is asked and injects faults.
//! - [`driver_conformance!`](crate::driver_conformance) proves that a driver keeps the contract.

mod client;
mod clock;
pub mod conformance;
mod jar;
mod peek;
mod seed;
mod spy;

pub use self::client::{Exchange, TestClient, TestError, TestRequest, TestResponse};
pub use self::clock::ManualClock;
pub use self::jar::{CookieJar, Refusal, RefusedCookie, Site, StoredCookie};
pub use self::seed::SeedError;
pub use self::spy::{Call, Fault, Gate, SpyDriver};
