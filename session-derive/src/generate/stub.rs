//! Takes what was written, mistakes and all; gives code of the same types that does nothing. It is emitted
//! beside the mistakes, so that the rest of the user's crate is judged as if there were none.

use super::fields_type::{declaration, fields_impls};
use crate::attr::{FieldWritten, SchemaWritten};
use crate::lower::{fields_ident, runtime, without_self};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Path;
use syn::ext::IdentExt as _;

pub(crate) fn stub(written: &SchemaWritten<'_>) -> TokenStream {
    let SchemaWritten { input, container, fields } = written;
    let ident = &input.ident;
    let name = ident.unraw().to_string();
    let fields_ident = fields_ident(ident);
    let runtime = runtime(container.runtime.get());
    let declaration = declaration(&input.vis, &fields_ident, &runtime);
    let fields_impls = fields_impls(&fields_ident, &runtime);
    // Types that name a parameter mean nothing outside of the struct.
    let usable = fields.iter().filter(|_| input.generics.params.is_empty());
    let accessors = usable.map(|field| accessor(field, ident, &runtime));
    let (parameters, arguments, _) = input.generics.split_for_impl();
    quote! {
        #declaration
        #fields_impls
        #[allow(dead_code, non_snake_case)]
        impl #fields_ident {
            #(#accessors)*
        }
        #[automatically_derived]
        impl #parameters #runtime::SessionSchema for #ident #arguments
        where
            Self: ::core::marker::Send + 'static,
        {
            type Fields = #fields_ident;
            const NAME: &'static ::core::primitive::str = #name;
            const FIELDS: &'static [#runtime::FieldInfo] = &[];
            fn fields(session: #runtime::UntypedSession) -> Self::Fields {
                #fields_ident { session }
            }
            fn snapshot(_: &#runtime::UntypedSession) -> ::core::result::Result<Self, #runtime::SessionError> {
                ::core::unreachable!()
            }
            fn fill(self, _: &#runtime::UntypedSession) -> ::core::result::Result<(), #runtime::SessionError> {
                ::core::unreachable!()
            }
        }
    }
}

fn accessor(written: &FieldWritten<'_>, schema: &Ident, runtime: &Path) -> TokenStream {
    let FieldWritten { field, ident, attrs } = written;
    let visibility = &field.vis;
    let ty = without_self(field.ty.to_token_stream(), schema);
    let slot = if attrs.flash.is_written() {
        quote!(FlashSlot)
    } else if attrs.principal.is_written() {
        quote!(PrincipalSlot)
    } else {
        quote!(Slot)
    };
    quote! {
        #visibility fn #ident(&self) -> #runtime::#slot<'_, #ty> {
            ::core::unreachable!()
        }
    }
}
