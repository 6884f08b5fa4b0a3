//! How many and how large sessions may be, and how long anybody waits for their store.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::config::LimitPolicy;

use super::Builder;

impl Builder {
    /// How many sessions a principal may have, and what happens to a login beyond them: any number by default.
    ///
    /// A login again in a session of his own is never refused, and counts once. Sessions that have ended or expired do not
    /// count. Exact on the drivers of this crate, however many log in at once:
    /// - [`LimitPolicy::RefuseNew`]: never more than `most`. The commit fails with
    ///   [`SessionError::TooManySessions`](crate::SessionError::TooManySessions) (409), and the session is as it was before
    ///   the login. To answer a page of its own a handler commits explicitly and matches the error. A login that failed
    ///   for another reason after it was admitted may count for a minute.
    /// - [`LimitPolicy::EndOldest`]: `most`, as soon as all logins are done; a few more for a moment in between.
    ///
    /// A driver of your own that does not implement [`Driver::admit`](crate::drivers::Driver::admit) admits a few more of
    /// many at once. A cookie driver needs a store of what was revoked, whose driver does this; there a session whose browser has
    /// thrown its cookie away counts until its absolute lifetime is over.
    ///
    /// ```
    /// # use std::num::NonZeroUsize;
    /// # use session_runtime::{LimitPolicy, Sessions};
    /// # use session_runtime::drivers::MemoryDriver;
    /// let five = NonZeroUsize::new(5).expect("not zero");
    /// let sessions = Sessions::builder(MemoryDriver::new())
    ///     .max_sessions_per_principal(five, LimitPolicy::EndOldest)
    ///     .build()?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    pub fn max_sessions_per_principal(mut self, most: NonZeroUsize, policy: LimitPolicy) -> Self {
        self.policy.limit = Some((most, policy));
        self
    }

    /// How large a session may grow, in bytes of keys and values with an allowance per entry: 1 MiB by default.
    pub fn max_record_bytes(mut self, bytes: usize) -> Self {
        self.policy.max_record_bytes = bytes;
        self
    }

    /// How long one call of the driver may take before the answer is 503: 2 seconds by default.
    pub fn driver_deadline(mut self, deadline: Duration) -> Self {
        self.policy.driver_deadline = deadline;
        self
    }

    /// How long an update is replayed against others before it gives up: 2 seconds by default.
    pub fn update_deadline(mut self, deadline: Duration) -> Self {
        self.policy.update_deadline = deadline;
        self
    }
}
