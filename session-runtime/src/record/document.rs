//! A record as one JSON document, which people can read: for stores that keep whole records as text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::token::VerifierHash;
use crate::value::JsonFault;

use super::stored::Record;

use self::read::{Read, Version};
use self::written::Written;

mod read;
mod written;

impl Record {
    /// The record as a JSON document, for drivers that store text.
    ///
    /// Points in time are milliseconds since 1970; the verifier appears as its hash only; values stand as they are.
    /// [`from_document`](Record::from_document) reads the document back, to the byte of every value.
    ///
    /// ```
    /// use session_runtime::record::Record;
    /// # use session_runtime::record::{CsrfKey, Deadlines, Metadata};
    /// # use session_runtime::{Timestamp, VerifierHash};
    /// # let now = Timestamp::from_unix_millis(0);
    /// # let metadata = Metadata { created_at: now, authenticated_at: None, principal: None, epoch: 0,
    /// #     verifier: VerifierHash::from_bytes([0; 32]), superseded: None,
    /// #     deadlines: Deadlines { idle: now, absolute: now }, next_flash: 0,
    /// #     csrf_key: CsrfKey::from_bytes([0; 16]), more: None };
    /// # let record = Record::new(metadata, Default::default(), Vec::new());
    /// let document = record.to_document();
    /// assert_eq!(Record::from_document(&document)?, record);
    /// assert!(Record::from_document("{}").is_err());
    /// # Ok::<(), session_runtime::record::DocumentError>(())
    /// ```
    #[must_use]
    pub fn to_document(&self) -> String {
        let document = Written::of(self);
        // Strings, numbers and values that are JSON already: nothing that a serializer could refuse.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }

    /// Reads what [`to_document`](Record::to_document) wrote.
    ///
    /// # Errors
    /// [`DocumentError`] for everything else; it repeats no part of the text.
    pub fn from_document(text: &str) -> Result<Self, DocumentError> {
        let Version { version } = serde_json::from_str(text).map_err(DocumentError::json)?;
        if version != VERSION {
            return Err(DocumentError::Version { found: version });
        }
        serde_json::from_str::<Read<'_>>(text).map_err(DocumentError::json)?.into_record()
    }
}

/// Why a text is no document of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON, or not of the shape.
    #[error("the document of a session has the wrong form: {0}")]
    Form(JsonFault),
    /// It was written by another version of this crate.
    #[error("the document of a session has version {found}, and not {VERSION}")]
    Version {
        /// The version that it names.
        found: u64,
    },
    /// The hash of a verifier is not 43 characters of base64url.
    #[error("the hash of a verifier is damaged")]
    Verifier,
    /// The key of the session's forms is not 22 characters of base64url.
    #[error("the key of the session's forms is damaged")]
    CsrfKey,
    /// The fingerprint of the credentials is not 22 characters of base64url.
    #[error("the fingerprint of the credentials is damaged")]
    Credential,
    /// A field stands among those that survive a logout and among those that do not.
    #[error("a field appears twice")]
    Twice,
}

impl DocumentError {
    fn json(error: serde_json::Error) -> Self {
        Self::Form(error.into())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SupersededText {
    verifier: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    also: Option<String>,
    until: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Box<str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RenewalText {
    at: u64,
    previous: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    retired: Vec<String>,
}

fn coded(hash: &VerifierHash) -> String {
    URL_SAFE_NO_PAD.encode(hash.as_bytes())
}

const VERSION: u64 = 2;

#[cfg(test)]
mod tests;
