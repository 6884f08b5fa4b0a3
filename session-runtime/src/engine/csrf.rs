//! Which key the tokens of a request's forms are made from, and which they are checked against.

use http::header::{COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue};

use crate::config::Start;
use crate::error::SessionError;
use crate::random::RandomError;
use crate::record::CsrfKey;
use crate::state::{Base, Phase, RequestState, Visitor};

use super::candidates::Candidates;
use super::exchange::Exchange;
use super::pairs::pairs_of;

impl Exchange {
    /// The key for a token that is about to be written, drawn if there is none yet.
    pub(crate) fn key_to_render(&self) -> Result<CsrfKey, SessionError> {
        let mut state = self.state();
        self.recall_visitor(&mut state);
        let key = match state.ground.csrf_key() {
            Some(key) => key,
            // A visitor could not be given it any more.
            None if state.phase == Phase::Finished || self.was_released() => {
                return Err(SessionError::Committed);
            }
            None => state.ground.changes.draw_csrf_key(&*self.core.random)?,
        };
        state.csrf.rendered = Some(key);
        Ok(key)
    }

    /// The key that tokens of this request may be made from.
    pub(crate) fn key_to_check(&self) -> Option<CsrfKey> {
        let mut state = self.state();
        self.recall_visitor(&mut state);
        state.ground.csrf_key()
    }

    /// Keeps of a request's cookies what a token may need: a session that was presented is known by its candidates, and
    /// looked for only where there are none. And what its browser calls itself, for a login.
    pub(crate) fn note_cookies(
        &self,
        state: &mut RequestState,
        headers: &HeaderMap,
        candidates: &Candidates,
    ) {
        state.csrf.presented = self.core.visitors.presented(headers);
        state.csrf.session_came = !candidates.is_empty() || self.has_session_cookie(headers);
        state.agent = headers.get(USER_AGENT).cloned();
    }

    /// Whether a cookie of a session's name says anything, be it nonsense.
    fn has_session_cookie(&self, headers: &HeaderMap) -> bool {
        let name = self.core.cookies.name().as_bytes();
        let value = |pair: &'_ [u8]| pair.strip_prefix(name)?.strip_prefix(b"=").map(<[u8]>::len);
        pairs_of(headers.get_all(COOKIE).iter()).any(|pair| value(pair).is_some_and(|length| length > 0))
    }

    /// Whether the browser remembers a session, or a visitor's key, that is no more.
    pub(crate) fn is_stale(&self) -> bool {
        let mut state = self.state();
        self.recall_visitor(&mut state);
        let visitor =
            || state.csrf.visitor == Visitor::Stranger && self.core.visitors.came(&state.csrf.presented);
        match state.ground.base {
            Base::Stored(_) | Base::Renewed { .. } => false,
            Base::Lost(_) => true,
            Base::Absent { .. } => !state.existed && (state.csrf.session_came || visitor()),
        }
    }

    /// The line that gives a visitor his key; the same one however often it is asked for.
    pub(crate) fn visitor_line(&self, key: &CsrfKey) -> Result<HeaderValue, RandomError> {
        if let Some((sealed, line)) = &self.state().csrf.line
            && sealed == key
        {
            return Ok(line.clone());
        }
        let line = self.core.visitors.live(key, &*self.core.random)?;
        self.state().csrf.line = Some((*key, line.clone()));
        Ok(line)
    }

    /// Has the session that is about to be stored take over the visitor's key, so that his open forms hold. Never one
    /// that somebody logs in to: whoever planted the key would know its tokens.
    pub(super) fn adopt_visitor(&self, state: &mut RequestState) {
        let creates = !state.ground.changes.is_empty() || self.core.policy.start == Start::OnFirstRequest;
        if creates {
            self.recall_visitor(state);
        }
        state.forget_stale_token();
    }

    fn recall_visitor(&self, state: &mut RequestState) {
        if !state.is_visitor() || state.ground.changes.csrf_key.is_some() {
            return;
        }
        if state.csrf.visitor == Visitor::Unasked {
            let opened = self.core.visitors.open(&state.csrf.presented);
            state.csrf.visitor = opened.map_or(Visitor::Stranger, Visitor::Known);
        }
        if let Visitor::Known(key) = state.csrf.visitor {
            state.ground.changes.csrf_key = Some(key);
        }
    }
}
