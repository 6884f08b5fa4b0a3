//! Every message of the derive. Takes the place and the facts; gives the rule that was broken and, on a second
//! line that rustc shows as `help:`, a form that can be pasted.

mod flash;

pub(crate) use self::flash::{empty_flash_list, max_age_alone, no_bytes, not_a_duration, reserved_key};

use crate::attr::{ContainerKey, FieldKey, Key};
use crate::suggest::nearest;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;
use syn::{Attribute, FieldsUnnamed, Generics, LitStr};

fn error(place: &impl ToTokens, rule: impl Display, help: impl Display) -> syn::Error {
    syn::Error::new_spanned(place, text(rule, help))
}

fn text(rule: impl Display, help: impl Display) -> String {
    format!("{rule}\nhelp: {help}")
}

/// "`a`, `b`, `c`"
fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn first_attribute<K: Key>() -> String {
    K::ALL.first().copied().map(K::attribute).unwrap_or_default()
}

// The shape of the item.

pub(crate) fn wrong_item(keyword: &impl ToTokens, found: &str, name: &Ident) -> syn::Error {
    error(
        keyword,
        format_args!("`{name}` is {found}, a schema is a struct with named fields"),
        format_args!("write `struct {name} {{ theme: String }}`; {found} can be the type of a field"),
    )
}

pub(crate) fn tuple_struct(fields: &FieldsUnnamed, name: &Ident) -> syn::Error {
    error(
        fields,
        format_args!("the fields of the schema `{name}` have no names, expected named fields"),
        format_args!("write `struct {name} {{ theme: String }}`: each name is a key and an accessor"),
    )
}

pub(crate) fn unit_struct(keyword: &impl ToTokens, name: &Ident) -> syn::Error {
    error(
        keyword,
        format_args!("the schema `{name}` has no list of fields, expected named fields in braces"),
        format_args!("write `struct {name} {{}}` for a schema without fields"),
    )
}

pub(crate) fn generics(generics: &Generics, name: &Ident) -> syn::Error {
    error(
        &generics.params,
        format_args!(
            "the schema `{name}` has generic parameters, but what a session holds is of one fixed type"
        ),
        "remove the parameters and write the types out: `Vec<u64>`, `Cow<'static, str>`",
    )
}

pub(crate) fn hidden_accessor(field: &Ident, owner: &str) -> syn::Error {
    error(
        field,
        format_args!("the accessor of the field `{field}` would be hidden by the method of `{owner}`"),
        format_args!("give the field another name and keep its key: `#[session(rename = \"{field}\")]`"),
    )
}

// The form of an attribute.

pub(crate) fn not_a_list<K: Key>(written: &Attribute) -> syn::Error {
    error(
        written,
        format_args!("`session` on {} needs a list of keys in parentheses", K::PLACE),
        format_args!("write {}, or remove the attribute", first_attribute::<K>()),
    )
}

pub(crate) fn empty_list(written: &Attribute) -> syn::Error {
    error(written, "`#[session()]` sets nothing", "remove it")
}

pub(crate) fn not_a_key<K: Key>(at: Span, found: &TokenStream) -> syn::Error {
    let message = text(
        format_args!("expected a key of {}, one of {}", K::LIST, list(&K::names())),
        format_args!("write {}", first_attribute::<K>()),
    );
    if found.is_empty() { syn::Error::new(at, message) } else { syn::Error::new_spanned(found, message) }
}

pub(crate) fn unknown_key<K: Key>(key: &Ident) -> syn::Error {
    let names = K::names();
    let help = match nearest(&key.to_string(), &names) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("write one of them, such as {}", first_attribute::<K>()),
    };
    error(key, format_args!("unknown key `{key}` in {}, expected one of {}", K::LIST, list(&names)), help)
}

/// `Here` is where the key was written, `There` where it belongs.
pub(crate) fn misplaced_key<Here: Key, There: Key>(key: &Ident, meant: There) -> syn::Error {
    error(
        key,
        format_args!("`{key}` belongs on {}, not on {}", There::PLACE, Here::PLACE),
        format_args!("move it: {} above {}", meant.attribute(), There::PLACE),
    )
}

pub(crate) fn repeated_key(key: &Ident) -> syn::Error {
    error(key, format_args!("`{key}` is set twice"), "remove one of the two")
}

pub(crate) fn missing_comma(rest: &TokenStream) -> syn::Error {
    let next = rest.clone().into_iter().next();
    let text = next.as_ref().map(ToString::to_string).unwrap_or_default();
    error(
        &next,
        format_args!("expected `,` before `{text}`"),
        "separate the keys with commas: `flash, secret`",
    )
}

pub(crate) fn missing_value<K: Key>(key: &Ident, meant: K) -> syn::Error {
    error(key, format_args!("`{key}` needs a value"), format_args!("write `{}`", meant.sample()))
}

