//! What the server answered, as a record.

use redis::Value;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::{PrincipalKey, Record};
use crate::token::Selector;

use super::failure::{Cause, Failure};
use super::layout::{self, Standing};

/// The record in a session's value, be it expired; none where there is none.
pub(super) fn record(selector: &Selector, answer: &Value) -> Result<Option<Record>, DriverError> {
    match answer {
        Value::Nil => Ok(None),
        Value::BulkString(value) => layout::record(selector, value).map_err(|_| corrupt()),
        _ => Err(not_understood()),
    }
}

/// Whether the head of a session's value says that it is live and the principal's.
pub(super) fn is_his(head: &Value, principal: &PrincipalKey, now: Timestamp) -> Result<bool, DriverError> {
    Ok(match standing(head)? {
        Some(Standing::Live { deadline, owner: Some(owner), .. }) => {
            now < deadline && owner == principal.to_string()
        }
        _ => false,
    })
}

/// What the head of a session's value says; none where there is no session.
pub(super) fn standing(head: &Value) -> Result<Option<Standing<'_>>, DriverError> {
    match head {
        Value::BulkString(head) if head.is_empty() => Ok(None),
        Value::BulkString(head) => match layout::standing(head) {
            Some(standing) => Ok(Some(standing)),
            None => Err(corrupt()),
        },
        _ => Err(not_understood()),
    }
}

pub(super) fn text(value: &Value) -> Result<&str, DriverError> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).map_err(|_| corrupt()),
        Value::SimpleString(text) => Ok(text),
        _ => Err(not_understood()),
    }
}

pub(super) fn corrupt() -> DriverError {
    DriverError::Corrupt { source: "what lies under a session's key in redis cannot be read".into() }
}

/// An answer of the wrong kind. What was asked for may have been done.
pub(super) fn not_understood() -> DriverError {
    Failure::Lost(Cause::Protocol).of_write()
}
