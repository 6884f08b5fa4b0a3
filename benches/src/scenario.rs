//! The scenarios by name, each over a rig of its own.

use crate::ours::Ours;
use crate::peer::Peer;

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// A handler without any session service; the request carries a cookie.
    Bare,
    /// The same for a visitor without a cookie, with which `New` is compared.
    BareNew,
    /// Only the hash of a verifier, which every load contains.
    Hash,
    /// Only one read of 32 bytes from the system's random source, which every new session contains.
    Random,
    /// Ours, with a cookie, the handler does not ask.
    Untouched,
    /// Ours, one text of five fields is read.
    Read,
    /// Ours, one number of five fields is incremented.
    Write,
    /// Ours, a visitor's first write.
    New,
    /// Ours, `Read` beside a field of 100 KB.
    ReadBesideLarge,
    /// Ours, `Write` beside a field of 100 KB.
    WriteBesideLarge,
    /// Ours over the cookie driver, `Read`.
    CookieRead,
    /// Ours over the cookie driver, `Write`.
    CookieWrite,
    /// The same with a store of revocations in this process.
    CheckedRead,
    /// The same with a store of revocations in this process.
    CheckedWrite,
    /// tower-sessions, with a cookie, the handler does not ask.
    PeerUntouched,
    /// tower-sessions, one text of five is read.
    PeerRead,
    /// tower-sessions, one number of five is incremented.
    PeerWrite,
    /// tower-sessions, a visitor's first write.
    PeerNew,
}

impl Scenario {
    /// All of them, the bare service first.
    pub const ALL: [Self; 18] = [
        Self::Bare,
        Self::BareNew,
        Self::Hash,
        Self::Random,
        Self::Untouched,
        Self::Read,
        Self::Write,
        Self::New,
        Self::ReadBesideLarge,
        Self::WriteBesideLarge,
        Self::CookieRead,
        Self::CookieWrite,
        Self::CheckedRead,
        Self::CheckedWrite,
        Self::PeerUntouched,
        Self::PeerRead,
        Self::PeerWrite,
        Self::PeerNew,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::BareNew => "bare-new",
            Self::Hash => "hash",
            Self::Random => "random",
            Self::Untouched => "untouched",
            Self::Read => "read",
            Self::Write => "write",
            Self::New => "new",
            Self::ReadBesideLarge => "read-beside-100kb",
            Self::WriteBesideLarge => "write-beside-100kb",
            Self::CookieRead => "cookie-read",
            Self::CookieWrite => "cookie-write",
            Self::CheckedRead => "cookie-checked-read",
            Self::CheckedWrite => "cookie-checked-write",
            Self::PeerUntouched => "tower-sessions-untouched",
            Self::PeerRead => "tower-sessions-read",
            Self::PeerWrite => "tower-sessions-write",
            Self::PeerNew => "tower-sessions-new",
        }
    }

    /// The scenario of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// The bare service that gets the same request.
    #[must_use]
    pub const fn bare(self) -> Self {
        match self {
            Self::New | Self::PeerNew | Self::BareNew => Self::BareNew,
            _ => Self::Bare,
        }
    }

    /// The peer's scenario of the same kind.
    #[must_use]
    pub const fn peer(self) -> Option<Self> {
        match self {
            Self::Untouched => Some(Self::PeerUntouched),
            Self::Read => Some(Self::PeerRead),
            Self::Write => Some(Self::PeerWrite),
            Self::New => Some(Self::PeerNew),
            _ => None,
        }
    }
}

/// A service made ready for one scenario.
#[derive(Debug)]
pub enum Rig {
    /// A bare service, ours, or only the hash.
    Ours(Ours),
    /// The peer's.
    Peer(Box<Peer>),
}

impl Rig {
    /// Prepares sessions, so that only requests are left to run.
    pub async fn ready(scenario: Scenario) -> Self {
        match scenario {
            Scenario::PeerUntouched | Scenario::PeerRead | Scenario::PeerWrite | Scenario::PeerNew => {
                Self::Peer(Box::new(Peer::ready(scenario).await))
            }
            _ => Self::Ours(Ours::ready(scenario).await),
        }
    }

    /// Runs so many requests, one after the other.
    pub async fn run(&mut self, requests: usize) {
        match self {
            Self::Ours(ours) => ours.run(requests).await,
            Self::Peer(peer) => peer.run(requests).await,
        }
    }
}
