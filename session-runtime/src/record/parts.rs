//! The pieces of a record: fields, flash entries, the principal and the metadata.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::clock::Timestamp;
use crate::token::VerifierHash;
use crate::value::{JsonText, Key};

use super::csrf_key::CsrfKey;
use super::more::More;

/// One stored field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The value as JSON text.
    pub json: JsonText,
    /// Whether a logout carries the field over. Stored with the field, so that a logout through any schema knows it.
    pub survives_logout: bool,
}

/// One value for a later request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlashEntry {
    /// Unique within its record for the record's whole life; consumption names it, so that an entry put meanwhile
    /// under the same key survives.
    pub id: u64,
    /// The name it was flashed under.
    pub key: Key,
    /// The value as JSON text.
    pub json: JsonText,
    /// Until when the entry waits to be read, at the longest; `None` if it is there for one request, read or not. Stored
    /// with the entry, so that a request through any schema knows it.
    pub until: Option<Timestamp>,
}

/// Whom a session belongs to after login.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    json: JsonText,
    key: PrincipalKey,
}

impl Principal {
    /// The principal whose id reads `json`.
    #[must_use]
    pub fn new(json: JsonText) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(PRINCIPAL_TAG);
        context.update(json.as_str().as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(context.finish().as_ref());
        Self { json, key: PrincipalKey(key) }
    }

    /// The id as JSON text.
    #[must_use]
    pub const fn json(&self) -> &JsonText {
        &self.json
    }

    /// What the principal index files it under.
    #[must_use]
    pub const fn key(&self) -> &PrincipalKey {
        &self.key
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Principal({})", self.key)
    }
}

/// A principal's place in the index: SHA-256 over a domain tag and the id's JSON text, so that the index tells no ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalKey([u8; 32]);

impl PrincipalKey {
    /// The key as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to file the principal under.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PrincipalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for PrincipalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrincipalKey({self})")
    }
}

/// When a session ends by itself: at the earlier of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// When it ends unless it is used; raised by activity, never past `absolute`.
    pub idle: Timestamp,
    /// When it ends however much it is used.
    pub absolute: Timestamp,
}

impl Deadlines {
    pub(crate) fn starting(now: Timestamp, idle: Duration, absolute: Duration) -> Self {
        let absolute = now.saturating_add(absolute);
        Self { idle: now.saturating_add(idle).min(absolute), absolute }
    }

    /// The deadline that counts.
    #[must_use]
    pub fn effective(&self) -> Timestamp {
        self.idle.min(self.absolute)
    }
}

/// The secrets that were replaced by the latest change of privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// Hash of the replaced verifier.
    pub verifier: VerifierHash,
    /// Hash of the one before it, if a [renewal](super::Renewal) had left that open.
    pub also: Option<VerifierHash>,
    /// Until when a request that still carries one of them is told apart from a stranger's.
    pub until: Timestamp,
}

/// What a record says about its session, beside the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// When the record was created.
    pub created_at: Timestamp,
    /// When the principal last proved who he is.
    pub authenticated_at: Option<Timestamp>,
    /// Whom the session belongs to.
    pub principal: Option<Principal>,
    /// Raised by every change of privilege; a commit applies only under the epoch it was loaded under.
    pub epoch: u64,
    /// Hash of the verifier that opens the session.
    pub verifier: VerifierHash,
    /// The verifier before that, for a short while.
    pub superseded: Option<Superseded>,
    /// When the session ends by itself.
    pub deadlines: Deadlines,
    /// Id of the next flash entry.
    pub next_flash: u64,
    /// What tokens against forged requests are made from; replaced by every change of privilege.
    pub csrf_key: CsrfKey,
    /// What few sessions have.
    pub more: Option<Box<More>>,
}

const PRINCIPAL_TAG: &[u8] = b"session/v1/principal-key";
