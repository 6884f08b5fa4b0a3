//! Takes the field that says whose the session is; gives the impl by which guards find it.

use super::definition::definition_ident;
use crate::model::{Kind, Schema};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn principal(schema: &Schema) -> Option<TokenStream> {
    let Schema { runtime, ident, fields, .. } = schema;
    let (position, field) =
        fields.iter().enumerate().find(|(_, field)| matches!(field.kind, Kind::Principal))?;
    let conditions = &field.carried.conditions;
    let definition = definition_ident(position);
    let ty = &field.ty;
    Some(quote! {
        #(#conditions)*
        #[automatically_derived]
        impl #runtime::__private::PrincipalField for #ident {
            type Field = #ty;
            fn slot(session: &#runtime::UntypedSession) -> #runtime::PrincipalSlot<'_, Self::Field> {
                #runtime::__private::principal_slot(session, &#definition)
            }
        }
    })
}
