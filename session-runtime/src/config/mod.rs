//! What an application decides once: lifetimes, limits, the cookie. Checked when it is built, immutable afterwards.

mod cookie;
mod cookies;
mod credentials;
mod lifetimes;
mod policy;
mod settings;

pub use self::cookie::{CookieConfig, SameSite};
pub(crate) use self::cookies::{Cookies, MOST_CHUNKS};
pub use self::credentials::CredentialSource;
pub(crate) use self::credentials::ErasedSource;
pub use self::lifetimes::{Lifetimes, LimitPolicy, TheftResponse};
pub(crate) use self::policy::Policy;
pub use self::policy::{Activity, ConfigError, Start};
pub use self::settings::Settings;
