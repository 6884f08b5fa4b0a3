//! What an application decided, told when it starts: whoever reads its log sees for how long its sessions live.

use crate::config::{CookieConfig, Policy};

/// The lifetimes that count, written down or not (OWASP ASVS 5.0, 7.1.1 and 7.1.2).
pub(super) fn tell(policy: &Policy, cookie: &CookieConfig) {
    tracing::info!(
        target: "session",
        event = "session.configured",
        idle_timeout = ?policy.idle_timeout,
        absolute_lifetime = ?policy.absolute_lifetime,
        remembered = ?policy.remembered,
        renew_every = ?policy.renew_every,
        limit = ?policy.limit,
        cookie = cookie.name,
        clear_with_browser = cookie.clear_with_browser,
        "sessions configured"
    );
}
