//! Takes the names of a schema; gives `ShopFields`, the type that a session of it dereferences to.

use super::docs::fields_docs;
use crate::model::Schema;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Path, Visibility};

pub(super) fn fields_type(schema: &Schema) -> TokenStream {
    let docs = fields_docs(schema);
    let declaration = declaration(&schema.visibility, &schema.fields_ident, &schema.runtime);
    quote! {
        #[doc = #docs]
        #declaration
    }
}

/// The type without its docs. It holds the session alone: it is made once per `Session`, not once per field.
pub(super) fn declaration(visibility: &Visibility, ident: &Ident, runtime: &Path) -> TokenStream {
    quote! {
        #[allow(non_camel_case_types)]
        #visibility struct #ident {
            session: #runtime::UntypedSession,
        }
    }
}

/// What the trait asks of the type. `Debug` shows no value: a field may be secret.
pub(super) fn fields_impls(ident: &Ident, runtime: &Path) -> TokenStream {
    let name = ident.to_string();
    quote! {
        #[automatically_derived]
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                Self { session: ::core::clone::Clone::clone(&self.session) }
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::DebugStruct::finish_non_exhaustive(
                    &mut ::core::fmt::Formatter::debug_struct(formatter, #name),
                )
            }
        }
        #[automatically_derived]
        impl ::core::ops::Deref for #ident {
            type Target = #runtime::UntypedSession;
            fn deref(&self) -> &Self::Target {
                &self.session
            }
        }
    }
}
