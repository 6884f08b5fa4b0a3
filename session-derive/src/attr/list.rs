//! Takes the attributes of a struct or a field; hands each `key ..` of every `#[session(..)]` to a reader.
//! Whatever a reader refuses is skipped up to the next comma, so that one slip hides no other.

use super::words::Key;
use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Attribute, Meta, Token};

/// A known key, where it was read.
pub(super) struct Item<'a, K> {
    pub(super) key: K,
    pub(super) name: Ident,
    /// The same input, standing before the key.
    pub(super) start: ParseBuffer<'a>,
}

/// Calls `read` for each known key. `read` returns `None` when it has reported what it saw.
pub(super) fn read_lists<K: Key>(
    attributes: &[Attribute],
    errors: &mut Errors,
    mut read: impl FnMut(Item<'_, K>, ParseStream<'_>, &mut Errors) -> Option<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("session")) {
        match &attribute.meta {
            Meta::Path(_) | Meta::NameValue(_) => errors.push(diagnostics::not_a_list::<K>(attribute)),
            Meta::List(list) if list.tokens.is_empty() => errors.push(diagnostics::empty_list(attribute)),
            Meta::List(list) => {
                let outcome = list.parse_args_with(|input: ParseStream<'_>| {
                    read_inner_list(input, errors, &mut read);
                    Ok(())
                });
                // The list is read to its end whatever it holds; syn has nothing left to add.
                if let Err(error) = outcome {
                    errors.push(error);
                }
            }
        }
    }
}

/// The same for one list, without the parentheses around it.
pub(super) fn read_inner_list<K: Key>(
    input: ParseStream<'_>,
    errors: &mut Errors,
    read: &mut impl FnMut(Item<'_, K>, ParseStream<'_>, &mut Errors) -> Option<()>,
) {
    if let Err(error) = read_list(input, errors, read) {
        errors.push(error);
    }
}

fn read_list<K: Key>(
    input: ParseStream<'_>,
    errors: &mut Errors,
    read: &mut impl FnMut(Item<'_, K>, ParseStream<'_>, &mut Errors) -> Option<()>,
) -> syn::Result<()> {
    while !input.is_empty() {
        let done = read_item(input, errors, read);
        let rest = rest_of_item(input);
        if done.is_some() && !rest.is_empty() {
            errors.push(diagnostics::missing_comma(&rest));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn read_item<K: Key>(
    input: ParseStream<'_>,
    errors: &mut Errors,
    read: &mut impl FnMut(Item<'_, K>, ParseStream<'_>, &mut Errors) -> Option<()>,
) -> Option<()> {
    let start = input.fork();
    let Ok(name) = input.call(Ident::parse_any) else {
        errors.push(diagnostics::not_a_key::<K>(input.span(), &rest_of_item(input)));
        return None;
    };
    let written = name.to_string();
    if let Some(key) = K::find(&written) {
        return read(Item { key, name, start }, input, errors);
    }
    errors.push(match K::Misplaced::find(&written) {
        Some(other) => diagnostics::misplaced_key::<K, K::Misplaced>(&name, other),
        None => diagnostics::unknown_key::<K>(&name),
    });
    None
}

/// Everything up to the next comma of the list.
pub(super) fn rest_of_item(input: ParseStream<'_>) -> TokenStream {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        // Cannot fail before the end of the input.
        let Ok(token) = input.parse::<TokenTree>() else {
            break;
        };
        rest.extend([token]);
    }
    rest
}
