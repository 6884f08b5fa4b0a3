//! Which types count: the primitive numbers, and newtypes over them that opt in.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::{Addition, Float, Integer, IntegerBounds};

/// A field type that can be incremented and decremented in the store.
///
/// Implemented for all integers and floats. A newtype opts in, if serde writes it as the bare number:
///
/// ```
/// use session_runtime::Numeric;
///
/// #[derive(serde::Serialize, serde::Deserialize, Default)]
/// #[serde(transparent)]
/// struct Points(u32);
///
/// impl Numeric for Points {
///     type Amount = u32;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "only numbers can be incremented and decremented",
    label = "`{Self}` is not a number",
    note = "for a newtype over a number, write `impl Numeric for {Self} {{ type Amount = u64; }}`"
)]
pub trait Numeric {
    /// What is added: the number itself. Its type gives the bounds.
    type Amount: Number;
}

/// A primitive number. Sealed.
pub trait Number: sealed::Adds + Numeric<Amount = Self> + Serialize + DeserializeOwned {}

pub(super) mod sealed {
    use super::{Addition, Float, Integer, IntegerBounds};

    #[expect(unnameable_types, reason = "a sealed trait is out of reach on purpose")]
    pub trait Adds: Copy {
        const ONE: Self;

        /// The addition of this number, or its subtraction, to a field that reads `start` where nothing is stored.
        fn addition(self, subtract: bool, start: Option<Self>) -> Addition;
    }

    macro_rules! integers {
        ($($integer:ty),+) => {$(
            impl Adds for $integer {
                const ONE: Self = 1;

                fn addition(self, subtract: bool, start: Option<Self>) -> Addition {
                    let amount = integer(self);
                    let bounds = IntegerBounds {
                        below: integer(Self::MIN).magnitude(),
                        above: integer(Self::MAX).magnitude(),
                    };
                    let amount = if subtract { amount.negated() } else { amount };
                    Addition::integer(amount, start.map_or(Integer::ZERO, integer), bounds)
                }
            }
        )+};
    }

    macro_rules! floats {
        ($($float:ty => $width:ident),+) => {$(
            impl Adds for $float {
                const ONE: Self = 1.0;

                fn addition(self, subtract: bool, start: Option<Self>) -> Addition {
                    let amount = Float::$width(self);
                    let amount = if subtract { amount.negated() } else { amount };
                    Addition::float(amount, Float::$width(start.unwrap_or_default()))
                }
            }
        )+};
    }

    integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
    floats!(f32 => Single, f64 => Double);

    /// Every primitive integer has a sign and a magnitude that fits 128 bits.
    trait Parts {
        fn parts(self) -> (bool, u128);
    }

    fn integer(value: impl Parts) -> Integer {
        let (negative, magnitude) = value.parts();
        Integer::new(negative, magnitude)
    }

    macro_rules! unsigned_parts {
        ($($integer:ty),+) => {$(
            #[allow(clippy::cast_lossless, reason = "`usize` has no `From`, and the others share its line")]
            impl Parts for $integer {
                fn parts(self) -> (bool, u128) {
                    (false, self as u128)
                }
            }
        )+};
    }

    macro_rules! signed_parts {
        ($($integer:ty),+) => {$(
            #[allow(clippy::cast_lossless, reason = "`usize` has no `From`, and the others share its line")]
            impl Parts for $integer {
                fn parts(self) -> (bool, u128) {
                    (self < 0, self.unsigned_abs() as u128)
                }
            }
        )+};
    }

    unsigned_parts!(u8, u16, u32, u64, u128, usize);
    signed_parts!(i8, i16, i32, i64, i128, isize);
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Numeric for $number {
            type Amount = Self;
        }

        impl Number for $number {}
    )+};
}

numbers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64);
