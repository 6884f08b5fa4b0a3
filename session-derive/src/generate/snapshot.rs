//! Takes the fields; gives `snapshot` and `fill`, which read and write a whole schema at once.
//!
//! Both go through every accessor and every field, so neither is ever dead code.

use crate::model::{Field, Kind, Schema};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn snapshot(schema: &Schema) -> TokenStream {
    let Schema { runtime, fields_ident, fields, .. } = schema;
    let open = open(schema);
    let values = fields.iter().map(|field| {
        let Field { ident, carried, kind, .. } = field;
        let conditions = &carried.conditions;
        let read = match kind {
            Kind::Value(_) => quote!(snapshot_field),
            Kind::Flash { .. } => quote!(snapshot_flash),
            Kind::Principal => quote!(snapshot_principal),
        };
        quote!(#(#conditions)* #ident: #runtime::__private::#read(&#fields_ident::#ident(&fields))?)
    });
    quote! {
        fn snapshot(
            session: &#runtime::UntypedSession,
        ) -> ::core::result::Result<Self, #runtime::SessionError> {
            #open
            ::core::result::Result::Ok(Self { #(#values),* })
        }
    }
}

pub(super) fn fill(schema: &Schema) -> TokenStream {
    let Schema { runtime, fields_ident, fields, .. } = schema;
    let open = open(schema);
    let writes = fields.iter().map(|field| {
        let Field { ident, carried, kind, .. } = field;
        let conditions = &carried.conditions;
        let write = match kind {
            Kind::Value(_) => quote!(fill_field),
            Kind::Flash { .. } => quote!(fill_flash),
            Kind::Principal => quote!(fill_principal),
        };
        quote!(#(#conditions)* #runtime::__private::#write(&#fields_ident::#ident(&fields), self.#ident)?;)
    });
    quote! {
        fn fill(
            self,
            session: &#runtime::UntypedSession,
        ) -> ::core::result::Result<(), #runtime::SessionError> {
            #open
            #(#writes)*
            ::core::result::Result::Ok(())
        }
    }
}

/// A schema without fields has nothing to open.
fn open(schema: &Schema) -> TokenStream {
    let fields_ident = &schema.fields_ident;
    if schema.fields.is_empty() {
        return quote!(let _ = session;);
    }
    quote!(let fields = #fields_ident { session: ::core::clone::Clone::clone(session) };)
}
