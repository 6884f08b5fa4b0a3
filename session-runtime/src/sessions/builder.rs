//! From decisions to a manager, or to the reason why not.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use crate::clock::{Clock, SystemClock};
use crate::config::{
    ConfigError, CookieConfig, Cookies, CredentialSource, ErasedSource, LimitPolicy, Policy, Settings, Start,
};
use crate::driver::{
    Backend, CookieDriver, ErasedDriver, IntoBackend, Kind, MOST_BYTES, Nothing, Revocation,
};
use crate::engine::{Core, Endings, Seals, Visitors};
use crate::form::InputFilter;
use crate::local_path::LocalPath;
use crate::observe::{Observer, Teller};
use crate::random::{RandomSource, SystemRandom};
use crate::seal::{KeyRing, Purpose};

use super::manager::Sessions;

mod lifetimes;
mod limits;
mod told;

/// Decides how sessions live. Everything has a secure default; [`build`](Builder::build) refuses contradictions.
///
/// ```
/// use std::time::Duration;
/// use session_runtime::{CookieConfig, Sessions};
/// use session_runtime::drivers::MemoryDriver;
///
/// let sessions = Sessions::builder(MemoryDriver::new())
///     .idle_timeout(Duration::from_secs(30 * 60))
///     .absolute_lifetime(Duration::from_secs(12 * 3_600))
///     .cookie(CookieConfig { clear_with_browser: true, ..CookieConfig::default() })
///     .build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    backend: Backend,
    policy: Policy,
    cookie: CookieConfig,
    clock: Arc<dyn Clock>,
    random: Arc<dyn RandomSource>,
    keys: Option<KeyRing>,
    observer: Option<Arc<dyn Observer>>,
    credentials: Option<Box<dyn ErasedSource>>,
}

impl Builder {
    pub(super) fn new(backend: impl IntoBackend) -> Self {
        Self {
            backend: backend.into_backend(),
            policy: Policy::default(),
            cookie: CookieConfig::default(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom::default()),
            keys: None,
            observer: None,
            credentials: None,
        }
    }

    /// The cookie, [`CookieConfig::default`] by default.
    pub fn cookie(self, cookie: CookieConfig) -> Self {
        Self { cookie, ..self }
    }

    /// When a visitor gets a session: with the first value written, by default.
    pub fn start(mut self, start: Start) -> Self {
        self.policy.start = start;
        self
    }

    /// Whether a request that fails (a handler error or a 5xx) keeps what it recorded: `false` by default, when only
    /// endings are kept.
    pub fn commit_on_error(mut self, commits: bool) -> Self {
        self.policy.commit_on_error = commits;
        self
    }

    /// Which fields of a form are never flashed: passwords and their like, by default.
    pub fn input_filter(mut self, filter: InputFilter) -> Self {
        self.policy.input_filter = filter;
        self
    }

    /// Where those are sent who have to sign in first, and who ask for a page: nowhere by default, they are answered 401.
    pub fn login_at(mut self, path: LocalPath) -> Self {
        self.policy.login_at = Some(path);
        self
    }

    /// Where time comes from. Drivers that look at the time are given their own clock, which should be the same.
    pub fn clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Where tokens come from. Only for tests: whoever foresees them owns every session.
    pub fn random(self, random: impl RandomSource) -> Self {
        Self { random: Arc::new(random), ..self }
    }

