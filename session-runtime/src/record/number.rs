//! Arithmetic on decimal text: what an `increment` means in a record, exact for every integer type.

use std::fmt;

use smol_str::format_smolstr;

use crate::value::JsonText;

/// A number to be added to a stored number, with the bounds of the field's type.
///
/// Text in, text out: an integer never passes through floating point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Addition(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Integer { amount: Integer, start: Integer, bounds: IntegerBounds },
    Float { amount: Float, start: Float },
}

impl Addition {
    /// Adds `amount` to an integer, which is `start` where nothing is stored.
    pub(crate) const fn integer(amount: Integer, start: Integer, bounds: IntegerBounds) -> Self {
        Self(Kind::Integer { amount, start, bounds })
    }

    /// Adds `amount` to a float, which is `start` where nothing is stored.
    pub(crate) const fn float(amount: Float, start: Float) -> Self {
        Self(Kind::Float { amount, start })
    }

    /// The text that replaces `stored`; an absent value and a stored null count as the start value.
    ///
    /// # Errors
    /// [`NumberFault`] when `stored` is no number of this kind, or the sum leaves the bounds. Nothing changes then.
    pub fn apply(&self, stored: Option<&JsonText>) -> Result<JsonText, NumberFault> {
        let stored = stored.filter(|json| !json.is_null()).map(JsonText::as_str);
        match self.0 {
            Kind::Integer { amount, start, bounds } => {
                let value = stored.map_or(Some(start), Integer::parse).ok_or(NumberFault::NotANumber)?;
                let sum = value.checked_add(amount).filter(|sum| bounds.contain(*sum));
                sum.map(Integer::to_text).ok_or(NumberFault::Overflow)
            }
            Kind::Float { amount, start } => {
                let value = stored.map_or(Some(start), |text| start.parse_like(text));
                value.ok_or(NumberFault::NotANumber)?.add(amount)
            }
        }
    }

    /// One addition that does what the two do in turn, where there is one.
    pub(crate) fn followed_by(self, next: Self) -> Option<Self> {
        match (self.0, next.0) {
            (
                Kind::Integer { amount, start, bounds },
                Kind::Integer { amount: more, start: next_start, bounds: next_bounds },
            ) if start == next_start && bounds == next_bounds => {
                Some(Self::integer(amount.checked_add(more)?, start, bounds))
            }
            _ => None,
        }
    }
}

/// Why an addition was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberFault {
    /// The stored value is no number of the field's kind.
    #[error("the stored value is not a number of this type")]
    NotANumber,
    /// The sum does not fit the field's type.
    #[error("the sum does not fit the type")]
    Overflow,
}

/// A sign and a magnitude: holds every integer from `i128::MIN` to `u128::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    negative: bool,
    magnitude: u128,
}

impl Integer {
    pub(crate) const ZERO: Self = Self::new(false, 0);

    pub(crate) const fn new(negative: bool, magnitude: u128) -> Self {
        Self { negative: negative && magnitude != 0, magnitude }
    }

    pub(crate) const fn magnitude(self) -> u128 {
        self.magnitude
    }

    pub(crate) const fn negated(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }

    /// Reads the integers of JSON: no sign but minus, no leading zero, no fraction, no exponent.
    fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let canonical = digits == "0" || digits.starts_with(|first: char| matches!(first, '1'..='9'));
        if !canonical {
            return None;
        }
        // Nearly every count fits 64 bits, in which parsing is several times faster.
        let magnitude = if digits.len() < SURELY_64_BITS {
            u128::from(digits.parse::<u64>().ok()?)
        } else {
            digits.parse().ok()?
        };
        Some(Self::new(negative, magnitude))
    }

    /// The decimal text.
    fn to_text(self) -> JsonText {
        let mut buffer = itoa::Buffer::new();
        let digits = match u64::try_from(self.magnitude) {
            Ok(small) => buffer.format(small),
            Err(_) => buffer.format(self.magnitude),
        };
        if self.negative { JsonText::trusted(format_smolstr!("-{digits}")) } else { JsonText::copied(digits) }
    }

    fn checked_add(self, other: Self) -> Option<Self> {
        if self.negative == other.negative {
            return self.magnitude.checked_add(other.magnitude).map(|sum| Self::new(self.negative, sum));
        }
        let (larger, smaller) = if self.magnitude >= other.magnitude { (self, other) } else { (other, self) };
        Some(Self::new(larger.negative, larger.magnitude.abs_diff(smaller.magnitude)))
    }
}

/// The least and the greatest integer of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IntegerBounds {
    /// How far below zero the type reaches.
    pub(crate) below: u128,
    /// How far above zero the type reaches.
    pub(crate) above: u128,
}

impl IntegerBounds {
    const fn contain(&self, value: Integer) -> bool {
        value.magnitude <= if value.negative { self.below } else { self.above }
    }
}

