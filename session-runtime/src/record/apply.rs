//! Applying a commit to a record: one pure function for every driver that holds whole records.
//! In: the stored record and the commit. Out: the record to store instead, or why nothing is stored.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::value::{JsonText, Key};

use super::change::{Applied, Commit, FieldChange, FieldOp, FlashChange, Refusal};
use super::credential::CredentialChange;
use super::number::NumberFault;
use super::parts::{Field, Metadata, Superseded};
use super::renewal;
use super::session_change::{Lifetime, Rotation, SessionChange};
use super::stored::{Parts, Record};

/// What a driver has to do, computed by [`Record::apply`].
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Store this record in place of the old one, and answer [`Applied::Stored`] with the sums.
    Store(Record, Vec<(Key, JsonText)>),
    /// Destroy the record, and answer [`Applied::Emptied`].
    Destroy,
    /// Leave the record as it is, and answer this.
    Leave(Applied),
}

impl Record {
    /// What `commit` makes of this record.
    ///
    /// Checks first (deadline, epoch, renewed verifier, expected texts, numbers, size), so that a refusal changes nothing. Flash that is
    /// consumed never destroys a record; a removal that leaves neither field nor flash nor principal does.
    ///
    /// ```
    /// use session_runtime::record::{Commit, Verdict};
    /// # use session_runtime::record::{CsrfKey, Deadlines, Metadata, Record};
    /// # use session_runtime::{Timestamp, VerifierHash};
    /// # let now = Timestamp::from_unix_millis(0);
    /// # let later = Timestamp::from_unix_millis(1_000);
    /// # let metadata = Metadata { created_at: now, authenticated_at: None, principal: None, epoch: 3,
    /// #     verifier: VerifierHash::from_bytes([0; 32]), superseded: None,
    /// #     deadlines: Deadlines { idle: later, absolute: later }, next_flash: 0,
    /// #     csrf_key: CsrfKey::from_bytes([0; 16]), more: None };
    /// # let record = Record::new(metadata, Default::default(), Vec::new());
    /// let touched = record.apply(&Commit { idle_until: Some(later), ..Commit::unchanged(3, now) });
    /// assert!(matches!(touched, Verdict::Store(..)));
    /// let stale = record.apply(&Commit::unchanged(2, now));
    /// assert_eq!(stale, Verdict::Leave(session_runtime::record::Applied::Superseded));
    /// ```
    #[must_use]
    pub fn apply(&self, commit: &Commit) -> Verdict {
        self.clone().into_applied(commit)
    }

    /// The same of a record that is needed no more: changed in place if nobody else holds it.
    pub(crate) fn into_applied(mut self, commit: &Commit) -> Verdict {
        if self.is_expired(commit.at) {
            return Verdict::Leave(Applied::Gone);
        }
        if self.metadata().epoch != commit.epoch {
            return Verdict::Leave(Applied::Superseded);
        }
        let renewed = commit.session().rotation.and_then(|rotation| rotation.renews);
        if renewed.is_some_and(|verifier| verifier != self.metadata().verifier) {
            return Verdict::Leave(Applied::Refused(Refusal::Renewed));
        }
        let before = self.size();
        let parts = Arc::make_mut(&mut self.0);
        parts.revision = None;
        match change_fields(parts, commit) {
            Ok(sums) => {
                change_flash(parts, &commit.flash);
                change_metadata(&mut parts.metadata, commit);
                judge(before, self, sums, commit)
            }
            Err(refusal) => Verdict::Leave(Applied::Refused(refusal)),
        }
    }
}

/// `before` is the size of the record that was stored.
fn judge(before: usize, changed: Record, sums: Vec<(Key, JsonText)>, commit: &Commit) -> Verdict {
    if commit.removes() && changed.is_empty() {
        return Verdict::Destroy;
    }
    // What does not grow passes even over a limit that was lowered since, so that it can be got under again.
    let oversize = changed.oversize(commit.max_bytes);
    match oversize.filter(|_| changed.size() > before) {
        Some(refusal) => Verdict::Leave(Applied::Refused(refusal)),
        None => Verdict::Store(changed, sums),
    }
}

