//! Takes what stands behind `flash`: nothing, or a list of its own; gives what was written in it.

use super::list::{Item, read_inner_list};
use super::readers;
use super::setting::Setting;
use super::words::{FieldKey, FlashKey};
use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{LitInt, LitStr};

/// `flash`, or `flash(until_read, max_age = "10m", max_bytes = 2048)`.
#[derive(Default)]
pub(crate) struct FlashWritten {
    pub(crate) until_read: Setting<()>,
    /// With its key, which is reported where it has no meaning.
    pub(crate) max_age: Setting<(Ident, LitStr)>,
    pub(crate) max_bytes: Setting<LitInt>,
}

impl FlashWritten {
    pub(super) fn read(
        item: &Item<'_, FieldKey>,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let mut read = Self::default();
        if !input.peek(syn::token::Paren) {
            return readers::flag(item, input, errors).map(|()| read);
        }
        let inner = readers::list(input)?;
        if inner.is_empty() {
            errors.push(diagnostics::empty_flash_list(&item.name));
            return None;
        }
        read_inner_list::<FlashKey>(&inner, errors, &mut |item, input, errors| {
            let name = &item.name;
            match item.key {
                FlashKey::UntilRead => {
                    read.until_read.set(name, readers::flag(&item, input, errors)?, errors);
                }
                FlashKey::MaxAge => {
                    let text = readers::text(&item, input, errors)?;
                    read.max_age.set(name, (name.clone(), text), errors);
                }
                FlashKey::MaxBytes => {
                    read.max_bytes.set(name, readers::number(&item, input, errors)?, errors);
                }
            }
            Some(())
        });
        Some(read)
    }
}
