//! What messages of a form are made from.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::errors::Errors;

/// What says what is wrong with a form: [`Errors`], lists and maps of fields and messages, one message for the whole
/// form, and with the features of their names `validator::ValidationErrors` and `garde::Report`, whose nested fields
/// become dot paths.
///
/// ```
/// use session_runtime::IntoErrors as _;
/// let errors = [("email", "Please enter an address.")].into_errors();
/// assert!(errors.has("email"));
/// assert_eq!("Wrong name or password.".into_errors().general(), ["Wrong name or password."]);
/// ```
pub trait IntoErrors {
    /// The messages.
    fn into_errors(self) -> Errors;
}

/// One message or several: texts and lists of texts.
pub trait Messages {
    /// Adds them to a field.
    fn add_to(self, errors: &mut Errors, field: &str);
}

macro_rules! one_message {
    ($($text:ty),*) => {$(
        impl Messages for $text {
            fn add_to(self, errors: &mut Errors, field: &str) {
                errors.add(field, self);
            }
        }

        impl IntoErrors for $text {
            fn into_errors(self) -> Errors {
                let mut errors = Errors::new();
                errors.add_general(self);
                errors
            }
        }
    )*};
}

one_message!(&str, String, Cow<'_, str>);

impl<M: Into<String>> Messages for Vec<M> {
    fn add_to(self, errors: &mut Errors, field: &str) {
        for message in self {
            errors.add(field, message);
        }
    }
}

impl IntoErrors for Errors {
    fn into_errors(self) -> Errors {
        self
    }
}

impl<F: AsRef<str>, M: Messages> IntoErrors for Vec<(F, M)> {
    fn into_errors(self) -> Errors {
        collected(self)
    }
}

impl<F: AsRef<str>, M: Messages, const N: usize> IntoErrors for [(F, M); N] {
    fn into_errors(self) -> Errors {
        collected(self)
    }
}

impl<F: AsRef<str>, M: Messages> IntoErrors for BTreeMap<F, M> {
    fn into_errors(self) -> Errors {
        collected(self)
    }
}

/// In the order of the fields' names, since it has none of its own.
impl<F: AsRef<str>, M: Messages, H: BuildHasher> IntoErrors for HashMap<F, M, H> {
    fn into_errors(self) -> Errors {
        let mut pairs: Vec<(F, M)> = self.into_iter().collect();
        pairs.sort_by(|(one, _), (other, _)| one.as_ref().cmp(other.as_ref()));
        collected(pairs)
    }
}

fn collected<F: AsRef<str>, M: Messages>(pairs: impl IntoIterator<Item = (F, M)>) -> Errors {
    let mut errors = Errors::new();
    pairs.into_iter().for_each(|(field, messages)| messages.add_to(&mut errors, field.as_ref()));
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_lists_and_maps() {
        let mut expected = Errors::new();
        expected.add("b", "1").add("a", "2").add("b", "3");
        assert_eq!([("b", "1"), ("a", "2"), ("b", "3")].into_errors(), expected);
        assert_eq!(
            vec![("b".to_owned(), vec!["1", "3"]), ("a".to_owned(), vec!["2"])].into_errors(),
            expected
        );
        let sorted = BTreeMap::from([("b", vec!["1", "3"]), ("a", vec!["2"])]).into_errors();
        assert_eq!(sorted.fields().next().unwrap().0, "a");
        let unsorted: HashMap<String, String> =
            (0..50).map(|n| (format!("f{n:02}"), n.to_string())).collect();
        let unsorted = unsorted.into_errors();
        assert!(unsorted.fields().map(|(field, _)| field).is_sorted());
        assert_eq!(unsorted.len(), 50);
    }
}