fn change_fields(parts: &mut Parts, commit: &Commit) -> Result<Vec<(Key, JsonText)>, Refusal> {
    if commit.clear {
        parts.fields.clear();
    }
    let mut sums = Vec::new();
    for change in &commit.fields {
        let stored = parts.fields.get(change.key.as_str()).map(|field| &field.json);
        let next = match &change.op {
            FieldOp::Set(json) => Some(json.clone()),
            FieldOp::Remove => None,
            FieldOp::Add(addition) => {
                let sum = addition.apply(stored).map_err(|fault| refusal(fault, change))?;
                sums.push((change.key.clone(), sum.clone()));
                Some(sum)
            }
            FieldOp::Swap { expected, new } if stored == expected.as_ref() => new.clone(),
            FieldOp::Swap { .. } => {
                return Err(Refusal::Conflict { key: change.key.clone() });
            }
        };
        store(parts, change, next);
    }
    Ok(sums)
}

fn store(parts: &mut Parts, change: &FieldChange, next: Option<JsonText>) {
    match (next, parts.fields.get_mut(change.key.as_str())) {
        (Some(json), Some(field)) => {
            field.json = json;
            field.survives_logout = change.survives_logout.unwrap_or(field.survives_logout);
        }
        (Some(json), None) => {
            let survives_logout = change.survives_logout.unwrap_or_default();
            parts.fields.insert(change.key.clone(), Field { json, survives_logout });
        }
        (None, _) => {
            parts.fields.remove(change.key.as_str());
        }
    }
}

fn refusal(fault: NumberFault, change: &FieldChange) -> Refusal {
    let key = change.key.clone();
    match fault {
        NumberFault::NotANumber => Refusal::NotANumber { key },
        NumberFault::Overflow => Refusal::Overflow { key },
    }
}

fn change_flash(parts: &mut Parts, change: &FlashChange) {
    if !change.consume.is_empty() {
        parts.flash.retain(|entry| !change.consume.contains(&entry.id));
    }
    for new in &change.put {
        let id = parts.metadata.next_flash;
        parts.metadata.next_flash += 1;
        parts.flash.push(new.clone().filed(id));
    }
}

fn change_metadata(metadata: &mut Metadata, commit: &Commit) {
    if let Some(change) = &commit.session {
        change_session(metadata, change, commit.at);
    }
    if let Some(idle) = commit.idle_until {
        let deadlines = &mut metadata.deadlines;
        deadlines.idle = deadlines.idle.max(idle).min(deadlines.absolute);
        if metadata.principal.is_some() {
            let seen_at = &mut metadata.more_mut().seen_at;
            *seen_at = (*seen_at).max(Some(commit.at));
        }
    }
}

fn change_session(metadata: &mut Metadata, change: &SessionChange, at: Timestamp) {
    if let Some(rotation) = &change.rotation {
        rotate(metadata, rotation, at);
    }
    if let Some(principal) = &change.login {
        metadata.principal = Some(principal.clone());
    }
    if change.authenticated {
        metadata.authenticated_at = Some(at);
    }
    if let Some(confirmation) = &change.presented {
        renewal::confirm(metadata, confirmation, at);
    }
    change_more(metadata, change);
    if let Some(deadlines) = change.deadlines {
        metadata.deadlines = deadlines;
    }
}

fn rotate(metadata: &mut Metadata, rotation: &Rotation, at: Timestamp) {
    if rotation.renews.is_some() {
        renewal::renew(metadata, rotation, at);
    } else {
        let also = renewal::also_superseded(metadata, at);
        let until = at.saturating_add(rotation.grace);
        metadata.superseded = Some(Superseded { verifier: metadata.verifier, also, until });
        metadata.verifier = rotation.verifier;
        metadata.epoch += 1;
        if let Some(more) = &mut metadata.more {
            more.renewal = None;
        }
    }
    metadata.csrf_key = rotation.csrf_key.unwrap_or(metadata.csrf_key);
}

/// What the login before said of lifetime, device and credentials is nothing to the next one.
fn change_more(metadata: &mut Metadata, change: &SessionChange) {
    let SessionChange { login, lifetime, device, credential, .. } = change;
    let forgets = login.is_some() && metadata.more.is_some();
    if forgets || lifetime.is_some() {
        let Lifetime { idle_for, remembered } = lifetime.unwrap_or_default();
        let more = metadata.more_mut();
        (more.idle_for, more.remembered) = (idle_for, remembered);
    }
    if forgets || device.is_some() {
        metadata.more_mut().device.clone_from(device);
    }
    if forgets || credential.is_some() {
        metadata.more_mut().credential = match credential {
            Some(CredentialChange::Bind(mark)) => Some(*mark),
            Some(CredentialChange::Forget) | None => None,
        };
    }
    metadata.tidy();
}

#[cfg(test)]
mod tests;
