//! Takes the schema; gives all of its code: `ShopFields` in the open, everything else where it names nothing.

use super::accessor::accessors;
use super::definition::{definitions, info_ident};
use super::fields_type::{fields_impls, fields_type};
use super::principal::principal;
use super::snapshot::{fill, snapshot};
use crate::model::Schema;
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn schema(schema: &Schema) -> TokenStream {
    let fields_type = fields_type(schema);
    let fields_impls = fields_impls(&schema.fields_ident, &schema.runtime);
    let definitions = definitions(schema);
    let accessors = accessors(schema);
    let schema_impl = schema_impl(schema);
    let principal = principal(schema);
    quote! {
        #fields_type
        const _: () = {
            #fields_impls
            #definitions
            #accessors
            #schema_impl
            #principal
        };
    }
}

fn schema_impl(schema: &Schema) -> TokenStream {
    let Schema { runtime, ident, name, fields_ident, fields, .. } = schema;
    let infos = fields.iter().enumerate().map(|(position, field)| {
        let conditions = &field.carried.conditions;
        let info = info_ident(position);
        quote!(#(#conditions)* #info)
    });
    let snapshot = snapshot(schema);
    let fill = fill(schema);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #runtime::SessionSchema for #ident {
            type Fields = #fields_ident;
            const NAME: &'static ::core::primitive::str = #name;
            const FIELDS: &'static [#runtime::FieldInfo] = &[#(#infos),*];
            fn fields(session: #runtime::UntypedSession) -> Self::Fields {
                #fields_ident { session }
            }
            #snapshot
            #fill
        }
    }
}
