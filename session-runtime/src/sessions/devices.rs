//! One line of the list of a principal's sessions.

use crate::clock::Timestamp;
use crate::record::{DeviceFacts, Metadata};
use crate::session::UntypedSession;
use crate::token::Selector;

/// A live session of a principal, as [`PrincipalSessions::list`](crate::PrincipalSessions::list) shows it: what a person
/// needs to know his devices by, and nothing that opens the session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// Names the session: for [`revoke`](crate::PrincipalSessions::revoke). It opens nothing; show it to its owner only.
    pub selector: Selector,
    /// When the session was created, before its login perhaps.
    pub created_at: Timestamp,
    /// When it was last used, as far as it is stored: with the default settings, behind by a tenth of the idle timeout at
    /// the most. With a cookie driver the time of the login.
    pub seen_at: Timestamp,
    /// When the principal last proved who he is.
    pub authenticated_at: Option<Timestamp>,
    /// When it ends unless it is used. With a cookie driver when it ends however much it is used.
    pub expires_at: Timestamp,
    /// What the browser called itself at the login, made coarse: `Firefox on Linux`. The client chose it: escape it.
    pub agent: Option<Box<str>>,
    /// What the application [said](UntypedSession::note_address) of where the login came from.
    pub address: Option<Box<str>>,
}

impl Device {
    pub(super) fn new(selector: Selector, metadata: &Metadata) -> Self {
        let begun = metadata.authenticated_at.unwrap_or(metadata.created_at);
        let DeviceFacts { agent, address } = metadata.device().cloned().unwrap_or_default();
        Self {
            selector,
            created_at: metadata.created_at,
            seen_at: metadata.seen_at().unwrap_or(begun).max(begun),
            authenticated_at: metadata.authenticated_at,
            expires_at: metadata.deadlines.effective(),
            agent,
            address,
        }
    }

    /// Whether this is the session of the request.
    #[must_use]
    pub fn is_current(&self, session: &UntypedSession) -> bool {
        session.selector() == Some(self.selector)
    }
}
