//! Takes what was written on one field; gives what it means.

use super::conflicts::check_conflicts;
use super::flash::{check_reserved, lower_flash};
use super::keys::Keys;
use super::names::check_accessor;
use super::types::{text_of, without_self};
use crate::attr::{DefaultWritten, FieldAttrs, FieldWritten};
use crate::diagnostics;
use crate::errors::Errors;
use crate::model::{Carried, Default, Field, Kind, OnMismatch, Value};
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, Lit, LitStr};

pub(super) fn lower_field(
    written: &FieldWritten<'_>,
    schema: &Ident,
    keys: &mut Keys,
    errors: &mut Errors,
) -> Field {
    let FieldWritten { field, ident, attrs } = written;
    let FieldAttrs {
        rename,
        aliases,
        default,
        flash,
        principal,
        survives_logout,
        on_mismatch,
        secret,
        order,
    } = attrs;
    let ty = without_self(field.ty.to_token_stream(), schema);
    check_accessor(ident, errors);
    check_conflicts(order, errors);
    let key = keys.claim_key(ident, rename.get(), errors);
    let aliases = keys.claim_aliases(ident, &key, aliases, errors);
    let on_mismatch = on_mismatch.get().map_or(OnMismatch::Error, |text| on_mismatch_named(text, errors));
    // What the other kinds leave out here was refused above, as a conflict.
    let kind = if let Some(flash) = flash.get() {
        check_reserved(&key, ident, rename.get(), errors);
        lower_flash(flash, on_mismatch, errors)
    } else if principal.is_written() {
        Kind::Principal
    } else {
        let default = default.get().map_or(Default::OfType, |written| lower_default(written, schema));
        Kind::Value(Value { default, aliases, survives_logout: survives_logout.is_written(), on_mismatch })
    };
    Field {
        ident: (*ident).clone(),
        name: ident.unraw().to_string(),
        visibility: field.vis.clone(),
        carried: carried(&field.attrs),
        type_text: text_of(ty.clone()),
        ty,
        key,
        secret: secret.is_written(),
        kind,
    }
}

fn on_mismatch_named(text: &LitStr, errors: &mut Errors) -> OnMismatch {
    match text.value().as_str() {
        "error" => OnMismatch::Error,
        "default" => OnMismatch::Default,
        _ => {
            errors.push(diagnostics::unknown_value("on_mismatch", text, &["error", "default"]));
            OnMismatch::Error
        }
    }
}

fn lower_default(written: &DefaultWritten, schema: &Ident) -> Default {
    match written {
        DefaultWritten::OfType => Default::OfTypeDeclared,
        DefaultWritten::Value(value) => match text_literal(value) {
            Some(text) => Default::Text(text.clone()),
            None => Default::Expression(without_self(value.to_token_stream(), schema)),
        },
    }
}

/// A fragment of `macro_rules!` arrives in an invisible group.
fn text_literal(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Group(group) => text_literal(&group.expr),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn carried(attributes: &[Attribute]) -> Carried {
    let named = |names: &[&str]| {
        let wanted = |attribute: &&Attribute| names.iter().any(|name| attribute.path().is_ident(name));
        attributes.iter().filter(wanted).cloned().collect()
    };
    Carried { conditions: named(&["cfg"]), descriptions: named(&["doc", "deprecated"]) }
}
