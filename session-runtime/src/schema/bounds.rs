//! What types of fields must be able to do. Takes a type that cannot; makes rustc say so on the field, with the cure.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// A type that a session can hold: serde writes it as JSON and reads it back.
///
/// Implemented for every type that meets the bounds.
#[diagnostic::on_unimplemented(
    message = "a field of a session must be serializable, deserializable and `Send`",
    label = "`{Self}` is not",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` on `{Self}`, or on the types that it is made of"
)]
pub trait SessionValue: Serialize + DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + 'static> SessionValue for T {}

/// The type of a flash or principal field: an `Option`, because both can be absent.
#[diagnostic::on_unimplemented(
    message = "flash and principal fields are declared as `Option`",
    label = "`{Self}` cannot be absent",
    note = "write `Option<{Self}>`"
)]
pub trait SessionOption: Sized {
    /// What is there, if it is.
    type Inner: SessionValue;

    /// What is there, if it is.
    fn as_option(&self) -> Option<&Self::Inner>;

    /// The same, taken out.
    fn into_option(self) -> Option<Self::Inner>;

    /// The field that holds `value`.
    fn from_option(value: Option<Self::Inner>) -> Self;
}

impl<T: SessionValue> SessionOption for Option<T> {
    type Inner = T;

    fn as_option(&self) -> Option<&T> {
        self.as_ref()
    }

    fn into_option(self) -> Self {
        self
    }

    fn from_option(value: Self) -> Self {
        value
    }
}

/// A type that says what an absent field reads as.
///
/// Implemented for every [`Default`].
#[diagnostic::on_unimplemented(
    message = "a field without a value must have a default",
    label = "`{Self}` has none",
    note = "write `#[session(default = ..)]` on the field, implement `Default` for `{Self}`, or declare an `Option<{Self}>`"
)]
pub trait SessionDefault: Sized {
    /// The value of an absent field.
    fn default_value() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> SessionDefault for T {
    fn default_value() -> Self {
        Self::default()
    }
}

/// What an absent field of type `T` reads as when the schema does not say.
#[must_use]
pub fn default_of<T: SessionDefault>() -> T {
    T::default_value()
}

/// A type that a string literal in `#[session(default = "..")]` can stand for.
#[diagnostic::on_unimplemented(
    message = "this default is a text, and the field is none",
    label = "`{Self}` cannot be made from a string literal",
    note = "write an expression of the field's type: `#[session(default = 10)]`, `#[session(default = Theme::Light)]`"
)]
pub trait FromText: Sized {
    /// The value that `text` stands for.
    fn from_text(text: &'static str) -> Self;
}

macro_rules! from_text {
    ($($target:ty),+) => {
        $(impl FromText for $target {
            fn from_text(text: &'static str) -> Self {
                text.into()
            }
        })+
    };
}

from_text!(String, Box<str>, Arc<str>, Cow<'static, str>, PathBuf);

impl<T: FromText> FromText for Option<T> {
    fn from_text(text: &'static str) -> Self {
        Some(T::from_text(text))
    }
}

/// What a string literal in `#[session(default = "..")]` goes through.
#[must_use]
pub fn default_text<T: FromText>(text: &'static str) -> T {
    T::from_text(text)
}

#[cfg(test)]
mod tests {
    use super::{default_of, default_text};
    use std::borrow::Cow;

    #[test]
    fn a_text_becomes_whatever_holds_texts() {
        assert_eq!(default_text::<String>("light"), "light");
        assert_eq!(default_text::<Option<String>>("light").as_deref(), Some("light"));
        assert_eq!(default_text::<Cow<'static, str>>("light"), "light");
    }

    #[test]
    fn the_type_decides_where_the_schema_is_silent() {
        assert_eq!(default_of::<u64>(), 0);
        assert_eq!(default_of::<Option<String>>(), None);
    }
}
