//! Takes the attributes of one field; gives what was written in its `#[session(..)]`.

use super::flash::FlashWritten;
use super::list::{Item, read_lists};
use super::readers;
use super::setting::Setting;
use super::words::FieldKey;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, LitStr};

/// `default`, or `default = expression`.
pub(crate) enum DefaultWritten {
    OfType,
    Value(Expr),
}

/// `#[session(..)]` above a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) rename: Setting<LitStr>,
    /// The one key that may be repeated.
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) default: Setting<DefaultWritten>,
    pub(crate) flash: Setting<FlashWritten>,
    pub(crate) principal: Setting<Ident>,
    pub(crate) survives_logout: Setting<()>,
    pub(crate) on_mismatch: Setting<LitStr>,
    pub(crate) secret: Setting<()>,
    /// Every key in the order of writing: of two that exclude each other, the later one is reported.
    pub(crate) order: Vec<(FieldKey, Ident)>,
}

impl FieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        read_lists::<FieldKey>(attributes, errors, |item, input, errors| {
            let name = &item.name;
            match item.key {
                FieldKey::Rename => read.rename.set(name, readers::text(&item, input, errors)?, errors),
                FieldKey::Alias => read.aliases.push(readers::text(&item, input, errors)?),
                FieldKey::Default => read.default.set(name, default_value(&item, input, errors)?, errors),
                FieldKey::Flash => read.flash.set(name, FlashWritten::read(&item, input, errors)?, errors),
                FieldKey::Principal => {
                    readers::flag(&item, input, errors)?;
                    read.principal.set(name, name.clone(), errors);
                }
                FieldKey::SurvivesLogout => {
                    read.survives_logout.set(name, readers::flag(&item, input, errors)?, errors);
                }
                FieldKey::OnMismatch => {
                    read.on_mismatch.set(name, readers::text(&item, input, errors)?, errors);
                }
                FieldKey::Secret => read.secret.set(name, readers::flag(&item, input, errors)?, errors),
            }
            read.order.push((item.key, item.name));
            Some(())
        });
        read
    }
}

fn default_value(
    item: &Item<'_, FieldKey>,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> Option<DefaultWritten> {
    let value = readers::flag_or_expression(item, input, errors)?;
    Some(value.map_or(DefaultWritten::OfType, DefaultWritten::Value))
}