/// A float of one of the two widths; sums are taken in that width, so that they read back as what was computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Float {
    Single(f32),
    Double(f64),
}

impl Float {
    pub(crate) const fn negated(self) -> Self {
        match self {
            Self::Single(value) => Self::Single(-value),
            Self::Double(value) => Self::Double(-value),
        }
    }

    fn parse_like(self, text: &str) -> Option<Self> {
        match self {
            Self::Single(_) => serde_json::from_str(text).ok().map(Self::Single),
            Self::Double(_) => serde_json::from_str(text).ok().map(Self::Double),
        }
    }

    fn add(self, amount: Self) -> Result<JsonText, NumberFault> {
        match (self, amount) {
            (Self::Single(a), Self::Single(b)) if (a + b).is_finite() => Ok(text(a + b)),
            (Self::Double(a), Self::Double(b)) if (a + b).is_finite() => Ok(text(a + b)),
            (Self::Single(_), Self::Double(_)) | (Self::Double(_), Self::Single(_)) => {
                Err(NumberFault::NotANumber)
            }
            _ => Err(NumberFault::Overflow),
        }
    }
}

/// The shortest text that reads back as `value` (`Debug` of the standard library), which is JSON for finite numbers.
fn text(value: impl fmt::Debug) -> JsonText {
    JsonText::trusted(format_smolstr!("{value:?}"))
}

/// A number of fewer digits is below 2^64.
const SURELY_64_BITS: usize = 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const I64: IntegerBounds = IntegerBounds { below: 1 << 63, above: (1 << 63) - 1 };

    fn int(value: i128) -> Integer {
        Integer::new(value < 0, value.unsigned_abs())
    }

    fn add(stored: &str, amount: i128) -> Result<String, NumberFault> {
        let stored = JsonText::trusted(stored);
        Addition::integer(int(amount), Integer::ZERO, I64)
            .apply(Some(&stored))
            .map(|sum| sum.as_str().to_owned())
    }

    proptest! {
        #[test]
        fn integer_sums_are_exact(a: i64, b: i64) {
            let expected = a.checked_add(b).map(|sum| sum.to_string()).ok_or(NumberFault::Overflow);
            prop_assert_eq!(add(&a.to_string(), b.into()), expected);
        }

        #[test]
        fn float_sums_read_back_as_computed(a: f64, b in -1e300..1e300_f64) {
            prop_assume!(a.is_finite() && (a + b).is_finite());
            let stored = JsonText::encode(&a).unwrap();
            let addition = Addition::float(Float::Double(b), Float::Double(0.0));
            let sum: f64 = addition.apply(Some(&stored)).unwrap().decode().unwrap();
            prop_assert_eq!(sum.to_bits(), (a + b).to_bits());
        }
    }

    #[test]
    fn null_and_absence_count_as_the_start_value() {
        let ten = Addition::integer(int(1), int(10), I64);
        assert_eq!(ten.apply(None).unwrap().as_str(), "11");
        assert_eq!(ten.apply(Some(&JsonText::null())).unwrap().as_str(), "11");
    }

    #[test]
    fn what_is_no_integer_is_refused() {
        for stored in ["1.0", "1e3", "\"1\"", "true", "[]", "{}", "\"\"", "1.5", "+1", "01", "-"] {
            assert_eq!(add(stored, 1), Err(NumberFault::NotANumber), "{stored}");
        }
    }

    #[test]
    fn the_widest_types_are_exact() {
        let bounds = IntegerBounds { below: 0, above: u128::MAX };
        let one = Addition::integer(int(1), Integer::ZERO, bounds);
        let below_the_top = JsonText::trusted((u128::MAX - 1).to_string());
        let top = one.apply(Some(&below_the_top)).unwrap();
        assert_eq!(top.as_str(), u128::MAX.to_string());
        assert_eq!(one.apply(Some(&top)), Err(NumberFault::Overflow));
    }

    #[test]
    fn a_sum_that_is_not_finite_is_refused() {
        let addition = Addition::float(Float::Single(f32::MAX), Float::Single(f32::MAX));
        assert_eq!(addition.apply(None), Err(NumberFault::Overflow));
    }

    #[test]
    fn additions_of_one_kind_merge_and_others_do_not() {
        let two = Addition::integer(int(2), Integer::ZERO, I64);
        let merged = two.followed_by(Addition::integer(int(-5), Integer::ZERO, I64)).unwrap();
        assert_eq!(merged.apply(None).unwrap().as_str(), "-3");
        assert!(two.followed_by(Addition::integer(int(1), int(1), I64)).is_none());
        assert!(two.followed_by(Addition::float(Float::Double(1.0), Float::Double(0.0))).is_none());
    }
}