// The value of a key.

pub(crate) fn flag_with_value(key: &Ident, value: &TokenStream) -> syn::Error {
    let rule = format_args!("`{key}` is a flag and takes no value").to_string();
    match value.to_string().as_str() {
        "" => error(key, rule, format_args!("write `{key}`")),
        "false" => error(value, rule, format_args!("remove `{key}`: it is off where it is not written")),
        _ => error(value, rule, format_args!("write `{key}`")),
    }
}

pub(crate) fn default_with_list(key: &Ident, list: &TokenStream) -> syn::Error {
    error(
        list,
        format_args!("`{key}` takes its value behind `=`"),
        format_args!("write `{key}` for the default of the type, or `{key} = 10`"),
    )
}

pub(crate) fn not_an_expression(key: &Ident, found: &TokenStream) -> syn::Error {
    error(
        found,
        format_args!("the value of `{key}` must be one expression"),
        format_args!("separate it from the next key with `,`, or put it in braces: `{key} = {{ .. }}`"),
    )
}

pub(crate) fn not_a_text<K: Key>(key: &Ident, meant: K, found: &TokenStream) -> syn::Error {
    error(
        found,
        format_args!("the value of `{key}` must be a string literal"),
        format_args!("write `{}`", meant.sample()),
    )
}

pub(crate) fn not_a_number<K: Key>(key: &Ident, meant: K, found: &TokenStream) -> syn::Error {
    error(
        found,
        format_args!("the value of `{key}` must be a number"),
        format_args!("write `{}`", meant.sample()),
    )
}

pub(crate) fn not_a_path(key: &Ident, meant: ContainerKey, found: &TokenStream) -> syn::Error {
    error(
        found,
        format_args!("the value of `{key}` must be the path of the runtime"),
        format_args!("write `{}`", meant.sample()),
    )
}

pub(crate) fn quoted_path(key: &Ident, quoted: &LitStr) -> syn::Error {
    error(
        quoted,
        format_args!("the value of `{key}` is a path, not a string"),
        format_args!("remove the quotes: `{key} = {}`", quoted.value()),
    )
}

pub(crate) fn unknown_value(key: &str, value: &LitStr, valid: &[&str]) -> syn::Error {
    let written = value.value();
    let help = match (nearest(&written, valid), valid.first()) {
        (Some(name), _) => format!("did you mean `{key} = \"{name}\"`?"),
        (None, first) => format!("write `{key} = \"{}\"`", first.copied().unwrap_or_default()),
    };
    error(value, format_args!("unknown value `{written}` of `{key}`, expected one of {}", list(valid)), help)
}

// Keys of fields.

pub(crate) fn empty_text(key: &str, value: &LitStr) -> syn::Error {
    error(
        value,
        format_args!("`{key}` is empty"),
        format_args!("remove `{key}`, or write at least one character"),
    )
}

pub(crate) fn dot_in_key(key: &str, value: &LitStr) -> syn::Error {
    error(
        value,
        format_args!(
            "the value of `{key}` holds a dot, which separates the segments of a path in an untyped session"
        ),
        format_args!("write `{key} = \"{}\"`", value.value().replace('.', "_")),
    )
}

pub(crate) fn key_claimed_twice(
    place: &impl ToTokens,
    key: &str,
    first: &Ident,
    second: &Ident,
) -> syn::Error {
    error(
        place,
        format_args!("the key `{key}` of the field `{second}` is already claimed by `{first}`"),
        format_args!("give one of them a key of its own, such as `#[session(rename = \"other_{second}\")]`"),
    )
}

pub(crate) fn alias_claimed_twice(alias: &LitStr, first: &Ident) -> syn::Error {
    error(
        alias,
        format_args!("the `alias` `{}` is a key of the field `{first}`", alias.value()),
        "remove it: what is stored under a key can be read by one field only",
    )
}

pub(crate) fn alias_of_itself(alias: &LitStr) -> syn::Error {
    error(
        alias,
        format_args!("the `alias` `{}` is the key of the field itself", alias.value()),
        "remove it: an `alias` is an old key that differs",
    )
}

pub(crate) fn repeated_alias(alias: &LitStr) -> syn::Error {
    error(alias, format_args!("the `alias` `{}` is given twice", alias.value()), "remove one of the two")
}

// Keys that meet.

pub(crate) fn conflict(key: &Ident, other: FieldKey, reason: &str, cure: &str) -> syn::Error {
    error(key, format_args!("`{key}` cannot be combined with `{}`: {reason}", other.name()), cure)
}

pub(crate) fn second_principal(key: &Ident, first: &Ident) -> syn::Error {
    error(
        key,
        format_args!("a schema has one `principal`, and that is `{first}`"),
        "remove `principal` here, and this is an ordinary field",
    )
}
