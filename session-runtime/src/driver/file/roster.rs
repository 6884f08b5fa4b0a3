//! The principal index: one document per principal, with his generation and the selectors that may be his.
//!
//! An entry is written, under the lock of the principal's shard, before the record carries the principal, and the lock
//! is held until the record is written. Entries are taken out under the same lock, after the record was read again:
//! so no entry of a live session is ever taken out, however long a process is stopped between two steps. A crash between
//! the two leaves an entry without its session, which is verified away on reading.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::driver::answers::{Members, Owner};
use crate::driver::error::DriverError;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::disk::{Disk, Writing};
use super::fault::{Unreadable, corrupt};
use super::layout;
use super::records::Verified;

/// What the index says, verified, and whether it says things that are no longer so.
pub(super) struct Listed {
    pub(super) members: Members,
    pub(super) outdated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Roster {
    version: u64,
    generation: u64,
    /// When the generation was raised, in milliseconds since 1970; zero for never.
    revoked_at: u64,
    /// When each selector was entered, in milliseconds since 1970.
    sessions: BTreeMap<String, u64>,
}

impl Disk {
    /// Lists the selectors that are the principal's, each verified against its record. Needs no lock.
    pub(super) fn members(&self, principal: &PrincipalKey) -> Result<Listed, DriverError> {
        let roster = self.roster(principal)?.unwrap_or_default();
        let now = self.clock.now();
        let (mut selectors, mut outdated) = (Vec::new(), false);
        for (text, entered) in &roster.sessions {
            let verified =
                layout::selector(text).map(|selector| (selector, self.verify(&selector, principal)));
            match verified {
                Some((selector, Verified::His)) => selectors.push(selector),
                Some((_, Verified::Unknown)) => {}
                Some((_, Verified::NotHis)) | None => outdated |= is_settled(*entered, now),
            }
        }
        Ok(Listed { members: Members { generation: roster.generation, selectors }, outdated })
    }

    /// The generation alone, without a look at the records.
    pub(super) fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        Ok(self.roster(principal)?.unwrap_or_default().generation)
    }

    /// Writes down that the selector is about to be the principal's.
    pub(super) fn enter(&self, principal: &PrincipalKey, selector: &Selector) -> Result<(), DriverError> {
        let mut roster = self.roster(principal)?.unwrap_or_default();
        let text = layout::selector_text(selector);
        if roster.sessions.contains_key(&text) {
            // It stays while we hold the lock, and then the record speaks for it.
            return Ok(());
        }
        roster.sessions.insert(text, self.clock.now().unix_millis());
        self.replace(&Writing {
            path: &self.layout.entry(principal),
            text: &roster.text(),
            due: self.look_again(),
        })
    }

