//! What `validator` found wrong: its tree of fields, flattened to dot paths.

use validator::{ValidationErrors, ValidationErrorsKind};

use super::errors::Errors;
use super::into_errors::IntoErrors;

/// In the order of the fields' names, since a hash map has none of its own. A rule without a message is shown by its
/// code. Rules of a whole struct (`__all__`) belong to the struct's field, or to the whole form.
impl IntoErrors for ValidationErrors {
    fn into_errors(self) -> Errors {
        let mut errors = Errors::new();
        flatten(self, "", &mut errors);
        errors
    }
}

fn flatten(found: ValidationErrors, above: &str, errors: &mut Errors) {
    let mut fields: Vec<_> = found.0.into_iter().collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (field, kind) in fields {
        let path = if field == WHOLE { above.to_owned() } else { join(above, &field) };
        match kind {
            ValidationErrorsKind::Field(rules) => {
                for rule in rules {
                    errors.add(&path, rule.message.unwrap_or(rule.code));
                }
            }
            ValidationErrorsKind::Struct(below) => flatten(*below, &path, errors),
            ValidationErrorsKind::List(items) => {
                for (index, below) in items {
                    flatten(*below, &join(&path, &index.to_string()), errors);
                }
            }
        }
    }
}

fn join(above: &str, field: &str) -> String {
    if above.is_empty() { field.to_owned() } else { format!("{above}.{field}") }
}

/// Where `validator` keeps what is wrong with a whole struct.
const WHOLE: &str = "__all__";

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use validator::ValidationError;

    use super::*;

    fn rule(message: &'static str) -> ValidationError {
        ValidationError::new("rule").with_message(Cow::Borrowed(message))
    }

    #[test]
    fn nested_fields_become_dot_paths() {
        let mut item = ValidationErrors::new();
        item.add("name", rule("too short"));
        item.add("__all__", rule("odd item"));
        let mut address = ValidationErrors::new();
        address.add("city", ValidationError::new("length"));
        let mut found = ValidationErrors::new();
        found.add("email", rule("first"));
        found.add("email", rule("second"));
        found.add("__all__", rule("does not add up"));
        found.0.insert("address".into(), ValidationErrorsKind::Struct(Box::new(address)));
        let items = BTreeMap::from([(2, Box::new(item))]);
        found.0.insert("items".into(), ValidationErrorsKind::List(items));

        let errors = IntoErrors::into_errors(found);
        assert_eq!(errors.of("email"), ["first", "second"]);
        assert_eq!(errors.of("address.city"), ["length"]);
        assert_eq!(errors.of("items.2.name"), ["too short"]);
        assert_eq!(errors.of("items.2"), ["odd item"]);
        assert_eq!(errors.general(), ["does not add up"]);
        let fields: Vec<&str> = errors.fields().map(|(field, _)| field).collect();
        assert_eq!(fields, ["address.city", "email", "items.2", "items.2.name"]);
    }
}
