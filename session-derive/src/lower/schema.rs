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
    let SchemaWritten {
        input,
        container,
        fields,
    } = written;
    let ContainerAttrs {
        prefix,
        rename_all,
        runtime: path,
    } = container;
    check_shape(input, &mut errors);
    check_principals(fields, &mut errors);
    let renaming = rename_all
        .get()
        .and_then(|style| renaming_named(style, &mut errors))
        .unwrap_or_default();
    let mut keys = Keys::new(prefix.get(), renaming, &mut errors);
    let fields = fields
        .iter()
        .map(|field| lower_field(field, &input.ident, &mut keys, &mut errors))
        .collect();
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
    let mut principals = fields
        .iter()
        .filter_map(|field| field.attrs.principal.get().map(|key| (field.ident, key)));
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
        errors.push(diagnostics::unknown_value(
            "rename_all",
            style,
            &Renaming::names(),
        ));
    }
    found
}
