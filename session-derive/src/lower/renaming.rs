//! Takes a field's name and a style; gives the name in that style.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Renaming {
    /// Names stay as they are.
    #[default]
    None,
    Snake,
    Camel,
    Pascal,
    Kebab,
    Lower,
    Upper,
    ScreamingSnake,
    ScreamingKebab,
}

impl Renaming {
    const ALL: [(&'static str, Self); 8] = [
        ("snake_case", Self::Snake),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
    ];

    pub(super) fn find(style: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == style).map(|(_, renaming)| *renaming)
    }

    pub(super) fn names() -> [&'static str; 8] {
        Self::ALL.map(|(name, _)| name)
    }

    /// Reads `name` as `snake_case`, which is what field names are.
    pub(super) fn apply(self, name: &str) -> String {
        let renamed = match self {
            Self::None => name.to_owned(),
            Self::Snake | Self::Lower => name.to_lowercase(),
            Self::Upper | Self::ScreamingSnake => name.to_uppercase(),
            Self::Kebab => name.to_lowercase().replace('_', "-"),
            Self::ScreamingKebab => name.to_uppercase().replace('_', "-"),
            Self::Pascal => name.split('_').map(capitalised).collect(),
            Self::Camel => {
                let pascal: String = name.split('_').map(capitalised).collect();
                let mut letters = pascal.chars();
                letters
                    .next()
                    .into_iter()
                    .flat_map(char::to_lowercase)
                    .chain(letters.as_str().chars())
                    .collect()
            }
        };
        // `__` has no words; a key may not be empty.
        if renamed.is_empty() { name.to_owned() } else { renamed }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters.as_str().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::Renaming;

    #[test]
    fn every_style_reads_snake_case() {
        for (style, renamed) in [
            ("snake_case", "last_seen_at"),
            ("camelCase", "lastSeenAt"),
            ("PascalCase", "LastSeenAt"),
            ("kebab-case", "last-seen-at"),
            ("lowercase", "last_seen_at"),
            ("UPPERCASE", "LAST_SEEN_AT"),
            ("SCREAMING_SNAKE_CASE", "LAST_SEEN_AT"),
            ("SCREAMING-KEBAB-CASE", "LAST-SEEN-AT"),
        ] {
            let applied = Renaming::find(style).map(|renaming| renaming.apply("last_seen_at"));
            assert_eq!(applied.as_deref(), Some(renamed), "{style}");
        }
    }

    #[test]
    fn letters_beyond_ascii_and_leading_underscores_survive() {
        assert_eq!(Renaming::Camel.apply("_über_maß"), "überMaß");
        assert_eq!(Renaming::Pascal.apply("größe"), "Größe");
    }

    #[test]
    fn no_name_becomes_empty() {
        assert_eq!(Renaming::Camel.apply("__"), "__");
    }

    #[test]
    fn a_style_is_found_by_its_exact_spelling() {
        assert_eq!(Renaming::find("camelcase"), None);
        assert!(Renaming::names().iter().all(|name| Renaming::find(name).is_some()));
    }
}
