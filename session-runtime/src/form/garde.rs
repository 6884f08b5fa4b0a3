//! What `garde` found wrong. In: paths such as `items[0].name`. Out: `items.0.name`.

use super::errors::Errors;
use super::into_errors::IntoErrors;

impl IntoErrors for garde::Report {
    fn into_errors(self) -> Errors {
        let mut errors = Errors::new();
        for (path, error) in self.into_inner() {
            errors.add(path.to_string(), error.message());
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use garde::error::{Error, Path};

    use super::*;

    #[test]
    fn paths_become_dots_and_what_has_none_is_general() {
        let mut report = garde::Report::new();
        report.append(Path::new("email"), Error::new("not an address"));
        report.append(Path::new("items").join(0).join("name"), Error::new("too short"));
        report.append(Path::new("items").join(0).join("name"), Error::new("too plain"));
        report.append(Path::empty(), Error::new("does not add up"));
        let errors = report.into_errors();
        assert_eq!(errors.of("email"), ["not an address"]);
        assert_eq!(errors.of("items.0.name"), ["too short", "too plain"]);
        assert_eq!(errors.general(), ["does not add up"]);
    }
}
