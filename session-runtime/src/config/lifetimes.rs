//! How long sessions live and how many there may be, in words.

use std::time::Duration;

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: Duration,
    /// At the most, however much it is used.
    pub absolute: Duration,
}

/// What happens to a login beyond the limit of a principal's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitPolicy {
    /// The login fails with [`SessionError::TooManySessions`](crate::SessionError::TooManySessions): whoever is signed
    /// in stays so. A stranger who knows the password keeps its owner out this way.
    RefuseNew,
    /// The sessions with the oldest logins end.
    EndOldest,
}

/// What happens when a secret is presented that a renewal replaced, after its grace: somebody has an old copy of the
/// cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TheftResponse {
    /// It opens nothing and is told as an event (the default): a browser that was restored after a crash may present
    /// one, too.
    #[default]
    Report,
    /// The session ends as well, for whoever has the present secret. So it does where its own browser comes late: with a
    /// request whose session is loaded only when a long upload is done, after the secret was renewed, the new one came
    /// and the [grace](crate::Builder::renewal_grace) is over. Load the session first, or give such uploads a longer
    /// grace. A session that was loaded once is not judged again.
    End,
}
