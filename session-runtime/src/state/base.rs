//! What a request starts from: a stored record, nothing, what a logout left, or a session that was lost to it.

use crate::record::{Field, Fields, Principal, PrincipalKey, Record};
use crate::token::{Selector, Token};

/// The ground that a request's changes stand on.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// Nothing is stored for this visitor. Names the dead session whose token he presented, if he did.
    Absent { presented: Option<Selector> },
    /// A live session.
    Stored(Stored),
    /// The session was ended in this request; a new one would start with these fields.
    Renewed { survivors: Fields },
    /// The session is out of this request's reach: what it writes is dropped, and no cookie goes out.
    Lost(Loss),
}

#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The token that opens the session as of now.
    pub(crate) token: Token,
    pub(crate) record: Record,
    /// The principal's generation as it was sealed into a cookie; zero where a server keeps the session.
    pub(crate) generation: u64,
}

impl Stored {
    pub(crate) const fn on_server(token: Token, record: Record) -> Self {
        Self { token, record, generation: 0 }
    }
}

/// How a session was lost to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It was destroyed meanwhile.
    Gone,
    /// Its privilege was changed meanwhile.
    Superseded,
}

/// A session that this request ends.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) session: Stored,
    /// Whether the application asked for the end, rather than for a login as somebody else, of which it is a part.
    pub(crate) asked_for: bool,
    /// Whether the fields that survive a logout are carried over.
    pub(crate) carries_over: bool,
}

impl Base {
    pub(crate) const ABSENT: Self = Self::Absent { presented: None };

    pub(crate) fn stored(&self) -> Option<&Stored> {
        match self {
            Self::Stored(stored) => Some(stored),
            _ => None,
        }
    }

    pub(crate) fn record(&self) -> Option<&Record> {
        self.stored().map(|stored| &stored.record)
    }

    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        match self {
            Self::Stored(stored) => stored.record.field(key),
            Self::Renewed { survivors } => survivors.get(key),
            Self::Absent { .. } | Self::Lost(_) => None,
        }
    }

    pub(crate) fn fields(&self) -> Option<&Fields> {
        match self {
            Self::Stored(stored) => Some(stored.record.fields()),
            Self::Renewed { survivors } => Some(survivors),
            Self::Absent { .. } | Self::Lost(_) => None,
        }
    }

    pub(crate) fn principal(&self) -> Option<&Principal> {
        self.record().and_then(|record| record.metadata().principal.as_ref())
    }
}

impl Ending {
    /// What is left where only the ending counts: the fields that survive a logout, as they were stored.
    pub(crate) fn remainder(self) -> Base {
        let fields = self
            .session
            .record
            .fields()
            .iter()
            .filter(|(_, field)| field.survives_logout && self.carries_over);
        Base::Renewed { survivors: fields.map(|(key, field)| (key.clone(), field.clone())).collect() }
    }

    pub(crate) fn owner(&self) -> Option<&PrincipalKey> {
        self.session.record.metadata().principal.as_ref().map(Principal::key)
    }
}
