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
            let location = folder("shop-sessions")?;
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
    (
        FILES,
        "file: the folder, `shop-sessions` by default; cookie with a key: where ends are remembered, `shop-ended`",
    ),
    (REDIS, "redis: the server, `redis://127.0.0.1:6379` by default"),
    (KEY, "cookie: the key in base64 (`openssl rand -base64 32`); without it one that ends with the shop"),
];

fn cookie() -> Result<CookieDriver, BoxError> {
    let Some(text) = variable(KEY)? else {
        tracing::warn!("{KEY} is not set: sessions are sealed with a key that ends with this process");
        let ended = RevocationStore::single_process();
        return Ok(CookieDriver::new(KeyRing::ephemeral()?, Revocation::Checked(ended)));
    };
    let key = SealKey::from_base64(&text).map_err(|error| format!("`{KEY}`: {error}"))?;
    // The key outlives this process, and so has to what was ended: a copy of an old cookie would open it again.
    let ended = RevocationStore::over(FileDriver::open(folder(ENDED)?.as_str())?);
    Ok(CookieDriver::new(KeyRing::new(key), Revocation::Checked(ended)))
}

/// The folder that is named, or this one.
fn folder(usual: &str) -> Result<String, BoxError> {
    Ok(variable(FILES)?.unwrap_or_else(|| usual.to_owned()))
}

/// Nothing of a variable that is not set, or is empty; one that is no text is a mistake.
fn variable(name: &str) -> Result<Option<String>, BoxError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("`{name}` is not valid Unicode").into()),
    }
}

const FILES: &str = "SESSION_FILES";
const REDIS: &str = "SESSION_REDIS";
const KEY: &str = "SESSION_KEY";
const ENDED: &str = "shop-ended";
