//! A schema as it was decided: what `lower` hands over and `generate` writes down. Nothing here can be wrong.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitStr, Path, Visibility};

pub(crate) struct Schema {
    /// Path of the runtime crate.
    pub(crate) runtime: Path,
    pub(crate) visibility: Visibility,
    pub(crate) ident: Ident,
    /// The name as a text, without `r#`.
    pub(crate) name: String,
    /// `ShopFields`.
    pub(crate) fields_ident: Ident,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The name as a text, without `r#`.
    pub(crate) name: String,
    pub(crate) visibility: Visibility,
    pub(crate) carried: Carried,
    /// The type as it may stand outside of the struct, where `Self` would mean something else.
    pub(crate) ty: TokenStream,
    pub(crate) type_text: String,
    pub(crate) key: String,
    pub(crate) secret: bool,
    pub(crate) kind: Kind,
}

/// Attributes of the user that go along with everything made from the field.
pub(crate) struct Carried {
    /// `cfg`: on every mention of the field.
    pub(crate) conditions: Vec<Attribute>,
    /// `doc` and `deprecated`: on the accessor.
    pub(crate) descriptions: Vec<Attribute>,
}

pub(crate) enum Kind {
    Value(Value),
    Flash {
        on_mismatch: OnMismatch,
        /// Milliseconds that the value waits to be read; else it is there for the next request only.
        waits: Option<u64>,
        max_bytes: Option<usize>,
    },
    Principal,
}

pub(crate) struct Value {
    pub(crate) default: Default,
    pub(crate) aliases: Vec<String>,
    pub(crate) survives_logout: bool,
    pub(crate) on_mismatch: OnMismatch,
}

/// What an absent field reads as.
pub(crate) enum Default {
    /// Nothing was written: the type decides.
    OfType,
    /// `default`: the type decides, and the author says so.
    OfTypeDeclared,
    /// `default = "text"`.
    Text(LitStr),
    /// `default = expression`.
    Expression(TokenStream),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnMismatch {
    Error,
    Default,
}
