//! What a broken driver makes of single values.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::time::Duration;

use session_runtime::record::{Commit, CsrfKey, FieldChange, FieldOp, Metadata, Record, Refusal};
use session_runtime::{Clock as _, JsonText, Key};

use super::broken::Broken;
use super::fault::Fault;

impl Broken {
    /// What goes wrong whatever is stored.
    pub(super) fn twist_details(&self, fault: Fault, commit: &mut Commit) {
        match fault {
            Fault::IgnoresLimit => commit.max_bytes = usize::MAX,
            Fault::JudgesByItsClock => commit.at = self.clock.now(),
            Fault::DatesLogins => {
                let change = commit.session_mut();
                change.authenticated |= change.login.is_some();
            }
            Fault::ForgetsVerifier => {
                if let Some(rotation) = &mut commit.session_mut().rotation {
                    rotation.grace = Duration::ZERO;
                }
            }
            Fault::KeepsCsrfKey => {
                if let Some(rotation) = &mut commit.session_mut().rotation {
                    rotation.csrf_key = None;
                }
            }
            Fault::ReplacesCsrfKey => {
                if let Some(rotation) = &mut commit.session_mut().rotation {
                    rotation.csrf_key.get_or_insert(CsrfKey::from_bytes([9; 16]));
                }
            }
            Fault::ForgetsHowLong => commit.flash.put.iter_mut().for_each(|new| new.until = None),
            _ => {}
        }
        for change in &mut commit.fields {
            match (&mut change.op, fault) {
                (_, Fault::ForgetsClass) => change.survives_logout = Some(false),
                (_, Fault::CutsKeys) => {
                    change.key = change.key.as_str().chars().take(255).collect::<String>().into();
                }
                (FieldOp::Set(json), Fault::WritesJsonAnew) => {
                    let value: serde_json::Value = serde_json::from_str(json.as_str()).unwrap_or_default();
                    *json = JsonText::parse(&value.to_string()).unwrap();
                }
                _ => {}
            }
        }
    }

    /// Says something else of each field than it was told; the sums that it computed by itself.
    pub(super) fn twist_fields(&self, commit: &mut Commit, record: Option<&Record>) -> Vec<(Key, JsonText)> {
        let mut sums = Vec::new();
        for change in &mut commit.fields {
            let stored = record.and_then(|record| record.field(change.key.as_str()));
            match &change.op {
                FieldOp::Add(addition) if self.is(Fault::AddsToAnything) => {
                    let number = stored.is_none_or(|field| addition.apply(Some(&field.json)).is_ok());
                    if let (false, Ok(sum)) = (number, addition.apply(None)) {
                        change.op = FieldOp::Set(sum);
                    }
                }
                FieldOp::Add(addition) if !self.is(Fault::SwapsBlindly) && !self.is(Fault::FoldsKeys) => {
                    let Ok(mut sum) = addition.apply(stored.map(|field| &field.json)) else { continue };
                    if self.is(Fault::AddsAsFloat) {
                        let float: f64 = sum.as_str().parse().unwrap();
                        sum = JsonText::parse(&float.to_string()).unwrap();
                    }
                    if self.is(Fault::RoundsFloats) && sum.as_str().contains('.') {
                        let float: f64 = sum.as_str().parse().unwrap();
                        sum = JsonText::parse(&format!("{float:.1}")).unwrap();
                    }
                    sums.push((change.key.clone(), sum.clone()));
                    change.op = FieldOp::Set(sum);
                }
                FieldOp::Swap { new, .. } if self.is(Fault::SwapsBlindly) => {
                    change.op = new.clone().map_or(FieldOp::Remove, FieldOp::Set);
                }
                _ if self.is(Fault::FoldsKeys) => change.key = change.key.as_str().to_lowercase().into(),
                _ => {}
            }
        }
        sums
    }
}

/// Refusals that nobody asked for.
pub(super) fn refusal(fault: Fault, record: &Record, commit: &Commit) -> Option<Refusal> {
    match fault {
        Fault::LimitsEverything if record.size() > commit.max_bytes => {
            Some(Refusal::TooLarge { biggest: record.fields().keys().next()?.clone(), bytes: record.size() })
        }
        Fault::RefusesNull => {
            let null =
                |key: &Key| record.field(key.as_str()).is_some_and(|field| field.json.as_str() == "null");
            let added = |change: &&FieldChange| matches!(change.op, FieldOp::Add(_)) && null(&change.key);
            let change = commit.fields.iter().find(added)?;
            Some(Refusal::NotANumber { key: change.key.clone() })
        }
        _ => None,
    }
}

/// The record as a store would keep it that takes a key for text which ends with a zero.
pub(super) fn with_cut_key(record: &Record) -> Record {
    let mut bytes = *record.metadata().csrf_key.as_bytes();
    bytes.iter_mut().skip_while(|byte| **byte != 0).for_each(|byte| *byte = 0);
    let metadata = Metadata { csrf_key: CsrfKey::from_bytes(bytes), ..record.metadata().clone() };
    Record::new(metadata, record.fields().clone(), record.flash().to_vec())
}
