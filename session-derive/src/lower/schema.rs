//! Takes what was written on the struct; gives the schema, or all mistakes of all fields together.

use super::field::lower_field;
use super::keys::Keys;
use super::names::{fields_ident, runtime};
use super::renaming::Renaming;
use super::shape::check_shape;
use crate::attr::{ContainerAttrs, FieldWritten, SchemaWritten};
use crate::diagnostics;
use crate::errors::Errors;
use crate::model::Schema;
use syn::LitStr;
use syn::ext::IdentExt as _;

/// Takes the `errors` of reading, adds those of meaning, and reports all of them.
pub(crate) fn lower(written: &SchemaWritten<'_>, mut errors: Errors) -> syn::Result<Schema> {
    let SchemaWritten { input, container, fields } = written;
    let ContainerAttrs { prefix, rename_all, runtime: path } = container;
    check_shape(input, &mut errors);
    check_principals(fields, &mut errors);
    let renaming = rename_all.get().and_then(|style| renaming_named(style, &mut errors)).unwrap_or_default();
    let mut keys = Keys::new(prefix.get(), renaming, &mut errors);
    let fields =
        fields.iter().map(|field| lower_field(field, &input.ident, &mut keys, &mut errors)).collect();
    errors.finish()?;
    Ok(Schema {
        runtime: runtime(path.get()),
        visibility: input.vis.clone(),
        ident: input.ident.clone(),
        name: input.ident.unraw().to_string(),
        fields_ident: fields_ident(&input.ident),
        fields,
    })
}

fn check_principals(fields: &[FieldWritten<'_>], errors: &mut Errors) {
    let mut principals =
        fields.iter().filter_map(|field| field.attrs.principal.get().map(|key| (field.ident, key)));
    let Some((first, _)) = principals.next() else {
        return;
    };
    for (_, key) in principals {
        errors.push(diagnostics::second_principal(key, first));
    }
}

fn renaming_named(style: &LitStr, errors: &mut Errors) -> Option<Renaming> {
    let found = Renaming::find(&style.value());
    if found.is_none() {
        errors.push(diagnostics::unknown_value("rename_all", style, &Renaming::names()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Errors, Schema, SchemaWritten, lower};
    use crate::model::{Default, Kind, OnMismatch};
    use quote::quote;
    use syn::{DeriveInput, parse_quote};

    fn lowered(input: &DeriveInput) -> syn::Result<Schema> {
        let mut errors = Errors::default();
        let written = SchemaWritten::read(input, &mut errors);
        lower(&written, errors)
    }

    #[test]
    fn each_field_is_of_one_kind_with_what_belongs_to_it() {
        let schema = lowered(&parse_quote! {
            #[session(prefix = "shop_")]
            struct Shop {
                #[session(principal)]
                user: Option<u64>,
                #[session(flash, on_mismatch = "default", secret)]
                notice: Option<String>,
                #[session(default = Self::START, alias = "hits", survives_logout)]
                views: u64,
            }
        })
        .unwrap();
        let [user, notice, views] = schema.fields.as_slice() else { panic!("three fields") };
        assert!(matches!(user.kind, Kind::Principal));
        assert!(
            notice.secret
                && matches!(
                    notice.kind,
                    Kind::Flash { on_mismatch: OnMismatch::Default, waits: None, max_bytes: None }
                )
        );
        let Kind::Value(value) = &views.kind else { panic!("a value") };
        assert_eq!(
            (views.key.as_str(), value.aliases.as_slice()),
            ("shop_views", ["hits".to_owned()].as_slice())
        );
        assert!(value.survives_logout && value.on_mismatch == OnMismatch::Error);
        assert!(matches!(&value.default, Default::Expression(tokens)
            if tokens.to_string() == quote!(Shop::START).to_string()));
    }

    #[test]
    fn a_text_and_a_bare_default_are_told_from_silence() {
        let schema = lowered(&parse_quote! {
            struct Shop { #[session(default = "light")] a: String, #[session(default)] b: u8, c: u8 }
        })
        .unwrap();
        let defaults: Vec<_> = schema
            .fields
            .iter()
            .map(|field| match &field.kind {
                Kind::Value(value) => match value.default {
                    Default::Text(_) => "text",
                    Default::OfTypeDeclared => "declared",
                    Default::OfType => "silent",
                    Default::Expression(_) => "expression",
                },
                Kind::Flash { .. } | Kind::Principal => "no value",
            })
            .collect();
        assert_eq!(defaults, ["text", "declared", "silent"]);
    }

    #[test]
    fn a_wrong_shape_and_a_wrong_attribute_are_reported_together() {
        let mistakes = lowered(&parse_quote!(
            #[session(prefix = "a.b")]
            enum Shop<T> {
                A(T),
            }
        ))
        .map(|_| ());
        assert_eq!(mistakes.unwrap_err().into_iter().count(), 3);
    }
}
