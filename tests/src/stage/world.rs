//! One application with everything that a story needs in its hand.

use std::time::Duration;

use session_runtime::drivers::{CookieDriver, Driver, KeyRing, Revocation, RevocationStore};
use session_runtime::testing::{CookieJar, ManualClock, SpyDriver, TestClient};
use session_runtime::{Builder, Sessions};

use super::acts::Acts as _;
use super::script::{Browser, Script};
use super::store::Store;

/// One application, its driver under a spy, its time in the hand of the story.
#[derive(Debug)]
pub struct World<D = Store> {
    /// Moved by the story.
    pub clock: ManualClock,
    /// Sees and disturbs every call of the driver.
    pub spy: SpyDriver<D>,
    /// The manager.
    pub sessions: Sessions,
    /// The handler.
    pub script: Script,
    /// The browser of the story.
    pub browser: Browser,
}

impl World {
    /// With everything as it is by default.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// With another configuration.
    ///
    /// # Panics
    /// If that is refused.
    pub fn with(configure: impl FnOnce(Builder) -> Builder) -> Self {
        Self::from(Store::chosen(), configure)
    }

    /// On the driver of this name, whatever the environment says.
    ///
    /// # Panics
    /// If the configuration is refused.
    pub fn on(name: &str, configure: impl FnOnce(Builder) -> Builder) -> Self {
        Self::from(Store::on(name), configure)
    }

    fn from((store, clock): (Store, ManualClock), configure: impl FnOnce(Builder) -> Builder) -> Self {
        let spy = SpyDriver::new(store);
        let sessions = configure(spied(&spy).clock(clock.clone())).build().unwrap();
        let (script, browser) = open(&sessions, &clock);
        Self { clock, spy, sessions, script, browser }
    }

    /// How many records the driver holds.
    #[must_use]
    pub fn records(&self) -> usize {
        self.spy.driver().records()
    }
}

impl<D: Driver> World<D> {
    /// The application over another driver, whose time is `clock`.
    ///
    /// # Panics
    /// If the configuration is refused.
    pub fn over(driver: D, clock: ManualClock, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let spy = SpyDriver::new(driver);
        let sessions = configure(Sessions::builder(spy.clone()).clock(clock.clone())).build().unwrap();
        let (script, browser) = open(&sessions, &clock);
        Self { clock, spy, sessions, script, browser }
    }

    /// A tab, or a thief, that presents the cookie our browser holds now, and keeps to itself what it is answered.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn stranger_with_our_cookie(&self) -> Browser {
        let stranger = self.stranger();
        stranger.put_cookie(&format!("__Host-id={}; Path=/; Secure", self.browser.token())).unwrap();
        stranger
    }

    /// Another browser over the same application.
    #[must_use]
    pub fn stranger(&self) -> Browser {
        self.browser.other_browser()
    }

    /// Moves the clock.
    pub fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// A manager over the chosen store: with the cookie driver, what was ended is remembered there.
///
/// # Panics
/// If the system gives no random bytes.
pub fn spied(spy: &SpyDriver<Store>) -> Builder {
    if !spy.driver().is_of_revocations() {
        return Sessions::builder(spy.clone());
    }
    let revocation = Revocation::Checked(RevocationStore::over(spy.clone()));
    Sessions::builder(CookieDriver::new(KeyRing::ephemeral().unwrap(), revocation))
}

/// The application over these sessions, and a browser that has not been there yet.
#[must_use]
pub fn open(sessions: &Sessions, clock: &ManualClock) -> (Script, Browser) {
    let script = Script::default();
    script.know(sessions);
    let browser = TestClient::new(sessions.service(script.clone()), CookieJar::new(clock.clone()));
    (script, browser)
}
