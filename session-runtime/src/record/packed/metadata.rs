//! Metadata as bytes.
//!
//! ```text
//! shape (1) | verifiers (32 each) | key of forms (16) | numbers | facts
//! ```
//!
//! Facts are there only where the shape says so: what few sessions have.
//!
//! ```text
//! facts (1) | verifier (32) | credential (16) | seen | idle | renewal
//! ```

use std::time::Duration;

use crate::clock::Timestamp;
use crate::record::credential::CredentialMark;
use crate::record::csrf_key::CsrfKey;
use crate::record::more::More;
use crate::record::parts::{Deadlines, Metadata, Superseded};
use crate::record::renewal::Renewal;
use crate::token::VerifierHash;

use super::{Reader, Writer};

/// Which of the metadata's texts there are.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    pub(super) principal: bool,
    pub(super) agent: bool,
    pub(super) address: bool,
}

impl Writer {
    pub(super) fn metadata(&mut self, metadata: &Metadata) {
        let Metadata { created_at, deadlines, .. } = metadata;
        // A cookie has no verifier: possession of the sealed text proves possession of the session.
        let verifier = Some(metadata.verifier).filter(|hash| *hash.as_bytes() != NO_VERIFIER);
        let superseded = metadata.superseded.as_ref();
        let facts = facts(metadata);
        self.0.push(bits([
            (true, FORM),
            (metadata.principal.is_some(), OWNED),
            (metadata.authenticated_at.is_some(), AUTHENTICATED),
            (verifier.is_some(), VERIFIED),
            (superseded.is_some(), SUPERSEDED),
            (facts != 0, FACTS),
        ]));
        for hash in verifier.iter().chain(superseded.map(|old| &old.verifier)) {
            self.bytes(hash.as_bytes());
        }
        self.bytes(metadata.csrf_key.as_bytes());
        self.number(created_at.unix_millis());
        let later = [Some(deadlines.idle), Some(deadlines.absolute), metadata.authenticated_at];
        for time in later.into_iter().chain([superseded.map(|old| old.until)]).flatten() {
            self.later(time, *created_at);
        }
        self.number(metadata.epoch);
        self.number(metadata.next_flash);
        if facts != 0 {
            self.facts(facts, metadata);
        }
    }

    fn facts(&mut self, facts: u8, metadata: &Metadata) {
        self.0.push(facts);
        if let Some(also) = metadata.superseded.and_then(|old| old.also) {
            self.bytes(also.as_bytes());
        }
        let Some(more) = &metadata.more else {
            return;
        };
        if let Some(credential) = &more.credential {
            self.bytes(credential.as_bytes());
        }
        if let Some(seen_at) = more.seen_at {
            self.later(seen_at, metadata.created_at);
        }
        if let Some(idle) = more.idle_for {
            self.number(u64::try_from(idle.as_millis()).unwrap_or(u64::MAX));
        }
        if let Some(Renewal { at, previous, until, retired }) = &more.renewal {
            self.bytes(previous.as_bytes());
            self.later(*at, metadata.created_at);
            self.length(retired.len() << 1 | usize::from(until.is_some()));
            if let Some(until) = until {
                self.later(*until, metadata.created_at);
            }
            for hash in retired {
                self.bytes(hash.as_bytes());
            }
        }
    }

    fn later(&mut self, time: Timestamp, created_at: Timestamp) {
        self.number(time.unix_millis().wrapping_sub(created_at.unix_millis()));
    }
}

