//! Lifetimes and limits, and what is wrong with a configuration.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::form::InputFilter;
use crate::local_path::LocalPath;
use crate::record::Metadata;

use super::lifetimes::{Lifetimes, LimitPolicy, TheftResponse};

/// What counts as activity and so moves the idle deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Activity {
    /// A request that loads the session (the default).
    #[default]
    OnLoad,
    /// A request that changes the session.
    OnChange,
    /// Every request that carries a session's cookie, whether its handler asks for the session or not.
    EveryRequest,
}

/// When a visitor gets a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// With the first value that is written: who only reads gets neither a cookie nor a record (the default).
    #[default]
    OnFirstWrite,
    /// With the first request. Robots and health checks fill the store then.
    OnFirstRequest,
}

/// The decided configuration, but for the cookie.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) idle_timeout: Duration,
    pub(crate) absolute_lifetime: Duration,
    pub(crate) activity: Activity,
    pub(crate) touch_below: f64,
    pub(crate) start: Start,
    pub(crate) commit_on_error: bool,
    pub(crate) max_record_bytes: usize,
    pub(crate) driver_deadline: Duration,
    pub(crate) update_deadline: Duration,
    pub(crate) input_filter: InputFilter,
    /// Of sessions that are to be remembered.
    pub(crate) remembered: Lifetimes,
    /// How many sessions a principal may have.
    pub(crate) limit: Option<(NonZeroUsize, LimitPolicy)>,
    /// How old a secret gets before it is renewed.
    pub(crate) renew_every: Option<Duration>,
    pub(crate) renewal_grace: Duration,
    pub(crate) on_replay: TheftResponse,
    /// How often a watched session is looked at.
    pub(crate) watch_every: Duration,
    /// Where those are sent who are not signed in.
    pub(crate) login_at: Option<LocalPath>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(2 * 3_600),
            absolute_lifetime: days(30),
            activity: Activity::default(),
            touch_below: 0.8,
            start: Start::default(),
            commit_on_error: false,
            max_record_bytes: 1 << 20,
            driver_deadline: Duration::from_secs(2),
            update_deadline: Duration::from_secs(2),
            input_filter: InputFilter::default(),
            remembered: Lifetimes { idle: days(30), absolute: days(90) },
            limit: None,
            renew_every: None,
            renewal_grace: Duration::from_secs(60),
            on_replay: TheftResponse::default(),
            watch_every: Duration::from_secs(15),
            login_at: None,
        }
    }
}

impl Policy {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let positive = [
            ("idle_timeout", self.idle_timeout),
            ("absolute_lifetime", self.absolute_lifetime),
            ("driver_deadline", self.driver_deadline),
            ("update_deadline", self.update_deadline),
            ("remembered.idle", self.remembered.idle),
            ("remembered.absolute", self.remembered.absolute),
            ("renew_every", self.renew_every.unwrap_or(Duration::MAX)),
            ("watch_every", self.watch_every),
        ];
        if let Some((setting, _)) = positive.iter().find(|(_, duration)| duration.as_millis() == 0) {
            return Err(ConfigError::ZeroDuration { setting });
        }
        if self.idle_timeout > self.absolute_lifetime {
            return Err(ConfigError::IdleOverAbsolute);
        }
        if self.remembered.idle > self.remembered.absolute {
            return Err(ConfigError::RememberedIdleOverAbsolute);
        }
        let least = self.renewal_grace.saturating_mul(GRACES);
        if self.renew_every.is_some_and(|every| every < least) {
            return Err(ConfigError::RenewalGrace);
        }
        if !(0.0..=1.0).contains(&self.touch_below) {
            return Err(ConfigError::TouchFraction);
        }
        Ok(())
    }

    /// Whether a request is to raise the idle deadline, if it counts as activity at all.
    ///
    /// Sessions with a longer idle time of their own are touched as often as all others, so that it is known when they
    /// were last seen; near the absolute deadline, where nothing is left to raise, those of a principal are touched for
    /// that alone.
    pub(crate) fn touch_due(&self, counts: bool, metadata: &Metadata, now: Timestamp) -> bool {
        if !counts {
            return false;
        }
        let idle = self.idle_of(metadata);
        let step = idle.min(self.idle_timeout);
        let kept = step.as_secs_f64() * self.touch_below;
        let deadlines = &metadata.deadlines;
        if now.saturating_add(idle).min(deadlines.absolute) > deadlines.idle {
            return deadlines.idle.since(now).as_secs_f64() < idle.saturating_sub(step).as_secs_f64() + kept;
        }
        let seen = metadata.seen_at().or(metadata.authenticated_at);
        let is_his = metadata.principal.is_some() && deadlines.idle == deadlines.absolute;
        is_his && seen.is_some_and(|seen| now.since(seen).as_secs_f64() > step.as_secs_f64() - kept)
    }

    /// How long sessions live of which nothing else is said.
    pub(crate) const fn usual(&self) -> Lifetimes {
        Lifetimes { idle: self.idle_timeout, absolute: self.absolute_lifetime }
    }

    /// How long this session lives without being used.
    pub(crate) fn idle_of(&self, metadata: &Metadata) -> Duration {
        metadata.idle_for().unwrap_or(self.idle_timeout)
    }

    /// The longest that a session lives by the configuration, however much it is used.
    pub(crate) fn longest_absolute(&self) -> Duration {
        self.absolute_lifetime.max(self.remembered.absolute)
    }

    /// Whether the secret of a session has become so old that it is to be renewed.
    pub(crate) fn renewal_due(&self, metadata: &Metadata, now: Timestamp) -> bool {
        let Some(age) = self.renew_every else {
            return false;
        };
        let renewed = metadata.renewal().map(|renewal| renewal.at);
        let since = metadata.authenticated_at.max(renewed).max(Some(metadata.created_at));
        since.is_some_and(|since| now.since(since) >= age)
    }

    /// Whether the service looks at the session although no handler asked for it.
    pub(crate) fn loads_every_request(&self) -> bool {
        self.activity == Activity::EveryRequest || self.start == Start::OnFirstRequest
    }
}