    /// Writes down that the selector is about to be the principal's, unless `most` others are his or may be on their way;
    /// the generation. Reads their records with the lock of his shard held, which needs none of theirs.
    pub(super) fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        let mut roster = self.roster(principal)?.unwrap_or_default();
        let (own, now) = (layout::selector_text(selector), self.clock.now());
        let count =
            |(text, entered): (&String, &u64)| *text != own && self.counts(text, *entered, principal, now);
        if roster.sessions.iter().map(count).filter(|counts| *counts).count() >= most {
            return Ok(None);
        }
        roster.sessions.insert(own, now.unix_millis());
        self.replace(&Writing {
            path: &self.layout.entry(principal),
            text: &roster.text(),
            due: self.look_again(),
        })?;
        Ok(Some(roster.generation))
    }

    /// Whether an entry stands for a session, or for a login that may be on its way. What cannot be read opens for nobody.
    fn counts(&self, text: &str, entered: u64, principal: &PrincipalKey, now: Timestamp) -> bool {
        let Some(selector) = layout::selector(text) else { return false };
        match self.record(&selector) {
            Ok(Some(record)) if Owner::Principal(principal).owns(&record) => !record.is_expired(now),
            Ok(_) => !is_settled(entered, now) && !self.is_buried(&selector).unwrap_or_default(),
            Err(_) => false,
        }
    }

    /// Raises the generation, then lists.
    pub(super) fn raise(&self, principal: &PrincipalKey) -> Result<Vec<Selector>, DriverError> {
        let mut roster = self.roster(principal)?.unwrap_or_default();
        let now = self.clock.now().unix_millis();
        // By the clock, so that an entry which was dropped and made anew does not repeat a generation.
        roster.generation = now.max(roster.generation.saturating_add(1));
        roster.revoked_at = now;
        self.replace(&Writing {
            path: &self.layout.entry(principal),
            text: &roster.text(),
            due: self.look_again(),
        })?;
        Ok(roster.sessions.keys().filter_map(|text| layout::selector(text)).collect())
    }

    /// Takes out selectors that were the principal's until now.
    pub(super) fn leave(&self, principal: &PrincipalKey, gone: &[Selector]) -> Result<(), DriverError> {
        let gone: Vec<String> = gone.iter().map(layout::selector_text).collect();
        self.prune(principal, |text, _| gone.iter().any(|gone| gone == text))
    }

    /// Takes out what is no longer so, but for what was entered within the last minute.
    pub(super) fn clean(&self, principal: &PrincipalKey) -> Result<(), DriverError> {
        let now = self.clock.now();
        self.prune(principal, |_, entered| is_settled(entered, now))
    }

    /// Takes out those that are suspected and turn out not to be his. A loss of power may undo this.
    fn prune(
        &self,
        principal: &PrincipalKey,
        is_suspect: impl Fn(&str, u64) -> bool,
    ) -> Result<(), DriverError> {
        let Some(mut roster) = self.roster(principal)? else { return Ok(()) };
        let before = roster.sessions.len();
        roster.sessions.retain(|text, entered| {
            let not_his = || {
                layout::selector(text)
                    .is_none_or(|selector| self.verify(&selector, principal) == Verified::NotHis)
            };
            !(is_suspect(text, *entered) && not_his())
        });
        let path = self.layout.entry(principal);
        if roster.sessions.is_empty() && roster.is_over(self.clock.now()) {
            return self.remove_lightly(&path);
        }
        let due = self.look_again();
        if roster.sessions.len() == before {
            self.put_off(&path, due);
            return Ok(());
        }
        self.replace_lightly(&Writing { path: &path, text: &roster.text(), due })
    }

    /// When a sweep should look for what a crash left in an entry that is written now.
    fn look_again(&self) -> Timestamp {
        self.clock.now().saturating_add(LOOK_AGAIN)
    }

    fn roster(&self, principal: &PrincipalKey) -> Result<Option<Roster>, DriverError> {
        let path = self.layout.entry(principal);
        let Some(text) = self.read(&path)? else { return Ok(None) };
        let roster: Roster =
            serde_json::from_str(&text).map_err(|error| corrupt(&path, Unreadable::Entry(error.into())))?;
        if roster.version == VERSION {
            Ok(Some(roster))
        } else {
            Err(corrupt(&path, Unreadable::Version(roster.version)))
        }
    }
}

impl Roster {
    fn text(&self) -> String {
        // Strings and numbers: nothing that a serializer could refuse.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether nobody can still compare with the generation.
    fn is_over(&self, now: Timestamp) -> bool {
        let raised = Timestamp::from_unix_millis(self.revoked_at);
        self.revoked_at == 0 || raised.saturating_add(REMEMBERED) <= now
    }
}

impl Default for Roster {
    fn default() -> Self {
        Self { version: VERSION, generation: 0, revoked_at: 0, sessions: BTreeMap::new() }
    }
}

/// Whether an entry is old enough to be judged by its record alone.
fn is_settled(entered: u64, now: Timestamp) -> bool {
    now.since(Timestamp::from_unix_millis(entered)) >= YOUNG
}

const VERSION: u64 = 1;
/// Entries are not cleaned before.
const YOUNG: Duration = Duration::from_secs(60);
/// How often a sweep verifies an entry that nobody reads.
const LOOK_AGAIN: Duration = Duration::from_secs(24 * 3_600);
/// How long the generation of a principal without sessions is kept; far longer than any request.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);
