//! The pipeline on one screen: read what was written, decide what it means, write the code.

use crate::attr::SchemaWritten;
use crate::errors::Errors;
use crate::{generate, lower};
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The code behind `#[derive(SessionSchema)]`. With mistakes it is all of them and a stub: the schema's
/// type keeps its traits, so that nothing but the mistakes turns red.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let written = SchemaWritten::read(&input, &mut errors);
    match lower::lower(&written, errors) {
        Ok(schema) => generate::schema(&schema),
        Err(mistakes) => {
            let mut code = mistakes.into_compile_error();
            code.extend(generate::stub(&written));
            code
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use quote::quote;

    fn mistakes(code: &str) -> usize {
        code.matches("compile_error !").count()
    }

    #[test]
    fn a_sound_schema_has_fields_type_and_no_mistake() {
        let code = expand(quote! {
            struct Shop { #[session(principal)] user: Option<u64>, #[session(default = 1, secret)] views: u64 }
        })
        .to_string();
        assert_eq!(mistakes(&code), 0);
        assert!(code.contains("struct ShopFields"));
    }

    #[test]
    fn all_mistakes_of_all_fields_are_reported_together_with_a_stub() {
        let code = expand(quote! {
            #[session(prefix = "")]
            struct Shop {
                #[session(flash = true)]
                notice: Option<u8>,
                #[session(renmae = "x", rename = 5)]
                theme: String,
                clone: u8,
            }
        })
        .to_string();
        assert_eq!(mistakes(&code), 5);
        assert!(code.contains("struct ShopFields"));
    }

    #[test]
    fn one_slip_in_a_list_hides_no_other() {
        let code = expand(quote! {
            struct Shop { #[session(= , 5, rename, flash(yes) secret, survives_logout survives_logout)] a: u8 }
        })
        .to_string();
        assert_eq!(mistakes(&code), 7);
    }

    #[test]
    fn the_runtime_has_no_other_name_than_the_one_it_is_given() {
        let sound = quote!(
            #[session(crate = rt)]
            struct Shop {
                #[session(default = "a")]
                a: u8,
                #[session(flash)]
                b: u8,
            }
        );
        let wrong = quote!(
            #[session(crate = rt)]
            struct Shop {
                #[session(flash = 1)]
                a: u8,
                b: u8,
            }
        );
        for item in [sound, wrong] {
            let code = expand(item).to_string();
            assert!(code.contains("rt :: SessionSchema") && !code.contains("session_runtime"), "{code}");
        }
    }

    #[test]
    fn every_kind_of_expression_may_be_a_default() {
        for value in [
            quote!(5),
            quote!(vec![1, 2]),
            quote!([1, 2]),
            quote!(HashMap::<u8, u8>::new()),
            quote!(if A { 1 } else { 2 }),
            quote!({ 5 }),
            quote!(A as u8),
            quote!(a < b && c > d),
            quote!(|x: u8, y: u8| -> u8 { x + y }),
            quote!(Theme { a, b }.build(|x, y| x)),
        ] {
            let code = expand(quote!(
                struct Shop {
                    #[session(default = #value, secret)]
                    a: u8,
                }
            ))
            .to_string();
            assert_eq!(mistakes(&code), 0, "{value}");
            assert!(code.contains(&value.to_string()), "{value}");
        }
    }
}