const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 3_600)
}

/// How many graces there are at least between two renewals.
const GRACES: u32 = 10;

/// Why a configuration was refused. Nothing starts with an unsafe or contradictory one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A duration is shorter than a millisecond.
    #[error("`{setting}` must be at least one millisecond")]
    ZeroDuration {
        /// The setting.
        setting: &'static str,
    },
    /// The idle timeout exceeds the absolute lifetime, so it could never count.
    #[error("`idle_timeout` is longer than `absolute_lifetime`")]
    IdleOverAbsolute,
    /// The fraction below which a session is touched is not between 0 and 1.
    #[error("`touch_below` must lie between 0 and 1")]
    TouchFraction,
    /// The idle timeout of remembered sessions exceeds their absolute lifetime.
    #[error("`remembered.idle` is longer than `remembered.absolute`")]
    RememberedIdleOverAbsolute,
    /// Secrets are renewed so often that a grace of the one before would hardly end before the next.
    #[error("`renew_every` must be at least ten times `renewal_grace`")]
    RenewalGrace,
    /// A sealed session has no secret that a server could renew.
    #[error("`renew_every` needs a driver that keeps sessions on the server")]
    RenewalNeedsServer,
    /// Nobody counts sessions that are in their browsers' cookies only.
    #[error(
        "`max_sessions_per_principal` needs a driver, or a cookie driver with a store of what was revoked"
    )]
    LimitNeedsStore,
    /// The cookie's name is no token of RFC 9110 section 5.6.2.
    #[error("the cookie name must consist of letters, digits and `!#$%&'*+-.^_`|~`")]
    CookieName,
    /// The path or the domain has a character that ends an attribute, or the path does not begin with a slash.
    #[error("the cookie's `{attribute}` is not valid")]
    CookieAttribute {
        /// The attribute.
        attribute: &'static str,
    },
    /// The prefix of the cookie's name promises what the other attributes do not keep (RFC 6265bis section 4.1.3).
    #[error("a cookie named `{prefix}..` needs {needs}")]
    CookiePrefix {
        /// The prefix.
        prefix: &'static str,
        /// What is missing.
        needs: &'static str,
    },
    /// The limit of a sealed session is out of bounds.
    #[error("the cookies of a sealed session may take 512 to {most} bytes")]
    CookieBytes {
        /// The most, in bytes.
        most: usize,
    },
    /// An attribute that browsers honour on secure cookies only.
    #[error("`{attribute}` needs `Secure`")]
    NeedsSecure {
        /// The attribute.
        attribute: &'static str,
    },
}
