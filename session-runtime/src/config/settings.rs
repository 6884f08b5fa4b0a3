//! The part of the configuration that belongs into a file or the environment, as text.

use std::num::NonZeroUsize;
use std::time::Duration;

use serde::Deserialize;

/// Settings as a configuration file says them; durations are written `"2h"`, `"30m"`, `"1h 30m"`.
///
/// A bare number is refused: nobody can tell seconds from minutes by looking at it. Every setting is optional and
/// defaults as in [`Builder`](crate::Builder), which takes them by [`settings`](crate::Builder::settings).
///
/// ```
/// use session_runtime::Settings;
/// let settings: Settings = serde_json::from_str(r#"{ "idle_timeout": "30m", "absolute_lifetime": "7d" }"#)?;
/// assert_eq!(settings.idle_timeout, Some(std::time::Duration::from_secs(1_800)));
/// assert!(serde_json::from_str::<Settings>(r#"{ "idle_timeout": "30" }"#).is_err());
/// assert!(serde_json::from_str::<Settings>(r#"{ "idle_timeout": 30 }"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// How long a session lives without being used.
    #[serde(deserialize_with = "duration")]
    pub idle_timeout: Option<Duration>,
    /// How long a session lives at most.
    #[serde(deserialize_with = "duration")]
    pub absolute_lifetime: Option<Duration>,
    /// How long a session lives without being used that is to be remembered.
    #[serde(deserialize_with = "duration")]
    pub remembered_idle: Option<Duration>,
    /// How long such a session lives at most.
    #[serde(deserialize_with = "duration")]
    pub remembered_absolute: Option<Duration>,
    /// How old a secret gets before it is renewed.
    #[serde(deserialize_with = "duration")]
    pub renew_every: Option<Duration>,
    /// How many sessions a principal may have. Beyond them happens what the builder was told, else
    /// [`EndOldest`](crate::LimitPolicy::EndOldest).
    pub max_sessions: Option<NonZeroUsize>,
    /// How long one call of the driver may take.
    #[serde(deserialize_with = "duration")]
    pub driver_deadline: Option<Duration>,
    /// The name of the cookie.
    pub cookie_name: Option<String>,
    /// Whether the cookie ends with the browser.
    pub clear_with_browser: Option<bool>,
}

fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| humantime::parse_duration(&text).map_err(serde::de::Error::custom)).transpose()
}
