//! Takes tokens of the user; gives them as they may stand outside of the struct, or as a text to read.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

/// `Self` names the schema only inside of it; everywhere else it is written out.
pub(crate) fn without_self(tokens: TokenStream, schema: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut name = schema.clone();
            name.set_span(ident.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut replaced = Group::new(group.delimiter(), without_self(group.stream(), schema));
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

/// `Option<u64>`, where the tokens alone would print as `Option < u64 >`.
pub(crate) fn text_of(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut arrow = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => write_group(&group, text),
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    ',' | ';' => text.extend([punct.as_char(), ' ']),
                    '+' | '=' if punct.spacing() == Spacing::Alone => {
                        text.extend([' ', punct.as_char(), ' ']);
                    }
                    '-' if punct.spacing() == Spacing::Joint => text.push_str(" -"),
                    '>' if arrow => text.push_str("> "),
                    other => text.push(other),
                }
                arrow = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
            }
            TokenTree::Ident(ident) => write_word(&ident.to_string(), text),
            TokenTree::Literal(literal) => write_word(&literal.to_string(), text),
        }
    }
}

/// Two words need a space between them, and so does a word behind `for<'a>`.
fn write_word(word: &str, text: &mut String) {
    if text.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '>') {
        text.push(' ');
    }
    text.push_str(word);
}

fn write_group(group: &Group, text: &mut String) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    };
    text.push_str(open);
    write(group.stream(), text);
    text.push_str(close);
}

#[cfg(test)]
mod tests {
    use super::{text_of, without_self};
    use quote::{format_ident, quote};

    #[test]
    fn types_read_as_people_write_them() {
        for (tokens, text) in [
            (quote!(Option<u64>), "Option<u64>"),
            (quote!(HashMap<String, Vec<(u8, [u8; 4])>>), "HashMap<String, Vec<(u8, [u8; 4])>>"),
            (quote!(::std::borrow::Cow<'static, str>), "::std::borrow::Cow<'static, str>"),
            (quote!(Box<dyn Fn(&'static str) -> u8 + Send>), "Box<dyn Fn(&'static str) -> u8 + Send>"),
            (quote!(<Vec<u8> as IntoIterator>::Item), "<Vec<u8> as IntoIterator>::Item"),
            (quote!(Box<dyn for<'a> Fn(&'a mut u8)>), "Box<dyn for<'a> Fn(&'a mut u8)>"),
        ] {
            assert_eq!(text_of(tokens), text);
        }
    }

    #[test]
    fn self_is_written_out_at_every_depth() {
        let tokens = without_self(quote!(vec![Self::new(Self::A)]), &format_ident!("Shop"));
        assert_eq!(tokens.to_string(), quote!(vec![Shop::new(Shop::A)]).to_string());
    }
}
