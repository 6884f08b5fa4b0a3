//! The proof that a driver keeps the contract of [`Driver`](crate::drivers::Driver), one check per clause.
//!
//! [`driver_conformance!`](crate::driver_conformance) makes a test of every check. Each is a function of its own, too,
//! which [`examine`] runs: for a debugger, or for drivers that keep a part of the contract only. A check panics where
//! the contract is broken, and says how.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a check that fails is a panic, as in every test"
)]

pub mod cancellation;
pub mod concurrency;
pub mod crowds;
pub mod csrf_keys;
pub mod damage;
pub mod deadlines;
pub mod devices;
pub mod endings;
mod examine;
mod fixtures;
pub mod flash;
pub mod lifetimes;
pub mod limits;
mod macros;
pub mod model;
pub mod numbers;
pub mod principals;
pub mod privilege;
pub mod races;
pub mod records;
pub mod renewals;
pub mod reopening;
pub mod room;
pub mod seen;
pub mod sizes;
mod subject;
pub mod swaps;
mod trial;

pub use self::examine::examine;
pub use self::subject::{IntoSubject, Subject};
pub use self::trial::Trial;
