//! The tokens that a request presents. In: its headers. Out: at most four well-formed ones.

use http::HeaderMap;

use crate::token::{Selector, Token};

use super::core::Core;
use super::pairs::pairs;
use super::seals::Presented;

/// What a request presents: tokens that name sessions of a server's store, or sessions themselves.
pub(crate) enum Candidates {
    Tokens(Tokens),
    Sealed(Presented),
}

impl Candidates {
    pub(crate) const NONE: Self = Self::Tokens(Tokens { found: [None; MOST], came: false });

    pub(crate) fn read(core: &Core, headers: &HeaderMap) -> Self {
        match &core.seals {
            None => Self::Tokens(Tokens::read(headers, core.cookies.name())),
            Some(seals) => Self::Sealed(seals.read(core, headers)),
        }
    }

    pub(crate) fn one(token: Token) -> Self {
        let mut found = Tokens::default();
        found.push(token);
        Self::Tokens(found)
    }

    /// Which chunks of sealed sessions came: bit `n` for `name.n`.
    pub(super) fn chunks(&self) -> u64 {
        match self {
            Self::Tokens(_) => 0,
            Self::Sealed(presented) => presented.chunks,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Tokens(tokens) => tokens.first().is_none(),
            Self::Sealed(presented) => presented.sessions().next().is_none(),
        }
    }
}

/// Well-formed tokens under our cookie's name, in the order of the request.
///
/// A browser sends several where paths or sibling domains set cookies of one name; none of them is trusted for its
/// place in the list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tokens {
    found: [Option<Token>; MOST],
    /// Whether a request brought them: only then is an old one a sign of theft.
    came: bool,
}

impl Tokens {
    /// Names compare exactly (capitals included); what is no token is passed over.
    fn read(headers: &HeaderMap, name: &str) -> Self {
        let mut found = Self { came: true, ..Self::default() };
        for pair in pairs(headers) {
            found.read_pair(pair, name);
        }
        found
    }

    fn read_pair(&mut self, pair: &[u8], name: &str) {
        let value = pair.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        if let Some(Ok(token)) = value.map(Token::parse) {
            self.push(token);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Token> {
        self.found.iter().flatten()
    }

    pub(super) const fn came(&self) -> bool {
        self.came
    }

    pub(super) fn first(&self) -> Option<Selector> {
        self.iter().next().map(Token::selector)
    }

    fn push(&mut self, token: Token) {
        if self.iter().any(|known| known.is_same(&token)) {
            return;
        }
        if let Some(place) = self.found.iter_mut().find(|place| place.is_none()) {
            *place = Some(token);
        }
    }
}

/// More would make one request a lever for many reads of the store.
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn read(headers: &[&[u8]]) -> Vec<String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, http::HeaderValue::from_bytes(header).unwrap());
        }
        Tokens::read(&map, "id").iter().map(Token::reveal).collect()
    }

    fn token(filling: char) -> String {
        format!("{}A", filling.to_string().repeat(42))
    }

    #[test]
    fn finds_the_token_among_other_cookies() {
        let header = format!("a=b; id={}; c=d", token('B'));
        assert_eq!(read(&[header.as_bytes()]), [token('B')]);
    }

    #[test]
    fn finds_tokens_in_several_headers_beside_foreign_bytes() {
        let (first, second) = (format!("x=\u{fc}; id={}", token('B')), format!("id={}", token('C')));
        assert_eq!(read(&[first.as_bytes(), second.as_bytes()]), [token('B'), token('C')]);
    }

    #[test]
    fn names_compare_exactly() {
        let header = format!("ID={0}; iD={0}; xid={0}; id ={0}; id2={0}; id", token('B'));
        assert!(read(&[header.as_bytes()]).is_empty());
    }

    #[test]
    fn malformed_tokens_are_passed_over() {
        let header = format!("id=; id=short; id=\"{0}\"; id={0}x; id={1}; id==", token('B'), token('C'));
        assert_eq!(read(&[header.as_bytes()]), [token('C')]);
    }

    #[test]
    fn a_fifth_token_is_passed_over() {
        let header: Vec<String> = ('B'..='F').map(|filling| format!("id={}", token(filling))).collect();
        assert_eq!(read(&[header.join("; ").as_bytes()]).len(), 4);
    }
}
