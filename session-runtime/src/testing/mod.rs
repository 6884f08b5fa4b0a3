//! Tools for tests of applications and of drivers.

mod client;
mod jar;

pub use self::client::{Exchange, TestClient, TestError, TestRequest, TestResponse};
pub use self::jar::{CookieJar, Refusal, RefusedCookie, Site, StoredCookie};
