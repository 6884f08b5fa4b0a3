//! Takes the attributes of the struct; gives what was written in its `#[session(..)]`.

use super::list::read_lists;
use super::readers;
use super::setting::Setting;
use super::words::ContainerKey;
use crate::errors::Errors;
use syn::{Attribute, LitStr, Path};

/// `#[session(..)]` above the struct.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub(crate) prefix: Setting<LitStr>,
    pub(crate) rename_all: Setting<LitStr>,
    pub(crate) runtime: Setting<Path>,
}

impl ContainerAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        read_lists::<ContainerKey>(attributes, errors, |item, input, errors| {
            let name = &item.name;
            match item.key {
                ContainerKey::Prefix => read.prefix.set(name, readers::text(&item, input, errors)?, errors),
                ContainerKey::RenameAll => {
                    read.rename_all.set(name, readers::text(&item, input, errors)?, errors);
                }
                ContainerKey::Crate => read.runtime.set(name, readers::path(&item, input, errors)?, errors),
            }
            Some(())
        });
        read
    }
}
