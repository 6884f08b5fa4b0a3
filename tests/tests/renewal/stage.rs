//! An application that renews secrets every hour, on each driver that can.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use session_runtime::testing::TestResponse;
use session_runtime::{Builder, Event, EventKind, Observer, TheftResponse};
use session_tests::stage::{Acts as _, Browser, Says as _, World};

/// Where sessions live whose secrets are renewed.
pub(crate) const STORES: [&str; 3] = ["memory", "file", "redis"];
/// Seconds until a secret is renewed, and for which the one before opens the session after the new one came.
pub(crate) const EVERY: u64 = 3_600;
pub(crate) const GRACE: u64 = 60;

/// On this driver, with what it tells. Sessions live long enough not to be touched in the stories.
pub(crate) fn world(store: &str) -> (World, Log) {
    configured(store, |builder| builder)
}

/// The same where an old secret ends its session.
pub(crate) fn strict(store: &str) -> (World, Log) {
    configured(store, |builder| builder.on_replay(TheftResponse::End))
}

pub(crate) fn configured(store: &str, configure: impl FnOnce(Builder) -> Builder) -> (World, Log) {
    let log = Log::default();
    let world = World::on(store, |builder| {
        let endless = builder.idle_timeout(Duration::from_secs(EVERY * 200)).touch_below(0.0);
        configure(endless.renew_every(Duration::from_secs(EVERY)).observer(log.clone()))
    });
    (world, log)
}

/// What a browser with one more secret behind it does.
pub(crate) trait Renews {
    /// Comes when its secret is old, and takes the answer: the secret that it held before.
    async fn renew(&self, world: &World) -> String;
    /// Whether its cookie opens the session of 42.
    async fn is_in(&self) -> bool;
}

impl Renews for Browser {
    async fn renew(&self, world: &World) -> String {
        let before = self.token();
        // What was renewed before has to come back first.
        self.run("load").await;
        world.later(EVERY);
        let answer = self.run("load").await;
        assert!(has_new_secret(&answer), "a renewal was due");
        assert_ne!(before, self.token());
        assert_eq!(before[..21], self.token()[..21], "the selector stays");
        before
    }

    async fn is_in(&self) -> bool {
        self.run("load-readonly").await.fact("user") == 42
    }
}

pub(crate) fn has_new_secret(answer: &TestResponse) -> bool {
    !answer.sent_no_cookie()
}

/// A browser with this cookie, which keeps to itself what it is answered.
pub(crate) fn holder(world: &World, token: &str) -> Browser {
    let browser = world.stranger();
    browser.put_cookie(&format!("__Host-id={token}; Path=/; Secure")).unwrap();
    browser
}

/// What was told, by name; loads aside.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    /// Since the last time.
    pub(crate) fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        match event.kind {
            EventKind::Loaded => {}
            EventKind::Revoked(reason) => self.0.lock().unwrap().push(reason.name()),
            kind => self.0.lock().unwrap().push(kind.name()),
        }
    }
}
