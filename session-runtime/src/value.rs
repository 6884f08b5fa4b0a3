//! The key and the JSON text of one stored value. In: serde values or text. Out: cheap, shared, immutable strings.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use smol_str::SmolStr;

/// The name of a field or of a flash entry. Cheap to clone.
///
/// ```
/// use session_runtime::Key;
/// assert_eq!(Key::from("theme").as_str(), "theme");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(SmolStr);

impl Key {
    /// A key known at compile time; never allocates.
    #[must_use]
    pub const fn from_static(key: &'static str) -> Self {
        Self(SmolStr::new_static(key))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The beginning of the key, for messages: a key may be as long as an attacker made it.
    pub(crate) fn shown(&self) -> impl fmt::Display {
        let mut start = self.0.char_indices();
        match start.nth(LONGEST_SHOWN) {
            Some((end, _)) => format!("{}…", self.0.get(..end).unwrap_or_default()),
            None => self.0.to_string(),
        }
    }
}

impl From<&str> for Key {
    fn from(key: &str) -> Self {
        Self(short_or_shared(key))
    }
}

impl From<String> for Key {
    fn from(key: String) -> Self {
        Self(SmolStr::from(key))
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}

/// One value as JSON text (RFC 8259). Cheap to clone; `Debug` shows its length only.
///
/// ```
/// use session_runtime::JsonText;
/// let text = JsonText::parse("{\"n\": 1}")?;
/// assert_eq!(text.as_str(), "{\"n\": 1}");
/// assert_eq!(format!("{text:?}"), "JsonText(8 bytes)");
/// assert!(JsonText::parse("{").is_err());
/// # Ok::<(), session_runtime::JsonFault>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(SmolStr);

impl JsonText {
    /// Takes over text that a driver stored, after checking that it is one JSON value. White space
    /// around it is dropped.
    ///
    /// # Errors
    /// [`JsonFault`] when it is not.
    pub fn parse(text: &str) -> Result<Self, JsonFault> {
        let value: &serde_json::value::RawValue = serde_json::from_str(text)?;
        Ok(Self(SmolStr::new(value.get())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn null() -> Self {
        Self(SmolStr::new_static("null"))
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// For text that was written by a serializer or a number formatter of this crate.
    pub(crate) fn trusted(text: impl Into<SmolStr>) -> Self {
        Self(text.into())
    }

    pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonFault> {
        Self::readable(serde_json::to_string(value)?)
    }

    pub(crate) fn copied(text: &str) -> Self {
        Self(short_or_shared(text))
    }

    /// Refuses text that is nested more deeply than it could be read back.
    pub(crate) fn readable(text: String) -> Result<Self, JsonFault> {
        if text.len() > 2 * DEEPEST && depth(&text) > DEEPEST {
            return Err(JsonFault { kind: JsonFaultKind::Depth, line: 1, column: 0 });
        }
        Ok(Self(text.into()))
    }

    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, JsonFault> {
        Ok(serde_json::from_str(&self.0)?)
    }
}

/// What a `SmolStr` keeps without an allocation, in bytes.
const SHORT: usize = 23;

/// What `SmolStr::new` does, without its search for white space.
#[inline]
fn short_or_shared(text: &str) -> SmolStr {
    if text.len() <= SHORT { SmolStr::new_inline(text) } else { SmolStr::from(Arc::<str>::from(text)) }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText({} bytes)", self.0.len())
    }
}

/// Why a value could not be written as JSON or read from it: the kind and the place.
///
/// The text of serde's own error is dropped on purpose, since it repeats parts of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at line {line} column {column}")]
pub struct JsonFault {
    kind: JsonFaultKind,
    line: usize,
    column: usize,
}

impl JsonFault {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> JsonFaultKind {
        self.kind
    }
}

impl From<serde_json::Error> for JsonFault {
    fn from(error: serde_json::Error) -> Self {
        let kind = match error.classify() {
            Category::Data => JsonFaultKind::Shape,
            Category::Io => JsonFaultKind::Unwritable,
            Category::Syntax | Category::Eof => JsonFaultKind::Syntax,
        };
        Self { kind, line: error.line(), column: error.column() }
    }
}

/// The kinds of [`JsonFault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonFaultKind {
    /// The text is JSON, but not of the wanted type; or the value has no form in JSON.
    Shape,
    /// The text is not JSON.
    Syntax,
    /// The value could not be written.
    Unwritable,
    /// The value is nested too deeply to be read back.
    Depth,
}

impl fmt::Display for JsonFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the value does not fit its type",
            Self::Syntax => "the text is not JSON",
            Self::Unwritable => "the value could not be written",
            Self::Depth => "the value is nested too deeply",
        })
    }
}

/// How deeply the arrays and objects of a JSON text are nested.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// How many characters of a key a message shows.
const LONGEST_SHOWN: usize = 80;

/// `serde_json` reads 127 levels.
const DEEPEST: usize = 127;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_written_can_be_read_back() {
        for levels in [1, 100, 127, 128, 5_000] {
            let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            let readable = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            assert_eq!(JsonText::readable(text).is_ok(), readable, "{levels} levels");
        }
    }

    #[test]
    fn brackets_in_strings_are_no_levels() {
        let text = format!("[\"{}\\\"[[\", \"\\\\\"]", "[".repeat(500));
        assert_eq!(depth(&text), 1, "{text}");
    }
}
