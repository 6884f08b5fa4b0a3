//! What a browser sent, by name.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// What a browser sent in a form, name by name, as it was typed. Files are not in it.
///
/// It is what a form is filled with again: hand it to [`Form::accept`](crate::Form::accept), and not the struct that was
/// made of it, whose values are trimmed and converted. It serializes as an object; a name that came more than once
/// becomes a list. `Debug` shows the names only.
///
/// ```
/// use session_runtime::Input;
/// let input = Input::from_urlencoded(b"email=ada%40example.org&tag=a&tag=b");
/// assert_eq!(input.first("email"), Some("ada@example.org"));
/// assert_eq!(input.all("tag"), ["a", "b"]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Input {
    fields: BTreeMap<String, Vec<String>>,
}

impl Input {
    /// Nothing was typed.
    #[must_use]
    pub const fn new() -> Self {
        Self { fields: BTreeMap::new() }
    }

    /// Reads the body of an ordinary form, or a query: `application/x-www-form-urlencoded`. What is not UTF-8 is
    /// replaced by U+FFFD.
    #[must_use]
    pub fn from_urlencoded(body: &[u8]) -> Self {
        form_urlencoded::parse(body).collect()
    }

    /// Adds one value, as of a text part of `multipart/form-data`.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.entry(name.into()).or_default().push(value.into());
    }

    /// The first value of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }

    /// The first value of this name without white space around it, or nothing.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default().trim()
    }

    /// All values of this name, in their order.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Whether nothing was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for Input {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(name, value)| self.push(name, value));
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Input {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut input = Self::new();
        input.extend(pairs);
        input
    }
}

impl Serialize for Input {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, values) in &self.fields {
            match values.as_slice() {
                [value] => map.serialize_entry(name, value)?,
                values => map.serialize_entry(name, values)?,
            }
        }
        map.end()
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Input").field(&self.fields.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_text_and_several_are_a_list() {
        let input = Input::from_urlencoded(b"a=1&b=x+y%26&a=2&c&=d");
        let json = serde_json::to_string(&input).unwrap();
        assert_eq!(json, r#"{"":"d","a":["1","2"],"b":"x y&","c":""}"#);
        assert_eq!((input.first("a"), input.first("z")), (Some("1"), None));
    }

    #[test]
    fn debug_shows_no_value() {
        let input = Input::from_urlencoded(b"password=hunter2");
        assert_eq!(format!("{input:?}"), r#"Input(["password"])"#);
    }
}
