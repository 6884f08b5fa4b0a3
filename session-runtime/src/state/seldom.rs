//! What few requests say: of the session as a whole, and of its principal's others.

use std::fmt;

use crate::config::Lifetimes;
use crate::record::{CredentialChange, CredentialMark, DeviceFacts, PrincipalKey};
use crate::token::Selector;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seldom {
    /// Whose other sessions end. An ending: it is kept where the work of the request is dropped.
    pub(crate) others: Vec<PrincipalKey>,
    /// How long the session is to live.
    pub(crate) lifetime: Option<Lifespan>,
    /// What is known of the device that the principal signs in on.
    pub(crate) device: Option<DeviceFacts>,
    /// What becomes of the fingerprint of the credentials.
    pub(crate) credential: Option<Credentials>,
}

impl Seldom {
    pub(crate) const NOTHING: Self =
        Self { others: Vec::new(), lifetime: None, device: None, credential: None };

    /// What is kept of it where the work of the request is dropped.
    pub(crate) fn only_ending(self) -> Self {
        Self { others: self.others, ..Self::NOTHING }
    }

    /// This and then what was said `later`.
    pub(crate) fn followed_by(self, later: Self) -> Self {
        let device = match (self.device, later.device) {
            (Some(before), Some(later)) => Some(before.followed_by(later)),
            (before, later) => later.or(before),
        };
        Self {
            others: union(self.others, later.others),
            lifetime: later.lifetime.or(self.lifetime),
            device,
            credential: later.credential.or(self.credential),
        }
    }
}

/// How long a session is to live, as the application chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifespan {
    /// As the configuration says.
    Usual,
    /// As it says of those that are to be remembered.
    Remembered,
    Chosen(Lifetimes),
}

/// What becomes of the fingerprint of the credentials. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// One is made of these bytes, when the session's selector is known.
    Bind(Box<[u8]>),
    Forget,
}

impl Credentials {
    /// What a commit says of it to the session of this name.
    pub(crate) fn change(&self, selector: &Selector) -> CredentialChange {
        match self {
            Self::Bind(current) => CredentialChange::Bind(CredentialMark::of(selector, current)),
            Self::Forget => CredentialChange::Forget,
        }
    }

    /// What a new session of this name keeps of it.
    pub(crate) fn mark(&self, selector: &Selector) -> Option<CredentialMark> {
        match self.change(selector) {
            CredentialChange::Bind(mark) => Some(mark),
            CredentialChange::Forget => None,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bind(_) => "Bind(..)",
            Self::Forget => "Forget",
        })
    }
}

/// Each of them once.
fn union(mut all: Vec<PrincipalKey>, more: Vec<PrincipalKey>) -> Vec<PrincipalKey> {
    all.extend(more);
    all.sort_unstable();
    all.dedup();
    all
}
