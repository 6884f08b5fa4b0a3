//! Takes the field that says whose the session is; gives the impl by which guards read it as its type.

use super::definition::definition_ident;
use crate::model::{Kind, Schema};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

pub(super) fn principal(schema: &Schema) -> Option<TokenStream> {
    let Schema { runtime, ident, fields, .. } = schema;
    let (position, field) =
        fields.iter().enumerate().find(|(_, field)| matches!(field.kind, Kind::Principal))?;
    let conditions = &field.carried.conditions;
    let definition = definition_ident(position);
    let declared = declared(&field.ty, runtime);
    Some(quote! {
        #(#conditions)*
        #[automatically_derived]
        impl #runtime::HasPrincipal for #ident {
            #declared
            fn present(
                session: &#runtime::UntypedSession,
            ) -> ::core::result::Result<::core::option::Option<Self::Principal>, #runtime::SessionError> {
                #runtime::__private::present(&#runtime::__private::principal_slot(session, &#definition))
            }
        }
    })
}

/// The type of the principal, without the `Option` around it.
pub(super) fn declared(ty: &TokenStream, runtime: &Path) -> TokenStream {
    quote_spanned! {ty.span()=>
        type Principal = <#ty as #runtime::__private::SessionOption>::Inner;
    }
}
