//! What a driver answers, and what it is asked by.

use crate::record::{PrincipalKey, Record};
use crate::token::Selector;

/// Whether [`Driver::create`](super::Driver::create) filed the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It did.
    Filed,
    /// The selector is taken, and what is there stays as it is.
    Taken,
}

/// Whose a record must be for [`Driver::destroy`](super::Driver::destroy) to destroy it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// Anybody's.
    Anyone,
    /// Nobody's: the session is not logged in.
    Nobody,
    /// This principal's.
    Principal(&'a PrincipalKey),
}

impl Owner<'_> {
    /// Whether `record` is such a one.
    #[must_use]
    pub fn owns(&self, record: &Record) -> bool {
        let principal = record.metadata().principal.as_ref();
        match self {
            Self::Anyone => true,
            Self::Nobody => principal.is_none(),
            Self::Principal(key) => principal.is_some_and(|principal| principal.key() == *key),
        }
    }
}

/// What the index says of a principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Differs from what was read before if, and only if, the principal's sessions were revoked since.
    pub generation: u64,
    /// Selectors that may be the principal's; to be verified against their records.
    pub selectors: Vec<Selector>,
}

/// Which sessions of a principal are too many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// As in [`Members`].
    pub generation: u64,
    /// Live sessions of the principal beyond the limit, the one with the oldest login first.
    pub over: Vec<Selector>,
}

/// What became of a session that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DriverFate {
    /// It never was, or it is forgotten.
    Unknown,
    /// It was destroyed, emptied by a commit, or revoked.
    Destroyed,
    /// Its deadline has come.
    Expired,
}
