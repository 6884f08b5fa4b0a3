//! Takes a duration as it is written, `"10m"`; gives milliseconds.

/// Digits and one of `s`, `m`, `h`, `d`; a second at the least, thirty days at the most.
pub(super) fn millis(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => DAY,
        _ => return None,
    };
    // `parse` would take a sign, too.
    let count: u64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    let seconds = count.checked_mul(seconds)?;
    (1..=30 * DAY).contains(&seconds).then_some(seconds * 1_000)
}

const DAY: u64 = 86_400;

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn digits_and_a_unit_are_a_duration() {
        for (text, expected) in
            [("1s", 1_000), ("90s", 90_000), ("10m", 600_000), ("1h", 3_600_000), ("30d", 2_592_000_000)]
        {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        let wrong =
            ["", "s", "10", "m10", "10 m", "10min", "1.5h", "-1s", "+1s", "0s", "0d", "31d", "721h", "1ms"];
        for text in wrong.into_iter().chain(["99999999999999999999s", "9999999999999999999d", "1ä", "１s"])
        {
            assert_eq!(millis(text), None, "{text}");
        }
    }
}
