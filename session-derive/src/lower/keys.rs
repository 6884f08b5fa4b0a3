//! Takes names, `rename`, `alias` and `prefix`; gives keys, and sees that no two fields claim the same one.

use super::renaming::Renaming;
use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt as _;

/// The keys of one schema, as far as they are claimed.
pub(super) struct Keys {
    prefix: String,
    renaming: Renaming,
    claims: Vec<Claim>,
}

struct Claim {
    key: String,
    field: Ident,
}

impl Keys {
    pub(super) fn new(prefix: Option<&LitStr>, renaming: Renaming, errors: &mut Errors) -> Self {
        let checked = prefix.filter(|prefix| is_valid("prefix", prefix, errors));
        Self { prefix: checked.map(LitStr::value).unwrap_or_default(), renaming, claims: Vec::new() }
    }

    /// The key of `field`: prefix and new name, whoever gave the latter.
    pub(super) fn claim_key(
        &mut self,
        field: &Ident,
        rename: Option<&LitStr>,
        errors: &mut Errors,
    ) -> String {
        let name = match rename {
            Some(rename) => rename.value(),
            None => self.renaming.apply(&field.unraw().to_string()),
        };
        let key = format!("{}{name}", self.prefix);
        if rename.is_none_or(|rename| is_valid("rename", rename, errors))
            && let Err(first) = self.claim(&key, field)
        {
            errors.push(match rename {
                Some(rename) => diagnostics::key_claimed_twice(rename, &key, &first, field),
                None => diagnostics::key_claimed_twice(field, &key, &first, field),
            });
        }
        key
    }

    /// The old keys of `field`. They are taken as written: the prefix is part of the new key only.
    pub(super) fn claim_aliases(
        &mut self,
        field: &Ident,
        key: &str,
        aliases: &[LitStr],
        errors: &mut Errors,
    ) -> Vec<String> {
        let mut claimed = Vec::new();
        for alias in aliases {
            let text = alias.value();
            if !is_valid("alias", alias, errors) {
                continue;
            }
            if text == key {
                errors.push(diagnostics::alias_of_itself(alias));
            } else if claimed.contains(&text) {
                errors.push(diagnostics::repeated_alias(alias));
            } else if let Err(first) = self.claim(&text, field) {
                errors.push(diagnostics::alias_claimed_twice(alias, &first));
            } else {
                claimed.push(text);
            }
        }
        claimed
    }

    fn claim(&mut self, key: &str, field: &Ident) -> Result<(), Ident> {
        if let Some(claim) = self.claims.iter().find(|claim| claim.key == key) {
            return Err(claim.field.clone());
        }
        self.claims.push(Claim { key: key.to_owned(), field: field.clone() });
        Ok(())
    }
}

/// Dots separate the segments of a path in the untyped session, so no key may hold one.
fn is_valid(word: &str, text: &LitStr, errors: &mut Errors) -> bool {
    let value = text.value();
    if value.is_empty() {
        errors.push(diagnostics::empty_text(word, text));
    } else if value.contains('.') {
        errors.push(diagnostics::dot_in_key(word, text));
    }
    !value.is_empty() && !value.contains('.')
}

#[cfg(test)]
mod tests {
    use super::{Errors, Ident, Keys, Renaming};
    use quote::format_ident;
    use syn::{LitStr, parse_quote};

    fn field(name: &str) -> Ident {
        format_ident!("{name}")
    }

    fn count(errors: Errors) -> usize {
        errors.finish().map_or_else(|all| all.into_iter().count(), |()| 0)
    }

    #[test]
    fn the_prefix_stands_before_renamed_and_styled_keys_but_not_before_aliases() {
        let mut errors = Errors::default();
        let prefix: LitStr = parse_quote!("shop_");
        let mut keys = Keys::new(Some(&prefix), Renaming::Camel, &mut errors);
        assert_eq!(keys.claim_key(&field("last_seen"), None, &mut errors), "shop_lastSeen");
        assert_eq!(keys.claim_key(&field("theme"), Some(&parse_quote!("skin")), &mut errors), "shop_skin");
        let aliases =
            keys.claim_aliases(&field("theme"), "shop_skin", &[parse_quote!("colour")], &mut errors);
        assert_eq!(aliases, ["colour"]);
        assert_eq!(count(errors), 0);
    }

    #[test]
    fn a_raw_name_has_a_plain_key() {
        let mut errors = Errors::default();
        let mut keys = Keys::new(None, Renaming::None, &mut errors);
        assert_eq!(keys.claim_key(&parse_quote!(r#type), None, &mut errors), "type");
        assert_eq!(count(errors), 0);
    }

    #[test]
    fn an_alias_may_not_be_the_key_of_another_field() {
        let mut errors = Errors::default();
        let mut keys = Keys::new(None, Renaming::None, &mut errors);
        let key = keys.claim_key(&field("theme"), None, &mut errors);
        keys.claim_aliases(&field("theme"), &key, &[parse_quote!("colour")], &mut errors);
        keys.claim_key(&field("colour"), None, &mut errors);
        assert_eq!(count(errors), 1);
    }

    #[test]
    fn empty_and_dotted_texts_are_refused_one_by_one() {
        let mut errors = Errors::default();
        let mut keys = Keys::new(Some(&parse_quote!("")), Renaming::None, &mut errors);
        keys.claim_key(&field("a"), Some(&parse_quote!("a.b")), &mut errors);
        keys.claim_aliases(
            &field("a"),
            "a",
            &[parse_quote!(""), parse_quote!("x.y"), parse_quote!("a")],
            &mut errors,
        );
        assert_eq!(count(errors), 5);
    }
}
