//! What was typed into a form before, for filling it again.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::select;

/// What was typed into a form before, without what is never kept: for filling the form again.
///
/// Names are the form's own, or dot paths: `address.city` finds what came as `address[city]` or as an object. It was not
/// accepted as it is, so reading it never fails: what is no `T` is `None`, and [`text`](OldInput::text) shows it all the
/// same. It is text of a stranger: escape it.
#[derive(Clone, Default, PartialEq)]
pub struct OldInput(Value);

impl OldInput {
    pub(crate) const fn new(input: Value) -> Self {
        Self(input)
    }

    /// What was typed into a field, if it is a `T`. Text is also read as the number or truth value that it spells (`on`,
    /// which browsers send for a ticked box, is `true`), and a single value as a list of one.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        let value = select::find(&self.0, field)?;
        let decode = |value: &Value| T::deserialize(value).ok();
        let spelled = || match value.as_str()?.trim() {
            "on" => decode(&Value::Bool(true)),
            text => serde_json::from_str(text).ok(),
        };
        let listed = || match value {
            Value::Array(_) => None,
            one => decode(&Value::Array(vec![one.clone()])),
        };
        decode(value).or_else(spelled).or_else(listed)
    }

    /// What was typed into a field as text; empty where nothing was. Of a list it is the first.
    #[must_use]
    pub fn text(&self, field: &str) -> String {
        select::find(&self.0, field).map(text_of).unwrap_or_default()
    }

    /// Whether a field was sent, empty or not.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        select::find(&self.0, field).is_some()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Value::Object(fields) => fields.is_empty(),
            Value::Array(values) => values.is_empty(),
            other => other.is_null(),
        }
    }

    /// All of it.
    #[must_use]
    pub const fn as_value(&self) -> &Value {
        &self.0
    }
}

/// Shows nothing of it.
impl fmt::Debug for OldInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OldInput").finish_non_exhaustive()
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(values) => values.first().map(text_of).unwrap_or_default(),
        Value::Null | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn old() -> OldInput {
        OldInput::new(json!({
            "age": "42", "bad": "abc", "n": 7, "yes": true, "box": "on", "one": "x", "two": ["x", "y"], "none": null,
            "o": {"p": "q"}, "zero": "007",
        }))
    }

    #[test]
    fn values_are_read_as_what_they_spell() {
        let old = old();
        assert_eq!((old.get::<u32>("age"), old.get::<String>("age")), (Some(42), Some("42".to_owned())));
        assert_eq!(
            (old.get::<u32>("bad"), old.get::<u32>("zero"), old.get::<u32>("gone")),
            (None, None, None)
        );
        assert_eq!(
            (old.get::<u8>("n"), old.get::<bool>("yes"), old.get::<bool>("box")),
            (Some(7), Some(true), Some(true))
        );
        assert_eq!(old.get::<Vec<String>>("one"), Some(vec!["x".to_owned()]));
        assert_eq!(old.get::<Vec<String>>("two"), Some(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(old.get::<String>("o.p"), Some("q".to_owned()));
    }

    #[test]
    fn as_text() {
        let texts =
            ["age", "n", "yes", "two", "none", "o", "o.p", "gone", "zero"].map(|field| old().text(field));
        assert_eq!(texts, ["42", "7", "true", "x", "", "", "q", "", "007"]);
        assert!(old().has("none") && !old().has("gone"));
        assert!(OldInput::default().is_empty() && OldInput::new(json!({})).is_empty() && !old().is_empty());
        assert_eq!(format!("{:?}", old()), "OldInput { .. }");
    }
}
