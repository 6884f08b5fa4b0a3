//! Readers of the forms a key can have: `flag`, `key = "text"`, `key = 10`, `key(list)`, `key = path`, `key` or `key = expression`.
//! Each stands behind the key, reads the rest of the item, and reports a wrong form with the right one.

use super::list::{Item, rest_of_item};
use super::words::{ContainerKey, Key};
use crate::diagnostics;
use crate::errors::Errors;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Expr, LitInt, LitStr, Path, Token, Variant};

pub(super) fn flag<K: Key>(item: &Item<'_, K>, input: ParseStream<'_>, errors: &mut Errors) -> Option<()> {
    if !input.peek(Token![=]) && !input.peek(syn::token::Paren) {
        return Some(());
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>().ok();
    }
    errors.push(diagnostics::flag_with_value(&item.name, &rest_of_item(input)));
    None
}

pub(super) fn text<K: Key>(
    item: &Item<'_, K>,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> Option<LitStr> {
    equals_sign(item, input, errors)?;
    // A failed parse of a literal consumes it, and its span would be lost.
    if input.peek(LitStr) {
        return input.parse().ok();
    }
    errors.push(diagnostics::not_a_text(&item.name, item.key, &rest_of_item(input)));
    None
}

/// The list in parentheses that stands there.
pub(super) fn list<'a>(input: ParseStream<'a>) -> Option<ParseBuffer<'a>> {
    let read = || -> syn::Result<ParseBuffer<'a>> {
        let inner;
        syn::parenthesized!(inner in input);
        Ok(inner)
    };
    read().ok()
}

pub(super) fn number<K: Key>(
    item: &Item<'_, K>,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> Option<LitInt> {
    equals_sign(item, input, errors)?;
    if input.peek(LitInt) {
        return input.parse().ok();
    }
    errors.push(diagnostics::not_a_number(&item.name, item.key, &rest_of_item(input)));
    None
}

pub(super) fn path(
    item: &Item<'_, ContainerKey>,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> Option<Path> {
    equals_sign(item, input, errors)?;
    if let Ok(quoted) = input.fork().parse::<LitStr>() {
        errors.push(diagnostics::quoted_path(&item.name, &quoted));
        rest_of_item(input);
        return None;
    }
    let ahead = input.fork();
    if let Ok(path) = ahead.call(Path::parse_mod_style) {
        input.advance_to(&ahead);
        return Some(path);
    }
    errors.push(diagnostics::not_a_path(&item.name, item.key, &rest_of_item(input)));
    None
}

/// The outer `Option` is "readable", the inner one "with a value".
#[expect(clippy::option_option, reason = "a flag may carry a value, and reading may have failed")]
pub(super) fn flag_or_expression<K: Key>(
    item: &Item<'_, K>,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> Option<Option<Expr>> {
    if !input.peek(Token![=]) {
        return flag_without_list(item, input, errors).map(|()| None);
    }
    // Without its heavy `full` feature, syn reads all kinds of expressions in one place only: after the
    // name of an enum's variant. `default = expr` happens to be written like one.
    let variant = item.start.parse::<Variant>().ok().filter(|_| ends_here(&item.start));
    if let Some((_, value)) = variant.and_then(|variant| variant.discriminant) {
        input.advance_to(&item.start);
        return Some(Some(value));
    }
    equals_sign(item, input, errors)?;
    errors.push(diagnostics::not_an_expression(&item.name, &rest_of_item(input)));
    None
}

fn flag_without_list<K: Key>(item: &Item<'_, K>, input: ParseStream<'_>, errors: &mut Errors) -> Option<()> {
    if !input.peek(syn::token::Paren) {
        return Some(());
    }
    errors.push(diagnostics::default_with_list(&item.name, &rest_of_item(input)));
    None
}

/// Reads `=`, and sees that something stands behind it.
fn equals_sign<K: Key>(item: &Item<'_, K>, input: ParseStream<'_>, errors: &mut Errors) -> Option<()> {
    if input.peek(Token![=]) && input.parse::<Token![=]>().is_ok() && !ends_here(input) {
        return Some(());
    }
    errors.push(diagnostics::missing_value(&item.name, item.key));
    rest_of_item(input);
    None
}

fn ends_here(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}
