//! Takes the fields; gives one method of `ShopFields` for each, with the field's docs and visibility.

use super::definition::definition_ident;
use super::docs::accessor_docs;
use crate::model::{Field, Kind, Schema};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

pub(super) fn accessors(schema: &Schema) -> TokenStream {
    let Schema { runtime, fields_ident, fields, .. } = schema;
    let accessors = fields.iter().enumerate().map(|(position, field)| accessor(field, position, runtime));
    // Methods are named after fields, whose names have been judged where they stand.
    quote! {
        #[allow(non_snake_case, clippy::iter_not_returning_iterator)]
        impl #fields_ident {
            #(#accessors)*
        }
    }
}

fn accessor(field: &Field, position: usize, runtime: &Path) -> TokenStream {
    let Field { ident, visibility, carried, ty, kind, .. } = field;
    let (slot, open) = match kind {
        Kind::Value(_) => (quote!(Slot), quote!(slot)),
        Kind::Flash { .. } => (quote!(FlashSlot), quote!(flash_slot)),
        Kind::Principal => (quote!(PrincipalSlot), quote!(principal_slot)),
    };
    let conditions = &carried.conditions;
    let descriptions = &carried.descriptions;
    let docs = accessor_docs(field);
    // An empty line parts the author's words from ours.
    let gap = (!descriptions.is_empty()).then(|| quote!(#[doc = ""]));
    let definition = definition_ident(position);
    quote! {
        #(#conditions)*
        #(#descriptions)*
        #gap
        #[doc = #docs]
        #visibility fn #ident(&self) -> #runtime::#slot<'_, #ty> {
            #runtime::__private::#open(&self.session, &#definition)
        }
    }
}
