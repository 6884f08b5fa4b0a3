//! In: `Set-Cookie` lines and where they came from. Out: the `Cookie` header that a browser would send next.
//! The model is RFC 6265bis (draft 22): sections 5.1 and 5.4 to 5.8; each rule names its own.

mod address;
mod admission;
mod attributes;
mod cookie_jar;
mod refusal;
mod site;
mod stored;
#[cfg(test)]
mod tests;

pub use cookie_jar::CookieJar;
pub use refusal::{Refusal, RefusedCookie};
pub use site::Site;
pub use stored::StoredCookie;
