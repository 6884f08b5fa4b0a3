//! What can happen to a session, the name of each, and how loud it is told.

use tracing::Level;

/// What has happened.
///
/// Each kind has a [`name`](EventKind::name) that stays the same from release to release. The same name is the field
/// `event` of the event that `tracing` gets under the target `session`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A request has loaded a session.
    Loaded,
    /// A new session was stored.
    Created,
    /// Changes to a session were stored.
    Committed,
    /// Only the idle deadline of a session was moved.
    Touched,
    /// The secret of a session was replaced with its privilege: by a login, an elevation or `regenerate`.
    Rotated,
    /// The secret of a session was replaced because it was old.
    Renewed,
    /// A session was given to a principal.
    Login,
    /// A principal has proved anew who he is.
    Elevated,
    /// A request has ended the session of a principal: by a logout, an invalidation, or a login as somebody else.
    Logout,
    /// A request has ended its session, or left nothing of it.
    Destroyed,
    /// A session, or all of a principal's, were ended by something else than their own request.
    Revoked(Reason),
    /// A token of a session was presented whose time has passed.
    Expired,
    /// Changes were dropped, since the session was destroyed meanwhile.
    Gone,
    /// Changes were dropped, or a session reads as empty, since its privilege was changed meanwhile.
    Superseded,
    /// A secret was presented that had been replaced by a renewal, after its grace: the session was stolen, or its
    /// browser brought back to an earlier state.
    Replayed,
    /// A secret was presented that the session never had. Told ten times in a second at most; the next one that is told
    /// counts the others.
    Unrecognised,
    /// A login was refused, or sessions were ended for it, since the principal has as many as he may have.
    LimitReached,
    /// The store is away or did not answer in time. Ten in a second are told, and the next one counts the others.
    Unavailable,
    /// What is stored of a session cannot be read.
    Corrupt,
    /// The store has no room for another session. Told as often as [`Unavailable`](Self::Unavailable).
    Full,
    /// A commit that nobody waited for any more has failed.
    CommitFailed,
    /// A sealed session was opened with a key that no longer seals.
    OldKey,
    /// Sealed cookies were presented that do not open.
    SealRefused,
    /// Several valid session cookies were presented; the newest is used.
    SeveralValid,
    /// Expired sessions were removed.
    Swept,
}

/// Why sessions were revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// All sessions of the principal were to end.
    All,
    /// All but the present one were to end.
    Others,
    /// This one was to end, as from a list of devices.
    One,
    /// The principal had more sessions than he may have.
    Limit,
    /// A secret was presented that had been replaced, and the configuration takes that for theft.
    Replay,
    /// The principal's credentials are others than those that the session was bound to.
    Credentials,
    /// All were revoked while the login was on its way.
    Overtaken,
}

impl EventKind {
    /// The name, such as `session.created`: the same from release to release.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.told().0
    }

    /// How loud `tracing` is told of it.
    pub(super) const fn level(self) -> Level {
        self.told().1
    }

    /// What `tracing` shows to people.
    pub(super) const fn message(self) -> &'static str {
        self.told().2
    }

    const fn told(self) -> (&'static str, Level, &'static str) {
        match self {
            Self::Loaded => ("session.loaded", Level::TRACE, "session loaded"),
            Self::Touched => ("session.touched", Level::TRACE, "session touched"),
            Self::Created => ("session.created", Level::DEBUG, "session created"),
            Self::Committed => ("session.committed", Level::DEBUG, "session committed"),
            Self::Rotated => ("session.rotated", Level::DEBUG, "secret of a session replaced"),
            Self::Renewed => ("session.renewed", Level::DEBUG, "secret of a session renewed"),
            Self::Destroyed => ("session.destroyed", Level::DEBUG, "session ended by its request"),
            Self::Swept => ("session.swept", Level::DEBUG, "expired sessions removed"),
            Self::Login => ("session.login", Level::INFO, "login"),
            Self::Elevated => ("session.elevated", Level::INFO, "principal proved anew who he is"),
            Self::Logout => ("session.logout", Level::INFO, "logout"),
            Self::Revoked(_) => ("session.revoked", Level::INFO, "sessions revoked"),
            Self::Expired => ("session.expired", Level::INFO, "expired session presented"),
            Self::Gone => ("session.gone", Level::INFO, "changes to a destroyed session dropped"),
            Self::Superseded => ("session.superseded", Level::INFO, "request under a replaced secret"),
            Self::Unrecognised => ("session.unrecognised", Level::INFO, "wrong verifier presented"),
            Self::LimitReached => {
                ("session.limit_reached", Level::INFO, "no more sessions of this principal")
            }
            Self::OldKey => ("session.old_key", Level::INFO, "session opened with an old key"),
            Self::SealRefused => {
                ("session.seal_refused", Level::INFO, "session cookies presented that do not open")
            }
            Self::Replayed => ("session.replayed", Level::WARN, "secret presented that was renewed before"),
            Self::SeveralValid => (
                "session.several_valid",
                Level::WARN,
                "several valid session cookies presented, the newest is used",
            ),
            Self::Unavailable => ("session.unavailable", Level::WARN, "session store unavailable"),
            Self::Corrupt => ("session.corrupt", Level::WARN, "stored session cannot be read"),
            Self::Full => ("session.full", Level::WARN, "session store full"),
            Self::CommitFailed => {
                ("session.commit_failed", Level::WARN, "a commit on a task of its own failed")
            }
        }
    }
}

impl Reason {
    /// The name, such as `others`: the same from release to release.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Others => "others",
            Self::One => "one",
            Self::Limit => "limit",
            Self::Replay => "replay",
            Self::Credentials => "credentials",
            Self::Overtaken => "overtaken",
        }
    }
}