    /// What the cookie of visitors without a session is sealed with, which holds the key of their forms; see
    /// [`csrf_token`](crate::UntypedSession::csrf_token). A cookie driver's own keys by default. With other drivers a
    /// key is drawn when the first such form is written: forms then end with the process and hold in no other, and an
    /// event of `tracing` warns of it. Several servers need the same keys.
    pub fn keys(self, keys: KeyRing) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// Who is told of everything that happens to sessions, beside `tracing`: nobody by default. Of several the last.
    pub fn observer(self, observer: impl Observer) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self }
    }

    /// Who knows what the credentials of a principal are now: nobody by default. Sessions that were
    /// [bound](crate::UntypedSession::bind_credentials) to others end when they are loaded.
    pub fn credentials(self, source: impl CredentialSource) -> Self {
        Self { credentials: Some(Box::new(source)), ..self }
    }

    /// Takes over what a configuration file says.
    pub fn settings(mut self, settings: Settings) -> Self {
        let durations = [
            (&mut self.policy.idle_timeout, settings.idle_timeout),
            (&mut self.policy.absolute_lifetime, settings.absolute_lifetime),
            (&mut self.policy.driver_deadline, settings.driver_deadline),
            (&mut self.policy.remembered.idle, settings.remembered_idle),
            (&mut self.policy.remembered.absolute, settings.remembered_absolute),
        ];
        for (setting, said) in durations {
            *setting = said.unwrap_or(*setting);
        }
        self.policy.renew_every = settings.renew_every.or(self.policy.renew_every);
        if let Some(most) = settings.max_sessions {
            let policy = self.policy.limit.map_or(LimitPolicy::EndOldest, |(_, policy)| policy);
            self.policy.limit = Some((most, policy));
        }
        let CookieConfig { name, clear_with_browser: clears, .. } = &mut self.cookie;
        *clears = settings.clear_with_browser.unwrap_or(*clears);
        if let Some(said) = settings.cookie_name {
            *name = said;
        }
        self
    }

    /// The manager. What was decided is told to `tracing` once, as `session.configured`.
    ///
    /// # Errors
    /// [`ConfigError`] for a contradiction or an unsafe cookie.
    pub fn build(self) -> Result<Sessions, ConfigError> {
        self.policy.check()?;
        let cookies = Cookies::new(&self.cookie)?;
        let Self { backend, policy, clock, random, keys, observer, credentials, .. } = self;
        check_backend(&backend.0, &policy)?;
        let (driver, seals) = match backend.0 {
            Kind::Driver(driver) => (driver, None),
            Kind::Cookie(cookie) => sealing(cookie, &cookies)?,
        };
        let visitors =
            Visitors::new(&self.cookie, keys.or_else(|| seals.as_ref().map(|seals| seals.keys.clone())))?;
        told::tell(&policy, &self.cookie);
        let detached = watch::Sender::new(0);
        let teller = Teller::new(observer);
        Ok(Sessions::new(Core {
            driver,
            seals,
            policy,
            cookies,
            visitors,
            clock,
            random,
            teller,
            credentials,
            endings: Endings::default(),
            detached,
        }))
    }
}

/// Refuses what a cookie driver cannot do.
fn check_backend(kind: &Kind, policy: &Policy) -> Result<(), ConfigError> {
    let Kind::Cookie(cookie) = kind else {
        return Ok(());
    };
    if policy.renew_every.is_some() {
        return Err(ConfigError::RenewalNeedsServer);
    }
    if policy.limit.is_some() && matches!(cookie.revocation, Revocation::AcceptReplay) {
        return Err(ConfigError::LimitNeedsStore);
    }
    Ok(())
}

/// A cookie driver as the engine uses it.
fn sealing(
    driver: CookieDriver,
    cookies: &Cookies,
) -> Result<(Arc<dyn ErasedDriver>, Option<Seals>), ConfigError> {
    let CookieDriver { keys, revocation, max_bytes } = driver;
    if !(LEAST_BYTES..=MOST_BYTES).contains(&max_bytes) {
        return Err(ConfigError::CookieBytes { most: MOST_BYTES });
    }
    let purpose = Purpose::cookie(cookies.name());
    let seals = Seals { keys, purpose, max_bytes, checked: false, guarded: false };
    Ok(match revocation {
        Revocation::AcceptReplay => (Arc::new(Nothing), Some(seals)),
        Revocation::Checked(store) => {
            (store.driver, Some(Seals { checked: true, guarded: store.evicts, ..seals }))
        }
    })
}

/// Less holds no session.
const LEAST_BYTES: usize = 512;

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("policy", &self.policy)
            .field("cookie", &self.cookie)
            .finish_non_exhaustive()
    }
}
