//! Messages about the list of `flash`.

use quote::ToTokens;
use syn::{Ident, LitInt, LitStr};

use super::error;

pub(crate) fn empty_flash_list(key: &Ident) -> syn::Error {
    error(key, format_args!("`{key}()` sets nothing"), format_args!("write `{key}`, or `{key}(until_read)`"))
}

pub(crate) fn max_age_alone(key: &Ident, value: &LitStr) -> syn::Error {
    error(
        key,
        format_args!(
            "`{key}` needs `until_read`: other flash is gone after the next request, however old it is"
        ),
        format_args!("write `flash(until_read, {key} = \"{}\")`", value.value()),
    )
}

pub(crate) fn not_a_duration(value: &LitStr) -> syn::Error {
    error(
        value,
        format_args!("`{}` is no duration from a second to 30 days", value.value()),
        "write digits and one of `s`, `m`, `h`, `d`: `max_age = \"10m\"`",
    )
}

pub(crate) fn no_bytes(value: &LitInt) -> syn::Error {
    error(
        value,
        format_args!("`max_bytes = {value}` is no number of bytes that a value could have"),
        "write `max_bytes = 2048`",
    )
}

pub(crate) fn reserved_key(place: &impl ToTokens, key: &str) -> syn::Error {
    error(
        place,
        format_args!(
            "the key `{key}` of a flash field is one of those that are reserved for forms and redirects"
        ),
        "give it another key: `#[session(rename = \"notice\")]`",
    )
}
