//! What a slot works by: the facts of its field, and how to write, read and replace its value.
//!
//! The bounds of the type are asked for here, once; slots and snapshots call the functions that were stored, so
//! that a wrong type is one error, on the field.

use super::bounds::{SessionOption, SessionValue};
use super::info::FieldInfo;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) type Encode<T> = fn(&T) -> Result<String, serde_json::Error>;
pub(crate) type Decode<T> = fn(&str) -> Result<T, serde_json::Error>;

/// The definition of a field that holds a value.
#[derive(Debug)]
pub struct FieldDef<T> {
    pub(crate) info: &'static FieldInfo,
    /// What the field reads as while it is absent; evaluated each time.
    pub(crate) default: fn() -> T,
    pub(crate) encode: Encode<T>,
    pub(crate) decode: Decode<T>,
}

/// The definition of a flash field. `T` is an `Option`.
#[derive(Debug)]
pub struct FlashDef<T> {
    pub(crate) info: &'static FieldInfo,
    /// What the field reads as while nothing was flashed.
    pub(crate) absent: fn() -> T,
    pub(crate) is_absent: fn(&T) -> bool,
    pub(crate) encode: Encode<T>,
    pub(crate) decode: Decode<T>,
}

/// The definition of the principal. `T` is an `Option`.
#[derive(Debug)]
pub struct PrincipalDef<T> {
    pub(crate) info: &'static FieldInfo,
    /// What the field reads as before a login.
    pub(crate) absent: fn() -> T,
    pub(crate) is_absent: fn(&T) -> bool,
    pub(crate) encode: Encode<T>,
    pub(crate) decode: Decode<T>,
}

/// Defines a field that holds a value.
#[must_use]
pub const fn field<T: SessionValue>(info: &'static FieldInfo, default: fn() -> T) -> FieldDef<T> {
    FieldDef { info, default, encode: encode::<T>, decode: decode::<T> }
}

/// Defines a flash field.
#[must_use]
pub const fn flash<T: SessionOption>(info: &'static FieldInfo) -> FlashDef<T> {
    FlashDef {
        info,
        absent: absent::<T>,
        is_absent: is_absent::<T>,
        encode: encode_option::<T>,
        decode: decode_option::<T>,
    }
}

/// Defines the principal.
#[must_use]
pub const fn principal<T: SessionOption>(info: &'static FieldInfo) -> PrincipalDef<T> {
    PrincipalDef {
        info,
        absent: absent::<T>,
        is_absent: is_absent::<T>,
        encode: encode_option::<T>,
        decode: decode_option::<T>,
    }
}

fn encode<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(value)
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

fn absent<T: SessionOption>() -> T {
    T::from_option(None)
}

fn is_absent<T: SessionOption>(value: &T) -> bool {
    value.as_option().is_none()
}

fn encode_option<T: SessionOption>(value: &T) -> Result<String, serde_json::Error> {
    encode(&value.as_option())
}

fn decode_option<T: SessionOption>(text: &str) -> Result<T, serde_json::Error> {
    decode(text).map(T::from_option)
}

#[cfg(test)]
mod tests {
    use super::{FieldDef, FlashDef, field, flash};
    use crate::schema::info::{FieldInfo, FieldKind};

    static VIEWS_INFO: FieldInfo = FieldInfo::new("views", "views", FieldKind::Value, "u64");
    static VIEWS: FieldDef<u64> = field::<u64>(&VIEWS_INFO, || 7);
    static NOTICE_INFO: FieldInfo = FieldInfo::new("notice", "notice", FieldKind::Flash, "Option<String>");
    static NOTICE: FlashDef<Option<String>> = flash::<Option<String>>(&NOTICE_INFO);

    #[test]
    fn a_value_survives_the_way_through_its_text() {
        let text = (VIEWS.encode)(&42).unwrap();
        assert_eq!((VIEWS.decode)(&text).unwrap(), 42);
        assert_eq!((VIEWS.default)(), 7);
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        assert!((VIEWS.decode)("\"many\"").is_err());
    }

    #[test]
    fn an_option_is_the_text_of_what_it_holds() {
        let text = (NOTICE.encode)(&Some("saved".to_owned())).unwrap();
        assert_eq!(text, "\"saved\"");
        assert_eq!((NOTICE.decode)(&text).unwrap().as_deref(), Some("saved"));
    }

    #[test]
    fn nothing_is_absent_and_so_is_null() {
        assert_eq!((NOTICE.absent)(), None);
        assert!((NOTICE.is_absent)(&(NOTICE.decode)("null").unwrap()));
    }
}
