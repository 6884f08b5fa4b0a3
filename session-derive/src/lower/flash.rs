//! Takes what was written in `flash(..)`; gives how long the value waits, and how many bytes it may have.

use super::durations::millis;
use crate::attr::FlashWritten;
use crate::diagnostics;
use crate::errors::Errors;
use crate::model::{Kind, OnMismatch};
use syn::{Ident, LitInt, LitStr};

pub(super) fn lower_flash(written: &FlashWritten, on_mismatch: OnMismatch, errors: &mut Errors) -> Kind {
    let FlashWritten { until_read, max_age, max_bytes } = written;
    let waits = match (until_read.is_written(), max_age.get()) {
        (true, Some((_, text))) => Some(duration(text, errors)),
        (true, None) => Some(AN_HOUR),
        (false, Some((key, text))) => {
            errors.push(diagnostics::max_age_alone(key, text));
            None
        }
        (false, None) => None,
    };
    let max_bytes = max_bytes.get().and_then(|number| bytes(number, errors));
    Kind::Flash { on_mismatch, waits, max_bytes }
}

/// Keys of forms and redirects are spelt as the runtime spells them.
pub(super) fn check_reserved(key: &str, field: &Ident, rename: Option<&LitStr>, errors: &mut Errors) {
    if !RESERVED.iter().any(|reserved| key.starts_with(reserved)) {
        return;
    }
    errors.push(match rename {
        Some(rename) => diagnostics::reserved_key(rename, key),
        None => diagnostics::reserved_key(field, key),
    });
}

fn duration(text: &LitStr, errors: &mut Errors) -> u64 {
    let found = millis(&text.value());
    if found.is_none() {
        errors.push(diagnostics::not_a_duration(text));
    }
    found.unwrap_or(AN_HOUR)
}

fn bytes(number: &LitInt, errors: &mut Errors) -> Option<usize> {
    let found = number.base10_parse().ok().filter(|bytes| *bytes > 0);
    if found.is_none() {
        errors.push(diagnostics::no_bytes(number));
    }
    found
}

const AN_HOUR: u64 = 3_600_000;
const RESERVED: [&str; 3] = ["_old:", "_errors:", "_intended"];
