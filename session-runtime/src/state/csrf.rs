//! What a request knows of the tokens of its forms, beside the key in its record.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;

use crate::record::CsrfKey;

use super::base::Base;
use super::changes::Privilege;
use super::request::{CookieChange, RequestState};

/// The `Cookie` headers of a request. The first, nearly always the only one, takes no allocation.
#[derive(Debug, Default)]
pub(crate) struct CookieLines {
    first: Option<HeaderValue>,
    others: Vec<HeaderValue>,
}

/// The tokens of a request's forms.
#[derive(Debug)]
pub(crate) struct CsrfState {
    /// Where a visitor without a session may have his key.
    pub(crate) presented: CookieLines,
    /// Whether a session was presented, be it one that is no more.
    pub(crate) session_came: bool,
    /// What was found there.
    pub(crate) visitor: Visitor,
    /// The key of the latest token that was written, while it holds.
    pub(crate) rendered: Option<CsrfKey>,
    /// The line that gives the visitor that key, once it was sealed.
    pub(crate) line: Option<(CsrfKey, HeaderValue)>,
    /// Whether this request led to a session with other rights: a visitor's key is not to be used any more.
    pub(crate) renewed: bool,
}

/// Who the visitor is, by the cookies he came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// Nobody has looked yet.
    Unasked,
    /// No cookie opens.
    Stranger,
    Known(CsrfKey),
}

/// What the response tells the browser about a visitor's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitorCookie {
    /// Nothing; but the page may hold a token, which is nobody else's.
    Kept {
        rendered: bool,
    },
    Live(CsrfKey),
    Removal,
}

impl CookieLines {
    /// Those in which `name` stands at all: most requests have none, and pay for no copy.
    pub(crate) fn of(headers: &HeaderMap, name: &memmem::Finder<'_>) -> Self {
        let lines = headers.get_all(COOKIE).into_iter();
        let mut lines = lines.filter(|line| name.find(line.as_bytes()).is_some()).cloned();
        Self { first: lines.next(), others: lines.collect() }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HeaderValue> {
        self.first.iter().chain(&self.others)
    }
}

impl CsrfState {
    pub(super) const EMPTY: Self = Self {
        presented: CookieLines { first: None, others: Vec::new() },
        session_came: false,
        visitor: Visitor::Unasked,
        rendered: None,
        line: None,
        renewed: false,
    };
}

impl RequestState {
    /// Whether the visitor's own key counts: there is no session, and none of other rights is on its way.
    pub(crate) fn is_visitor(&self) -> bool {
        matches!(self.ground.base, Base::Absent { .. } | Base::Lost(_))
            && self.ground.changes.privilege == Privilege::Unchanged
    }

    /// Forgets a token whose key is not the one that the request leads to.
    pub(crate) fn forget_stale_token(&mut self) {
        if self.csrf.rendered != self.ground.csrf_key() {
            self.csrf.rendered = None;
        }
    }

    /// Keeps a token that was written on a page alive, where its session turned out to hold nothing: it is the visitor's
    /// from now on.
    pub(crate) fn keep_token(&mut self) {
        if self.ground.base.stored().is_none() && self.ground.changes.csrf_key.is_none() {
            self.ground.changes.csrf_key = self.csrf.rendered;
        }
    }

    /// What becomes of a visitor's key with a response that was not a failure, after its commit.
    pub(crate) fn visitor_cookie(&self) -> VisitorCookie {
        let has_record = match (&self.cookie, &self.ground.base) {
            (Some(CookieChange::Live { .. } | CookieChange::Sealed(_)), _) => true,
            (Some(CookieChange::Removal), _) => false,
            (None, base) => base.stored().is_some(),
        };
        let lost = matches!(self.ground.base, Base::Lost(_));
        match self.csrf.rendered {
            Some(key) if !has_record && !lost && self.csrf.visitor != Visitor::Known(key) => {
                VisitorCookie::Live(key)
            }
            _ if self.csrf.renewed => VisitorCookie::Removal,
            rendered => VisitorCookie::Kept { rendered: rendered.is_some() },
        }
    }
}
