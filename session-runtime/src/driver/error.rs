//! What can go wrong between the core and a store.

use std::error::Error;
use std::fmt;

use crate::record::DocumentError;

/// A foreign cause.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Why a driver could not do what it was asked.
///
/// A missing, expired or foreign record is no error; those are answers of the contract.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The store is away or did not answer in time.
    #[error("the session store is unavailable ({applied})")]
    Unavailable {
        /// Whether the change may have been applied all the same.
        applied: Applicability,
        /// What the store's client said.
        source: BoxError,
    },
    /// What is stored cannot be read. It is left as it is.
    #[error("a stored session cannot be read")]
    Corrupt {
        /// What is wrong with it; must not repeat stored values.
        source: BoxError,
    },
    /// There is no room for another session, and none that may be evicted.
    #[error("the session store is full")]
    Full,
}

impl DriverError {
    /// The store is away, and nothing was applied.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::Unavailable { applied: Applicability::No, source: source.into() }
    }

    /// The same error of a step whose predecessors were carried out: for drivers that end sessions one after the other.
    #[cfg(any(feature = "memory", feature = "redis"))]
    pub(crate) fn after_effect(self) -> Self {
        match self {
            Self::Unavailable { source, .. } => Self::Unavailable { applied: Applicability::Unknown, source },
            other => other,
        }
    }
}

impl From<DocumentError> for DriverError {
    fn from(error: DocumentError) -> Self {
        Self::Corrupt { source: error.into() }
    }
}

/// Whether a change took effect although no answer said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Applicability {
    /// It did not.
    No,
    /// Nobody knows: the request may have left before the connection broke. It is never sent again.
    Unknown,
}

impl fmt::Display for Applicability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "nothing was applied",
            Self::Unknown => "it is unknown whether the change was applied",
        })
    }
}
