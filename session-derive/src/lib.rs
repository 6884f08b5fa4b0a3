//! The derive of `session-runtime`.

mod attr;
mod diagnostics;
mod errors;
mod expand;
mod generate;
mod lower;
mod model;
mod suggest;

use proc_macro::TokenStream;

/// Turns a struct into the schema of a session.
#[proc_macro_derive(SessionSchema, attributes(session))]
pub fn derive_session_schema(item: TokenStream) -> TokenStream {
    expand::expand(item.into()).into()
}
