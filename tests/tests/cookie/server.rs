//! Servers over the cookie driver: with the same keys and store, or with their own.

use std::time::Duration;

use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore};
use session_runtime::testing::{ManualClock, SpyDriver};
use session_runtime::{Builder, Clock as _, Sessions, Timestamp};
use session_tests::stage::{Acts as _, Browser, Says as _, Script, open};

/// One server and a browser of it.
pub(crate) struct Server {
    pub(crate) clock: ManualClock,
    pub(crate) keys: KeyRing,
    pub(crate) store: SpyDriver<MemoryDriver>,
    pub(crate) sessions: Sessions,
    pub(crate) script: Script,
    pub(crate) browser: Browser,
}

impl Server {
    /// That remembers what was ended.
    pub(crate) fn checked() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = ManualClock::default();
        let store = SpyDriver::new(MemoryDriver::new().with_clock(clock.clone()));
        Self::over(clock, store, KeyRing::ephemeral().unwrap(), configure)
    }

    /// That remembers nothing.
    pub(crate) fn accepting_replay(configure: impl FnOnce(CookieDriver) -> CookieDriver) -> Self {
        let mut server = Self::checked();
        let driver = configure(CookieDriver::new(server.keys.clone(), Revocation::AcceptReplay));
        server.sessions = Sessions::builder(driver).clock(server.clock.clone()).build().unwrap();
        (server.script, server.browser) = open(&server.sessions, &server.clock);
        server
    }

    /// Another server of the same application, whose clock is ahead by so many milliseconds, or behind.
    pub(crate) fn beside(&self, ahead: i64) -> Self {
        let now = self.clock.now().unix_millis().saturating_add_signed(ahead);
        let clock = ManualClock::at(Timestamp::from_unix_millis(now));
        Self::over(clock, self.store.clone(), self.keys.clone(), |builder| builder)
    }

    fn over(
        clock: ManualClock,
        store: SpyDriver<MemoryDriver>,
        keys: KeyRing,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let driver =
            CookieDriver::new(keys.clone(), Revocation::Checked(RevocationStore::over(store.clone())));
        let sessions = configure(Sessions::builder(driver).clock(clock.clone())).build().unwrap();
        let (script, browser) = open(&sessions, &clock);
        Self { clock, keys, store, sessions, script, browser }
    }

    /// A thief or an old tab with the cookies that our browser holds now.
    pub(crate) fn copy(&self) -> Browser {
        self.with_cookies(&self.cookies())
    }

    /// A browser that holds these cookies, as name and value.
    pub(crate) fn with_cookies(&self, cookies: &[(String, String)]) -> Browser {
        let stranger = self.browser.other_browser();
        for (name, value) in cookies {
            stranger.put_cookie(&format!("{name}={value}; Path=/; Secure")).unwrap();
        }
        stranger
    }

    /// What our browser holds: one cookie, or all its chunks.
    pub(crate) fn cookies(&self) -> Vec<(String, String)> {
        let held = |index: usize| {
            let name = if index == 0 { "__Host-id".to_owned() } else { format!("__Host-id.{index}") };
            let cookie = self.browser.jar().cookie(&name)?;
            Some((name, cookie.value().to_owned()))
        };
        (0..64).filter_map(held).collect()
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Whether our cookies, replayed by somebody else, still open a session with a value.
    pub(crate) async fn opens(&self, browser: &Browser) -> bool {
        let answer = browser.run("load").await;
        assert!(answer.status().is_success(), "{}", answer.status());
        !answer.fact("all").as_object().unwrap().is_empty() || !answer.fact("user").is_null()
    }
}
