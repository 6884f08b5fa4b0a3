//! Takes the annotated item; gives everything that was written on it and on its named fields.

use super::container::ContainerAttrs;
use super::field::FieldAttrs;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::{Data, DeriveInput, Field, Fields};

/// The item with its attributes read.
pub(crate) struct SchemaWritten<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) container: ContainerAttrs,
    /// Empty for items that cannot be schemas.
    pub(crate) fields: Vec<FieldWritten<'a>>,
}

/// A named field with its attributes read.
pub(crate) struct FieldWritten<'a> {
    pub(crate) field: &'a Field,
    pub(crate) ident: &'a Ident,
    pub(crate) attrs: FieldAttrs,
}

impl<'a> SchemaWritten<'a> {
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let container = ContainerAttrs::read(&input.attrs, errors);
        let fields = named_fields(&input.data)
            .filter_map(|field| field.ident.as_ref().map(|ident| (field, ident)))
            .map(|(field, ident)| FieldWritten {
                field,
                ident,
                attrs: FieldAttrs::read(&field.attrs, errors),
            })
            .collect();
        Self { input, container, fields }
    }
}

fn named_fields(data: &Data) -> impl Iterator<Item = &Field> {
    let fields = match data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            Fields::Unnamed(_) | Fields::Unit => None,
        },
        Data::Enum(_) | Data::Union(_) => None,
    };
    fields.into_iter().flatten()
}
