//! Takes the item; reports what makes it no struct with named fields and without parameters.

use crate::diagnostics;
use crate::errors::Errors;
use syn::{Data, DeriveInput, Fields};

pub(super) fn check_shape(input: &DeriveInput, errors: &mut Errors) {
    match &input.data {
        Data::Enum(data) => errors.push(diagnostics::wrong_item(&data.enum_token, "an enum", &input.ident)),
        Data::Union(data) => errors.push(diagnostics::wrong_item(&data.union_token, "a union", &input.ident)),
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => errors.push(diagnostics::tuple_struct(fields, &input.ident)),
            Fields::Unit => errors.push(diagnostics::unit_struct(&data.struct_token, &input.ident)),
        },
    }
    if !input.generics.params.is_empty() {
        errors.push(diagnostics::generics(&input.generics, &input.ident));
    }
}
