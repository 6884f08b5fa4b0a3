//! What can keep the shop's sessions, by name; what each needs comes from the environment.

use std::env::{self, VarError};

use session_runtime::drivers::{
    BoxError, CookieDriver, DriverRegistry, FileDriver, KeyRing, MemoryDriver, RedisConfig, RedisDriver,
    Revocation, RevocationStore, SealKey,
};

/// The drivers that the shop offers. Only the one that is opened looks at its variables.
pub fn drivers() -> DriverRegistry {
    DriverRegistry::new()
        .with("memory", || async { Ok(MemoryDriver::new()) })
        .with("cookie", || async { cookie() })
        .with("file", || async {
            let location = variable(FILES)?.unwrap_or_else(|| "shop-sessions".to_owned());
            Ok(FileDriver::open(location.as_str())?)
        })
        .with("redis", || async {
            let url = variable(REDIS)?.unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
            let config = RedisConfig { prefix: "shop".to_owned(), ..RedisConfig::standalone(url) };
            Ok(RedisDriver::connect(config).await?)
        })
}

/// The variables that the drivers look at, with what each means.
pub const VARIABLES: [(&str, &str); 3] = [
    (FILES, "file: the folder, `shop-sessions` by default"),
    (REDIS, "redis: the server, `redis://127.0.0.1:6379` by default"),
    (KEY, "cookie: the key in base64 (`openssl rand -base64 32`); without it one that ends with the shop"),
];

fn cookie() -> Result<CookieDriver, BoxError> {
    let keys = if let Some(text) = variable(KEY)? {
        KeyRing::new(SealKey::from_base64(&text)?)
    } else {
        tracing::warn!("{KEY} is not set: sessions are sealed with a key that ends with this process");
        KeyRing::ephemeral()?
    };
    // The shop is a single process; several would share a `RevocationStore::over(..)` files or Redis.
    Ok(CookieDriver::new(keys, Revocation::Checked(RevocationStore::single_process())))
}

/// A variable that is not set; one that is no text is a mistake.
fn variable(name: &str) -> Result<Option<String>, BoxError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("`{name}` is not valid Unicode").into()),
    }
}

const FILES: &str = "SESSION_FILES";
const REDIS: &str = "SESSION_REDIS";
const KEY: &str = "SESSION_KEY";
