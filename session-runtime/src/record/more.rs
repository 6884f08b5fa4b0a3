//! What few records say of their sessions: one pointer for those that say none of it.

use std::time::Duration;

use crate::clock::Timestamp;

use super::credential::CredentialMark;
use super::device::DeviceFacts;
use super::parts::Metadata;
use super::renewal::Renewal;

/// Metadata that few sessions have. A driver stores all of it and understands nothing of it.
///
/// A [record](super::Record::new) that is given one without any content has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// When the session was last seen: the time of the latest commit that moved the idle deadline while the session
    /// had a principal.
    pub seen_at: Option<Timestamp>,
    /// How long the session lives without being used, where that is not what was configured; in whole milliseconds.
    pub idle_for: Option<Duration>,
    /// Whether the principal asked to be remembered.
    pub remembered: bool,
    /// The device of the latest login.
    pub device: Option<DeviceFacts>,
    /// A fingerprint of the credentials of the latest login.
    pub credential: Option<CredentialMark>,
    /// Renewals of the secret since the latest change of privilege.
    pub renewal: Option<Renewal>,
}

impl Metadata {
    /// When the session of a principal was last seen, as far as that was noted: not before its first touch.
    #[must_use]
    pub fn seen_at(&self) -> Option<Timestamp> {
        self.more()?.seen_at
    }

    /// How long the session lives without being used; `None` for the configured time.
    #[must_use]
    pub fn idle_for(&self) -> Option<Duration> {
        self.more()?.idle_for
    }

    /// Whether the principal asked to be remembered.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        self.more().is_some_and(|more| more.remembered)
    }

    /// The device of the latest login.
    #[must_use]
    pub fn device(&self) -> Option<&DeviceFacts> {
        self.more()?.device.as_ref()
    }

    /// The fingerprint of the credentials of the latest login.
    #[must_use]
    pub fn credential(&self) -> Option<&CredentialMark> {
        self.more()?.credential.as_ref()
    }

    /// Renewals of the secret since the latest change of privilege.
    #[must_use]
    pub fn renewal(&self) -> Option<&Renewal> {
        self.more()?.renewal.as_ref()
    }

    fn more(&self) -> Option<&More> {
        self.more.as_deref()
    }

    /// All of it, to be changed; [`tidy`](Metadata::tidy) afterwards.
    pub(crate) fn more_mut(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Leaves nothing behind where there is nothing to say, and no part of a millisecond, so that what is stored reads
    /// back as it was.
    pub(crate) fn tidy(&mut self) {
        let Some(more) = self.more.as_deref_mut() else {
            return;
        };
        more.device.take_if(|device| device.is_empty());
        more.idle_for = more.idle_for.map(whole_millis);
        if *more == More::default() {
            self.more = None;
        }
    }
}

fn whole_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
