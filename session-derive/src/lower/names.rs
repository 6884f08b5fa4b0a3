//! Takes names of the user; gives the names that are made from them, and refuses those that cannot serve.

use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::Ident;
use quote::format_ident;
use syn::{Path, parse_quote};

/// Method calls on `Session<Shop>` find these before they look behind its `Deref`, where the accessors are.
const HIDDEN: [(&str, &str); 4] =
    [("clone", "Clone"), ("into", "Into"), ("try_into", "TryInto"), ("to_owned", "ToOwned")];

pub(super) fn check_accessor(field: &Ident, errors: &mut Errors) {
    if let Some((_, owner)) = HIDDEN.iter().find(|(name, _)| field == name) {
        errors.push(diagnostics::hidden_accessor(field, owner));
    }
}

/// `ShopFields` for `Shop`.
pub(crate) fn fields_ident(schema: &Ident) -> Ident {
    format_ident!("{}Fields", schema, span = schema.span())
}

/// Where generated code finds the runtime.
pub(crate) fn runtime(written: Option<&Path>) -> Path {
    written.cloned().unwrap_or_else(|| parse_quote!(::session_runtime))
}

#[cfg(test)]
mod tests {
    use super::{fields_ident, runtime};
    use quote::{ToTokens as _, format_ident};
    use syn::parse_quote;

    #[test]
    fn the_fields_type_is_named_after_the_schema() {
        assert_eq!(fields_ident(&format_ident!("Shop")), "ShopFields");
        assert_eq!(fields_ident(&parse_quote!(r#type)), "typeFields");
    }

    #[test]
    fn the_runtime_is_absolute_unless_it_is_named() {
        assert_eq!(runtime(None).to_token_stream().to_string(), ":: session_runtime");
        assert_eq!(runtime(Some(&parse_quote!(rt))).to_token_stream().to_string(), "rt");
    }
}
