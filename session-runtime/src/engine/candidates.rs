//! The tokens that a request presents. In: its headers. Out: at most four well-formed ones.

use http::HeaderMap;
use http::header::COOKIE;

use crate::token::{Selector, Token};

/// Well-formed tokens under our cookie's name, in the order of the request.
///
/// A browser sends several where paths or sibling domains set cookies of one name; none of them is trusted for its
/// place in the list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidates([Option<Token>; MOST]);

impl Candidates {
    /// Names compare exactly (capitals included); what is no token is passed over.
    pub(crate) fn read(headers: &HeaderMap, name: &str) -> Self {
        let mut found = Self::default();
        for header in headers.get_all(COOKIE) {
            let header = header.as_bytes();
            let mut start = 0;
            for end in memchr::memchr_iter(b';', header).chain([header.len()]) {
                found.read_pair(header.get(start..end).unwrap_or_default().trim_ascii(), name);
                start = end + 1;
            }
        }
        found
    }

    fn read_pair(&mut self, pair: &[u8], name: &str) {
        let value = pair.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        if let Some(Ok(token)) = value.map(Token::parse) {
            self.push(token);
        }
    }

    pub(crate) fn one(token: Token) -> Self {
        let mut found = Self::default();
        found.push(token);
        found
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Token> {
        self.0.iter().flatten()
    }

    pub(crate) fn first(&self) -> Option<Selector> {
        self.iter().next().map(Token::selector)
    }

    fn push(&mut self, token: Token) {
        if self.iter().any(|known| known.is_same(&token)) {
            return;
        }
        if let Some(place) = self.0.iter_mut().find(|place| place.is_none()) {
            *place = Some(token);
        }
    }
}

/// More would make one request a lever for many reads of the store.
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[&[u8]]) -> Vec<String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, http::HeaderValue::from_bytes(header).unwrap());
        }
        Candidates::read(&map, "id").iter().map(Token::reveal).collect()
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
