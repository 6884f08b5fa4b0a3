//! The token among the fields of a form. In: the body of an urlencoded form. Out: its fields, and the one value of a name.

use std::borrow::Cow;

use crate::form::Input;

/// What a form says under one name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Field<'b> {
    Missing,
    One(Cow<'b, str>),
    /// Several that differ. Readers of forms do not agree on which of them counts, so none does.
    Several,
}

impl Field<'_> {
    pub(super) fn into_owned(self) -> Field<'static> {
        match self {
            Self::Missing => Field::Missing,
            Self::One(value) => Field::One(value.into_owned().into()),
            Self::Several => Field::Several,
        }
    }
}

/// The value of the field `name`.
pub(super) fn find<'b>(body: &'b [u8], name: &str) -> Field<'b> {
    let mut found = Field::Missing;
    for (_, value) in form_urlencoded::parse(body).filter(|(key, _)| key == name) {
        match &found {
            Field::Missing => found = Field::One(value),
            Field::One(first) if *first == value => {}
            _ => return Field::Several,
        }
    }
    found
}

/// Every field but `without`.
pub(super) fn all(body: &[u8], without: &str) -> Input {
    let mut input = Input::default();
    for (name, value) in form_urlencoded::parse(body).filter(|(name, _)| name != without) {
        input.push(name, value);
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str) -> Field<'_> {
        Field::One(value.into())
    }

    #[test]
    fn finds_the_field_wherever_it_stands() {
        for body in [
            "_csrf=abc",
            "a=1&_csrf=abc",
            "_csrf=abc&a=1",
            "&&_csrf=abc&",
            "%5Fcsrf=a%62c",
            "_csrf=abc&_csrf=abc",
        ] {
            assert_eq!(find(body.as_bytes(), "_csrf"), one("abc"), "{body}");
        }
        assert_eq!(find(b"_csrf", "_csrf"), one(""));
        assert_eq!(find(b"_csrf=a+b%2B", "_csrf"), one("a b+"));
    }

    #[test]
    fn other_names_are_other_fields() {
        for body in ["", "_CSRF=abc", "x_csrf=abc", "_csrf[]=abc", "a=_csrf=abc", "_csrf.x=abc", " _csrf=abc"]
        {
            assert_eq!(find(body.as_bytes(), "_csrf"), Field::Missing, "{body}");
        }
    }

    #[test]
    fn two_that_differ_are_none() {
        assert_eq!(find(b"_csrf=a&x=1&_csrf=b", "_csrf"), Field::Several);
        assert_eq!(find(b"_csrf=a&_csrf=a&_csrf=", "_csrf"), Field::Several);
        assert_eq!(find(b"_csrf=&_csrf=a", "_csrf"), Field::Several);
    }

    #[test]
    fn the_others_are_what_was_typed() {
        let input = all(b"b=1&_csrf=x&a=2&b=%C3%BC+", "_csrf");
        assert_eq!(input.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            (input.all("b"), input.first("a")),
            (&["1".to_owned(), "\u{fc} ".to_owned()][..], Some("2"))
        );
    }
}