impl Reader<'_> {
    /// All but the texts; which of these there are.
    pub(super) fn metadata(&mut self) -> Option<(Metadata, Texts)> {
        let [shape] = *self.array()?;
        if shape & FORM == 0 {
            return None;
        }
        let verifier = if shape & VERIFIED == 0 { None } else { Some(self.hash()?) };
        let superseded = if shape & SUPERSEDED == 0 { None } else { Some(self.hash()?) };
        let csrf_key = CsrfKey::from_bytes(*self.array()?);
        let created_at = Timestamp::from_unix_millis(self.number()?);
        let deadlines = Deadlines { idle: self.later(created_at)?, absolute: self.later(created_at)? };
        let authenticated_at = if shape & AUTHENTICATED == 0 { None } else { Some(self.later(created_at)?) };
        let superseded = match superseded {
            Some(verifier) => Some(Superseded { verifier, also: None, until: self.later(created_at)? }),
            None => None,
        };
        let mut metadata = Metadata {
            created_at,
            authenticated_at,
            principal: None,
            epoch: self.number()?,
            verifier: verifier.unwrap_or(VerifierHash::from_bytes(NO_VERIFIER)),
            superseded,
            deadlines,
            next_flash: self.number()?,
            csrf_key,
            more: None,
        };
        let facts = if shape & FACTS == 0 { 0 } else { self.facts(&mut metadata)? };
        let is_there = |bit| facts & bit != 0;
        let texts =
            Texts { principal: shape & OWNED != 0, agent: is_there(AGENT), address: is_there(ADDRESS) };
        Some((metadata, texts))
    }

    /// What there is; none that says nothing, and no second verifier beside none.
    #[cold]
    fn facts(&mut self, metadata: &mut Metadata) -> Option<u8> {
        let [facts] = *self.array()?;
        let is_there = |bit| facts & bit != 0;
        if is_there(ALSO) {
            metadata.superseded.as_mut()?.also = Some(self.hash()?);
        }
        let created_at = metadata.created_at;
        let mut more = More { remembered: is_there(REMEMBERED), ..More::default() };
        if is_there(CREDENTIAL) {
            more.credential = Some(CredentialMark::from_bytes(*self.array()?));
        }
        if is_there(SEEN) {
            more.seen_at = Some(self.later(created_at)?);
        }
        if is_there(IDLE) {
            more.idle_for = Some(Duration::from_millis(self.number()?));
        }
        if is_there(RENEWAL) {
            more.renewal = Some(self.renewal(created_at)?);
        }
        if more != More::default() {
            metadata.more = Some(Box::new(more));
        }
        (facts != 0).then_some(facts)
    }

    fn renewal(&mut self, created_at: Timestamp) -> Option<Renewal> {
        let previous = self.hash()?;
        let (at, shape) = (self.later(created_at)?, self.length()?);
        let until = if shape & 1 == 0 { None } else { Some(self.later(created_at)?) };
        let mut retired = Vec::new();
        for _ in 0..shape >> 1 {
            retired.push(self.hash()?);
        }
        Some(Renewal { at, previous, until, retired })
    }

    fn hash(&mut self) -> Option<VerifierHash> {
        self.array().copied().map(VerifierHash::from_bytes)
    }

    fn later(&mut self, created_at: Timestamp) -> Option<Timestamp> {
        Some(Timestamp::from_unix_millis(created_at.unix_millis().wrapping_add(self.number()?)))
    }
}

/// Which facts there are.
fn facts(metadata: &Metadata) -> u8 {
    let also = metadata.superseded.is_some_and(|old| old.also.is_some());
    let also = bits([(also, ALSO)]);
    let Some(more) = &metadata.more else {
        return also;
    };
    let device = more.device.as_ref();
    also | bits([
        (more.seen_at.is_some(), SEEN),
        (more.idle_for.is_some(), IDLE),
        (more.remembered, REMEMBERED),
        (device.is_some_and(|device| device.agent.is_some()), AGENT),
        (device.is_some_and(|device| device.address.is_some()), ADDRESS),
        (more.credential.is_some(), CREDENTIAL),
        (more.renewal.is_some(), RENEWAL),
    ])
}

fn bits<const N: usize>(flags: [(bool, u8); N]) -> u8 {
    flags.into_iter().fold(0, |bits, (is_there, bit)| bits | if is_there { bit } else { 0 })
}

const NO_VERIFIER: [u8; 32] = [0; 32];

/// Bits of the shape: what there is besides what every record has.
const OWNED: u8 = 1;
const AUTHENTICATED: u8 = 1 << 1;
const VERIFIED: u8 = 1 << 2;
const SUPERSEDED: u8 = 1 << 3;
/// In every shape: one without it is of an older form, which had no key of forms.
pub(super) const FORM: u8 = 1 << 4;
pub(super) const FACTS: u8 = 1 << 5;

/// Bits of the facts.
const SEEN: u8 = 1;
const IDLE: u8 = 1 << 1;
const REMEMBERED: u8 = 1 << 2;
const AGENT: u8 = 1 << 3;
const ADDRESS: u8 = 1 << 4;
const CREDENTIAL: u8 = 1 << 5;
const RENEWAL: u8 = 1 << 6;
const ALSO: u8 = 1 << 7;
