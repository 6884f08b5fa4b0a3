//! How long sessions and their secrets live.

use std::time::Duration;

use crate::config::{Activity, Lifetimes, TheftResponse};

use super::Builder;

impl Builder {
    /// How long a session lives without being used: 2 hours by default.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.policy.idle_timeout = timeout;
        self
    }

    /// How long a session lives at most, however much it is used: 30 days by default.
    pub fn absolute_lifetime(mut self, lifetime: Duration) -> Self {
        self.policy.absolute_lifetime = lifetime;
        self
    }

    /// What counts as use: loading the session, by default.
    pub fn activity(mut self, activity: Activity) -> Self {
        self.policy.activity = activity;
        self
    }

    /// Below which fraction of the idle timeout a use moves the deadline: 0.8 by default, so that a session in steady
    /// use is written once per fifth of its idle timeout. 1 writes on every use.
    pub fn touch_below(mut self, fraction: f64) -> Self {
        self.policy.touch_below = fraction;
        self
    }

    /// How long a session lives whose principal asked to be [remembered](crate::UntypedSession::remember_me): 30 days without being used, 90 days at most, by
    /// default.
    pub fn remembered(mut self, lifetimes: Lifetimes) -> Self {
        self.policy.remembered = lifetimes;
        self
    }

    /// How old the secret of a session gets before a request renews it: never renewed by default. At least ten times
    /// the [grace](Builder::renewal_grace). Sealed sessions have no such secret, and refuse this.
    ///
    /// A request renews it that came with the present secret and may write, when its handler has answered well; of many
    /// side by side, one. The secret before opens the session until the new one was presented for the first time, and a
    /// grace longer, so that an answer that gets lost signs nobody out; after that it opens nothing, and who presents
    /// it is [told of](crate::EventKind::Replayed). A login, an elevation, `regenerate`, a logout and a revocation close
    /// both at once. Each renewal costs two writes in all: with it, and when the new secret comes.
    ///
    /// It is of use against copies of a cookie that are used later (from a backup, a log, a borrowed device), not
    /// against somebody who reads along: he renews the secret, too.
    ///
    /// ```
    /// use std::time::Duration;
    /// use session_runtime::{Sessions, TheftResponse};
    /// use session_runtime::drivers::MemoryDriver;
    ///
    /// let sessions = Sessions::builder(MemoryDriver::new())
    ///     .renew_every(Duration::from_secs(15 * 60))
    ///     .on_replay(TheftResponse::End)
    ///     .build()?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    pub fn renew_every(mut self, age: Duration) -> Self {
        self.policy.renew_every = Some(age);
        self
    }

    /// How long the secret before the present one opens the session still, once the present one was presented: 60
    /// seconds by default. Requests that were sent side by side come with both.
    pub fn renewal_grace(mut self, grace: Duration) -> Self {
        self.policy.renewal_grace = grace;
        self
    }

    /// What happens when a secret is presented that was renewed: it is told, by default.
    pub fn on_replay(mut self, response: TheftResponse) -> Self {
        self.policy.on_replay = response;
        self
    }

    /// How often a watched session is looked at, for ends that other processes brought about: every 15 seconds by
    /// default.
    pub fn watch_every(mut self, interval: Duration) -> Self {
        self.policy.watch_every = interval;
        self
    }
}
