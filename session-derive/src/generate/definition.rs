//! Takes the fields; gives two items for each: its `FieldInfo`, and the definition that its slot works by.
//!
//! The definition asks for the bounds of the field's type, there and nowhere else, so that an error stands on
//! that type, once. The names are of a kind that no expression of the user can mean.

use crate::model::{Default, Field, Kind, OnMismatch, Schema, Value};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

pub(super) fn info_ident(position: usize) -> Ident {
    format_ident!("__SESSION_INFO_{position}")
}

pub(super) fn definition_ident(position: usize) -> Ident {
    format_ident!("__SESSION_DEFINITION_{position}")
}

pub(super) fn definitions(schema: &Schema) -> TokenStream {
    let runtime = &schema.runtime;
    let definitions = schema.fields.iter().enumerate().map(|(position, field)| {
        let conditions = &field.carried.conditions;
        let info_ident = info_ident(position);
        let info = info(field, runtime);
        let definition = definition(field, position, runtime);
        quote! {
            #(#conditions)*
            const #info_ident: #runtime::FieldInfo = #info;
            #(#conditions)*
            #definition
        }
    });
    quote!(#(#definitions)*)
}

fn info(field: &Field, runtime: &Path) -> TokenStream {
    let Field { name, key, type_text, secret, kind, .. } = field;
    let (kind, settings) = match kind {
        Kind::Value(value) => (quote!(Value), value_settings(value)),
        Kind::Flash { on_mismatch, waits, max_bytes } => {
            (quote!(Flash), flash_settings(*on_mismatch, *waits, *max_bytes))
        }
        Kind::Principal => (quote!(Principal), TokenStream::new()),
    };
    let secret = secret.then(|| quote!(.kept_secret()));
    quote!(#runtime::FieldInfo::new(#name, #key, #runtime::FieldKind::#kind, #type_text) #settings #secret)
}

fn value_settings(value: &Value) -> TokenStream {
    let Value { default, aliases, survives_logout, on_mismatch } = value;
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliased(&[#(#aliases),*])));
    let defaulted = match default {
        Default::OfType => None,
        Default::OfTypeDeclared | Default::Text(_) | Default::Expression(_) => Some(quote!(.defaulted())),
    };
    let surviving = survives_logout.then(|| quote!(.surviving_logout()));
    let mismatch = mismatch_setting(*on_mismatch);
    quote!(#aliases #defaulted #surviving #mismatch)
}

fn flash_settings(on_mismatch: OnMismatch, waits: Option<u64>, max_bytes: Option<usize>) -> TokenStream {
    let waiting = waits.map(|millis| quote!(.waiting(#millis)));
    let bounded = max_bytes.map(|bytes| quote!(.at_most(#bytes)));
    let mismatch = mismatch_setting(on_mismatch);
    quote!(#waiting #bounded #mismatch)
}

fn mismatch_setting(on_mismatch: OnMismatch) -> TokenStream {
    match on_mismatch {
        OnMismatch::Error => TokenStream::new(),
        OnMismatch::Default => quote!(.defaulting_on_mismatch()),
    }
}

fn definition(field: &Field, position: usize, runtime: &Path) -> TokenStream {
    let ty = &field.ty;
    let span = ty.span();
    let ident = definition_ident(position);
    let info = info_ident(position);
    let private = private_at(span, runtime);
    let (definition, function, default) = match &field.kind {
        Kind::Value(value) => (quote!(FieldDef), quote!(field), Some(default(&value.default, ty, runtime))),
        Kind::Flash { .. } => (quote!(FlashDef), quote!(flash), None),
        Kind::Principal => (quote!(PrincipalDef), quote!(principal), None),
    };
    let default = default.into_iter();
    quote_spanned! {span=>
        static #ident: #private::#definition<#ty> = #private::#function::<#ty>(&#info #(, #default)*);
    }
}

fn default(default: &Default, ty: &TokenStream, runtime: &Path) -> TokenStream {
    match default {
        Default::OfType | Default::OfTypeDeclared => {
            let private = private_at(ty.span(), runtime);
            quote_spanned!(ty.span()=> #private::default_of::<#ty>)
        }
        Default::Text(text) => {
            let span = text.span();
            let private = private_at(span, runtime);
            let value = quote_spanned!(span=> #private::default_text(#text));
            quote!(|| -> #ty { #value })
        }
        // Where syn cannot see the end of an expression, the derive asks the author for braces.
        Default::Expression(value) => quote!(|| -> #ty { #[allow(unused_braces)] { #value } }),
    }
}

/// The path of what generated code calls, placed at `span`: rustc points to where a path begins. Each
/// token still resolves as it would in its own place, which `$crate` needs.
fn private_at(span: Span, runtime: &Path) -> TokenStream {
    let path = quote!(#runtime::__private);
    let moved = path.into_iter().map(|mut token| {
        token.set_span(span.resolved_at(token.span()));
        token
    });
    moved.collect()
}
