//! Takes a misspelt word and the valid ones; gives the valid one that was probably meant.

/// The nearest of `valid`, unless it is so far away that naming it would be a guess.
pub(crate) fn nearest<'a>(word: &str, valid: &[&'a str]) -> Option<&'a str> {
    let plain = word.to_lowercase().replace('-', "_");
    valid
        .iter()
        .map(|&candidate| (distance(&plain, &candidate.to_lowercase().replace('-', "_")), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, removals, replacements and swaps of neighbours that turn `left` into `right`.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (line, letter) in left.chars().enumerate() {
        let mut next = vec![line + 1];
        let mut above = None;
        for (column, &other) in right.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&row, column) + usize::from(letter != other);
            let inserted = at(&next, column) + 1;
            let removed = at(&row, column + 1) + 1;
            let mut best = replaced.min(inserted).min(removed);
            if column > 0 && last == Some(other) && above == Some(letter) {
                best = best.min(at(&before, column - 1) + 1);
            }
            next.push(best);
            above = Some(other);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    const WORDS: [&str; 4] = ["rename", "default", "survives_logout", "secret"];

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("renmae", &WORDS), Some("rename"));
        assert_eq!(nearest("defualt", &WORDS), Some("default"));
        assert_eq!(nearest("survive_logout", &WORDS), Some("survives_logout"));
    }

    #[test]
    fn case_and_dashes_do_not_count() {
        assert_eq!(nearest("Survives-Logout", &WORDS), Some("survives_logout"));
    }

    #[test]
    fn a_foreign_word_is_not_guessed_at() {
        assert_eq!(nearest("expires", &WORDS), None);
        assert_eq!(nearest("x", &WORDS), None);
    }

    #[test]
    fn distances_count_single_steps() {
        for (left, right, steps) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("ab", "ba", 1),
            ("abc", "abd", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(left, right), steps, "{left} -> {right}");
        }
    }
}
