//! What few commits change: the session as a whole.

use std::time::Duration;

use crate::token::VerifierHash;

use super::credential::CredentialChange;
use super::csrf_key::CsrfKey;
use super::device::DeviceFacts;
use super::parts::{Deadlines, Principal};

/// What a [`Commit`](super::Commit) changes of the session as a whole: its secret, whom it belongs to, how long it lives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionChange {
    /// A new verifier.
    pub rotation: Option<Rotation>,
    /// Whom the session belongs to from now on.
    pub login: Option<Principal>,
    /// Whether the principal proved who he is in this request; sets `authenticated_at` to `at`.
    pub authenticated: bool,
    /// Replaces both deadlines, before `idle_until` is looked at: with a login, or where the record is nobody's.
    pub deadlines: Option<Deadlines>,
    /// Replaces what the record says of its lifetime. A login without one takes that away.
    pub lifetime: Option<Lifetime>,
    /// Replaces what is known of the device. A login without it takes that away.
    pub device: Option<DeviceFacts>,
    /// Replaces the fingerprint of the credentials or takes it away. A login without it takes it away.
    pub credential: Option<CredentialChange>,
    /// Confirms a renewal: see [`Confirmation`].
    pub presented: Option<Confirmation>,
}

impl SessionChange {
    /// Nothing changes.
    pub const NONE: Self = Self {
        rotation: None,
        login: None,
        authenticated: false,
        deadlines: None,
        lifetime: None,
        device: None,
        credential: None,
        presented: None,
    };
}

/// As a commit carries it.
impl From<SessionChange> for Option<Box<SessionChange>> {
    fn from(change: SessionChange) -> Self {
        (change != SessionChange::NONE).then(|| Box::new(change))
    }
}

/// A new secret: by a change of privilege, or by a renewal.
///
/// A change of privilege raises the epoch, tells requests with the replaced verifiers apart for `grace`, and ends the
/// [renewals](super::Renewal) before it. A renewal moves none of that: it leaves the replaced verifier open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Hash of the verifier that opens the session from now on.
    pub verifier: VerifierHash,
    /// How long a request that carries the replaced verifier is told apart from a stranger's; nothing to a renewal,
    /// whose grace begins with its [confirmation](SessionChange::presented).
    pub grace: Duration,
    /// What tokens against forged requests are made from, from now on; `None` keeps the stored key, as renewals do.
    pub csrf_key: Option<CsrfKey>,
    /// Hash of the verifier that is renewed; `None` for a change of privilege. If the record has another one by now,
    /// nothing of the commit is applied and the answer is [`Refusal::Renewed`](super::Refusal::Renewed).
    pub renews: Option<VerifierHash>,
}

/// The verifier of the latest renewal was presented: the one before it opens the session only for a grace from now on.
/// Nothing happens if the record has another verifier by now, or if the grace has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Hash of the verifier that was presented.
    pub verifier: VerifierHash,
    /// How long the one before it opens the session still.
    pub grace: Duration,
}

/// What a record says of how long its session lives, beside the deadlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lifetime {
    /// How long it lives without being used; `None` for the configured time.
    pub idle_for: Option<Duration>,
    /// Whether the principal asked to be remembered.
    pub remembered: bool,
}
