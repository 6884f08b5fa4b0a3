//! Which fields of a form are never kept, by name.

use std::sync::LazyLock;

use serde_json::Value;

use super::name;

/// Which fields of a form are never flashed.
///
/// A pattern is compared with each segment of a name, without regard to case, and `*` stands for any characters: `pin`
/// is in `pin`, `user[PIN]`, `cards.0.pin`. What is denied is left out as a whole, with everything below it. What is
/// allowed is not denied.
///
/// By default these are denied: `*password*`, `*passwd*`, `*passphrase*`, `*passcode*`, `pass`, `pwd`, `*secret*`, `*token*`, `*csrf*`,
/// `*xsrf*`, `_method`, `_form`, `otp`, `totp`, `pin`, `cvc*`, `cvv*`, `*card*number*`. Naming a field in
/// [`flash_input_only`](crate::Form::flash_input_only) does not allow it; only [`allow`](InputFilter::allow) does.
///
/// ```
/// use session_runtime::{InputFilter, Sessions};
/// use session_runtime::drivers::MemoryDriver;
///
/// let filter = InputFilter::default().deny("iban").allow("token_name");
/// let sessions = Sessions::builder(MemoryDriver::new()).input_filter(filter).build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFilter {
    denied: Vec<Pattern>,
    allowed: Vec<Pattern>,
}

impl InputFilter {
    /// Denies nothing: passwords are stored in the session and sent back in pages. For forms that are known to hold none.
    #[must_use]
    pub const fn denying_nothing() -> Self {
        Self { denied: Vec::new(), allowed: Vec::new() }
    }

    /// Denies also what matches `pattern`.
    #[must_use]
    pub fn deny(mut self, pattern: &str) -> Self {
        self.denied.push(Pattern::new(pattern));
        self
    }

    /// Allows what matches `pattern`, denied or not.
    #[must_use]
    pub fn allow(mut self, pattern: &str) -> Self {
        self.allowed.push(Pattern::new(pattern));
        self
    }

    /// What is left of an input.
    pub(crate) fn apply(&self, input: Value) -> Value {
        match input {
            Value::Object(fields) => {
                let kept = fields.into_iter().filter(|(name, _)| !self.denies(name));
                Value::Object(kept.map(|(name, value)| (name, self.apply(value))).collect())
            }
            Value::Array(values) => values.into_iter().map(|value| self.apply(value)).collect(),
            scalar => scalar,
        }
    }

    /// Whether a segment of the name is denied and not allowed.
    fn denies(&self, name: &str) -> bool {
        name::segments(name).any(|segment| {
            let segment = segment.trim().to_lowercase();
            let matches = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(&segment));
            matches(&self.denied) && !matches(&self.allowed)
        })
    }
}

impl Default for InputFilter {
    fn default() -> Self {
        static USUAL: LazyLock<Vec<Pattern>> =
            LazyLock::new(|| DENIED.iter().copied().map(Pattern::new).collect());
        Self { denied: USUAL.clone(), allowed: Vec::new() }
    }
}

/// Literal texts with anything between them, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern(Vec<String>);

impl Pattern {
    fn new(pattern: &str) -> Self {
        Self(pattern.to_lowercase().split('*').map(str::to_owned).collect())
    }

    fn matches(&self, text: &str) -> bool {
        let [first, between @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for literal in between {
            match rest.split_once(literal.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

const DENIED: [&str; 18] = [
    "*password*",
    "*passwd*",
    "*passphrase*",
    "*passcode*",
    "pass",
    "pwd",
    "*secret*",
    "*token*",
    "*csrf*",
    "*xsrf*",
    "_method",
    "_form",
    "otp",
    "totp",
    "pin",
    "cvc*",
    "cvv*",
    "*card*number*",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, matches) in [
            ("pin", "pin", true),
            ("pin", "spin", false),
            ("pin", "ping", false),
            ("", "", true),
            ("*", "", true),
            ("*", "anything", true),
            ("a*", "abc", true),
            ("a*", "ba", false),
            ("*a", "ba", true),
            ("*a", "ab", false),
            ("*card*number*", "card_number", true),
            ("*card*number*", "my-card-number-2", true),
            ("*card*number*", "number card", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*b", "ab", false),
            ("a*b*b", "abb", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn names_are_judged_segment_by_segment_at_any_depth() {
        let filter = InputFilter::default();
        for name in [
            "password",
            "PassWord",
            "password_confirmation",
            "currentPassword",
            "user.password",
            "user[password]",
            "user[PASSWORD][]",
            "password[]",
            "password.0",
            " password ",
            "_csrf",
            "_token",
            "csrf_token",
            "csrfmiddlewaretoken",
            "_method",
            "api_secret",
            "cards[0][cvc]",
            "pin",
            "cardNumber",
            "pass",
            "user[passcode]",
            "cvv2",
        ] {
            assert!(filter.denies(name), "{name}");
        }
        for name in ["email", "passenger", "spinner", "pins", "method", "user.email", "number", "", "[]"] {
            assert!(!filter.denies(name), "{name}");
        }
    }

    #[test]
    fn what_is_denied_goes_with_all_below_it() {
        let input = json!({
            "a": 1, "password": {"old": "x"}, "list": [{"pin": 1, "b": 2}, [{"secret": 3}]], "user[password]": "x",
        });
        let left = InputFilter::default().apply(input);
        assert_eq!(left, json!({ "a": 1, "list": [{ "b": 2 }, [{}]] }));
    }

    #[test]
    fn allowed_beats_denied_and_nothing_denies_nothing() {
        let filter = InputFilter::default().deny("IBAN").allow("pin");
        assert!(filter.denies("iban") && filter.denies("account.iban"));
        assert!(!filter.denies("pin") && filter.denies("pin.password"));
        assert!(!InputFilter::denying_nothing().denies("password"));
    }
}
