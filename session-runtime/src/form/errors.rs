//! What is wrong with a form: messages per field and for the whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::name;

/// What is wrong with a form: for each field its messages in order, and messages for the whole.
///
/// Fields are in the order of their first message. `items[0].name`, `items[0][name]` and `items.0.name` are one field.
/// It serializes as `{"fields": {"email": ["..."]}, "general": ["..."]}`, in this order. Messages are shown to whoever
/// filled the form; they are text, to be escaped in HTML.
///
/// ```
/// use session_runtime::Errors;
/// let mut errors = Errors::new();
/// errors.add("email", "Please enter an address.").add_general("Nothing was ordered.");
/// assert_eq!(errors.first("email"), Some("Please enter an address."));
/// assert_eq!(errors.general(), ["Nothing was ordered."]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Errors {
    #[serde(with = "in_order", skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, Field>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    general: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    /// The how-manieth field it was to get a message.
    rank: usize,
    messages: Vec<String>,
}

impl Errors {
    /// Nothing is wrong.
    #[must_use]
    pub const fn new() -> Self {
        Self { fields: BTreeMap::new(), general: Vec::new() }
    }

    /// Adds a message to a field; without a field's name, to the whole form.
    pub fn add(&mut self, field: impl AsRef<str>, message: impl Into<String>) -> &mut Self {
        let field = name::dotted(field.as_ref());
        if field.is_empty() {
            return self.add_general(message);
        }
        messages_of(&mut self.fields, field).push(message.into());
        self
    }

    /// Adds a message for the whole form.
    pub fn add_general(&mut self, message: impl Into<String>) -> &mut Self {
        self.general.push(message.into());
        self
    }

    /// Adds what is wrong besides.
    pub fn merge(&mut self, other: Self) -> &mut Self {
        for (field, messages) in other.fields() {
            messages_of(&mut self.fields, Cow::Borrowed(field)).extend_from_slice(messages);
        }
        self.general.extend(other.general);
        self
    }

    /// Whether there is no message at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_empty()
    }

    /// How many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.values().map(|field| field.messages.len()).sum::<usize>() + self.general.len()
    }

    /// Whether something is wrong with a field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        !self.of(field).is_empty()
    }

    /// The first message of a field. It may be empty.
    #[must_use]
    pub fn first(&self, field: &str) -> Option<&str> {
        self.of(field).first().map(String::as_str)
    }

    /// The messages of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> &[String] {
        let found = self.fields.get(&*name::dotted(field));
        found.map(|field| field.messages.as_slice()).unwrap_or_default()
    }

    /// The fields with something wrong, in the order of their first message, and their messages.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &[String])> {
        let mut fields: Vec<_> = self.fields.iter().collect();
        fields.sort_by_key(|(_, field)| field.rank);
        fields.into_iter().map(|(name, field)| (name.as_str(), field.messages.as_slice()))
    }

    /// The messages for the whole form.
    #[must_use]
    pub fn general(&self) -> &[String] {
        &self.general
    }
}

fn messages_of<'f>(fields: &'f mut BTreeMap<String, Field>, name: Cow<'_, str>) -> &'f mut Vec<String> {
    let rank = fields.len();
    let field = fields.entry(name.into_owned()).or_insert(Field { rank, messages: Vec::new() });
    &mut field.messages
}

impl fmt::Display for Errors {
    /// How many there are: their text is for the form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} messages", self.len())
    }
}

/// A map that is written, and read, in the order of its fields' ranks.
mod in_order {
    use serde::ser::SerializeMap as _;

    use super::{BTreeMap, Cow, Deserializer, Field, MapAccess, Serializer, Visitor, fmt, messages_of};

    type Fields = BTreeMap<String, Field>;

    pub(super) fn serialize<S: Serializer>(fields: &Fields, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ranked: Vec<_> = fields.iter().collect();
        ranked.sort_by_key(|(_, field)| field.rank);
        let mut map = serializer.serialize_map(Some(ranked.len()))?;
        ranked.into_iter().try_for_each(|(name, field)| map.serialize_entry(name, &field.messages))?;
        map.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("messages by field")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::new();
                while let Some((name, messages)) = map.next_entry::<String, Vec<String>>()? {
                    messages_of(&mut fields, Cow::Owned(name)).extend(messages);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors() -> Errors {
        let mut errors = Errors::new();
        errors.add("name", "a").add("email", "b").add("name", "").add("", "c").add("items[0][n]", "d");
        errors
    }

    #[test]
    fn messages_are_kept_in_order() {
        let errors = errors();
        let fields: Vec<&str> = errors.fields().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "email", "items.0.n"]);
        assert_eq!(errors.of("name"), ["a", ""]);
        assert_eq!(errors.first("items[0].n"), Some("d"));
        assert_eq!(errors.general(), ["c"]);
        assert_eq!(
            (errors.len(), errors.is_empty(), errors.has("items"), errors.has("")),
            (5, false, false, false)
        );
    }

    #[test]
    fn they_survive_json() {
        let text = serde_json::to_string(&errors()).unwrap();
        let expected = r#"{"fields":{"name":["a",""],"email":["b"],"items.0.n":["d"]},"general":["c"]}"#;
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Errors>(&text).unwrap(), errors());
        assert_eq!(serde_json::from_str::<Errors>("{}").unwrap(), Errors::new());
        assert!(serde_json::from_str::<Errors>("[1]").is_err());
    }

    #[test]
    fn merging_appends() {
        let mut first = errors();
        let mut more = Errors::new();
        more.add("email", "x").add("zip", "y").add("zip", "z").add_general("w");
        first.merge(more);
        assert_eq!(first.of("email"), ["b", "x"]);
        assert_eq!(first.of("zip"), ["y", "z"]);
        assert_eq!(first.general(), ["c", "w"]);
        assert_eq!(first.fields().last().unwrap().0, "zip");
    }
}
