//! In: the name of a form's field as a page writes it. Out: its segments; `a.b`, `a[b]` and `a[b][]` have two or three
//! spellings of one place.

use std::borrow::Cow;

/// The segments of a name; empty ones, as of `tags[]`, do not count.
pub(super) fn segments(name: &str) -> impl Iterator<Item = &str> {
    name.split(['.', '[', ']']).filter(|segment| !segment.is_empty())
}

/// The name as a dot path. A name without brackets is left as it is.
pub(super) fn dotted(name: &str) -> Cow<'_, str> {
    if name.contains(['[', ']']) {
        Cow::Owned(segments(name).collect::<Vec<_>>().join("."))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_dots() {
        for (name, path) in [
            ("email", "email"),
            ("user.email", "user.email"),
            ("user[email]", "user.email"),
            ("items[0][name]", "items.0.name"),
            ("items[0].name", "items.0.name"),
            ("tags[]", "tags"),
            ("", ""),
            ("[]", ""),
            ("a..b", "a..b"),
        ] {
            assert_eq!(dotted(name), path, "{name}");
        }
        assert_eq!(segments("a..b").collect::<Vec<_>>(), ["a", "b"]);
    }
}
