//! How many and how large sessions may be, and how long anybody waits for their store.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::config::LimitPolicy;

use super::Builder;

impl Builder {
    /// How many sessions a principal may have, and what happens to a login beyond them: any number by default. Over a
    /// cookie driver this needs a store of what was revoked.
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
