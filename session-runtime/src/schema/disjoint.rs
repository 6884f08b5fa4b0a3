//! Takes the fields of two schemas while the program is compiled; finds a key that both claim, and says so.

use super::info::{FieldInfo, FieldKind};

/// Fails to compile when two of the schemas claim the same key.
///
/// Several schemas may describe the fields of one session, each in its own module. Keys count with their
/// prefixes, and aliases count as keys. Two *principals* do not clash: a session has one principal,
/// whatever each schema calls it.
///
/// ```
/// use session_runtime::{SessionSchema, assert_disjoint};
///
/// #[derive(SessionSchema)]
/// struct Shop {
///     theme: String,
/// }
///
/// #[derive(SessionSchema)]
/// #[session(prefix = "auth_")]
/// struct Auth {
///     theme: String,
/// }
///
/// assert_disjoint!(Shop, Auth);
/// ```
///
/// Without the prefix the compiler says:
///
/// ```text
/// the schemas `Shop` and `Auth` both claim the key `theme`, in `Shop::theme` and `Auth::theme`
/// help: give one schema a prefix, `#[session(prefix = "my_")]`, or one field another key, ...
/// ```
#[macro_export]
macro_rules! assert_disjoint {
    ($only:ty $(,)?) => {};
    ($first:ty, $($rest:ty),+ $(,)?) => {
        $(const _: () = {
            const CLASH: ::core::option::Option<$crate::__private::Clash> = $crate::__private::Clash::between(
                (<$first as $crate::SessionSchema>::NAME, <$first as $crate::SessionSchema>::FIELDS),
                (<$rest as $crate::SessionSchema>::NAME, <$rest as $crate::SessionSchema>::FIELDS),
            );
            const LENGTH: ::core::primitive::usize = $crate::__private::Clash::length(CLASH);
            const TEXT: [::core::primitive::u8; LENGTH] = $crate::__private::Clash::text::<LENGTH>(CLASH);
            if LENGTH != 0 {
                ::core::panic!("{}", $crate::__private::Clash::read(&TEXT));
            }
        };)+
        $crate::assert_disjoint!($($rest),+);
    };
}

/// The name of a schema and its fields.
type Side = (&'static str, &'static [FieldInfo]);

/// A key that two schemas claim, as the parts of the sentence that says so. A constant cannot format; it can
/// count letters, and copy them into an array of that length.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Clash {
    parts: [&'static str; 15],
}

impl Clash {
    /// The first key that both sides claim.
    #[must_use]
    pub const fn between(one: Side, other: Side) -> Option<Self> {
        let mut left = one.1;
        while let [field, rest @ ..] = left {
            let mut right = other.1;
            while let [candidate, others @ ..] = right {
                if let Some(key) = shared_key(field, candidate) {
                    return Some(Self::new((one.0, field.name), (other.0, candidate.name), key));
                }
                right = others;
            }
            left = rest;
        }
        None
    }

    const fn new(
        one: (&'static str, &'static str),
        other: (&'static str, &'static str),
        key: &'static str,
    ) -> Self {
        Self {
            parts: [
                "the schemas `",
                one.0,
                "` and `",
                other.0,
                "` both claim the key `",
                key,
                "`, in `",
                one.0,
                "::",
                one.1,
                "` and `",
                other.0,
                "::",
                other.1,
                "`\nhelp: give one schema a prefix, `#[session(prefix = \"my_\")]`, \
                 or one field another key, `#[session(rename = \"my_key\")]`",
            ],
        }
    }

    /// Bytes of the sentence; none where nothing clashes.
    #[must_use]
    pub const fn length(clash: Option<Self>) -> usize {
        let mut length = 0;
        if let Some(clash) = clash {
            let mut parts = clash.parts.as_slice();
            while let [part, rest @ ..] = parts {
                length += part.len();
                parts = rest;
            }
        }
        length
    }

    /// The sentence, in an array of its [`length`](Self::length).
    #[must_use]
    pub const fn text<const LENGTH: usize>(clash: Option<Self>) -> [u8; LENGTH] {
        let mut text = [0; LENGTH];
        if let Some(clash) = clash {
            let mut room = text.as_mut_slice();
            let mut parts = clash.parts.as_slice();
            while let [part, rest @ ..] = parts {
                room = copy(part.as_bytes(), room);
                parts = rest;
            }
        }
        text
    }

    /// The sentence as a string.
    #[must_use]
    pub const fn read(text: &[u8]) -> &str {
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "two schemas claim the same key",
        }
    }
}

/// Copies `letters` to the front of `room`, and gives what is left of it.
const fn copy<'a>(mut letters: &[u8], mut room: &'a mut [u8]) -> &'a mut [u8] {
    while let [letter, more @ ..] = letters {
        match room {
            [place, left @ ..] => {
                *place = *letter;
                room = left;
            }
            [] => return &mut [],
        }
        letters = more;
    }
    room
}

const fn shared_key(one: &FieldInfo, other: &FieldInfo) -> Option<&'static str> {
    if matches!((one.kind, other.kind), (FieldKind::Principal, FieldKind::Principal)) {
        return None;
    }
    if claims(other, one.key) {
        return Some(one.key);
    }
    let mut aliases = one.aliases;
    while let [alias, rest @ ..] = aliases {
        if claims(other, alias) {
            return Some(alias);
        }
        aliases = rest;
    }
    None
}

const fn claims(field: &FieldInfo, key: &str) -> bool {
    let mut claimed = same(field.key, key);
    let mut aliases = field.aliases;
    while let [alias, rest @ ..] = aliases {
        claimed = claimed || same(alias, key);
        aliases = rest;
    }
    claimed
}

/// `==` of strings, which constants cannot use yet.
const fn same(one: &str, other: &str) -> bool {
    let (mut left, mut right) = (one.as_bytes(), other.as_bytes());
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if *first != *second {
            return false;
        }
        (left, right) = (left_rest, right_rest);
    }
    left.is_empty() && right.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Clash, FieldInfo, FieldKind, same};

    const fn value(name: &'static str, key: &'static str) -> FieldInfo {
        FieldInfo::new(name, key, FieldKind::Value, "u8")
    }

    const SHOP: &[FieldInfo] =
        &[value("theme", "shop_theme"), value("cart", "cart").aliased(&["basket", "bag"])];

    fn clash(fields: &'static [FieldInfo]) -> Option<String> {
        let clash = Clash::between(("Shop", SHOP), ("Auth", fields));
        let bytes = Clash::text::<400>(clash);
        let used = bytes.get(..Clash::length(clash)).unwrap_or_default();
        clash.map(|_| Clash::read(used).to_owned())
    }

    #[test]
    fn different_keys_do_not_clash_whatever_the_fields_are_called() {
        const AUTH: &[FieldInfo] = &[value("theme", "theme"), value("cart", "auth_cart")];
        assert_eq!(clash(AUTH), None);
        assert_eq!(clash(&[]), None);
    }

    #[test]
    fn a_clash_names_schemas_key_and_fields() {
        const AUTH: &[FieldInfo] = &[value("skin", "shop_theme")];
        let text = clash(AUTH).unwrap_or_default();
        assert!(text.starts_with(
            "the schemas `Shop` and `Auth` both claim the key `shop_theme`, in `Shop::theme` and `Auth::skin`\nhelp: "
        ));
    }

    #[test]
    fn aliases_are_keys_on_both_sides() {
        const BY_KEY: &[FieldInfo] = &[value("bag", "bag")];
        const BY_ALIAS: &[FieldInfo] = &[value("things", "things").aliased(&["basket"])];
        assert!(clash(BY_KEY).is_some_and(|text| text.contains("the key `bag`")));
        assert!(clash(BY_ALIAS).is_some_and(|text| text.contains("the key `basket`")));
    }

    #[test]
    fn two_principals_are_one_and_the_same() {
        const ONE: &[FieldInfo] = &[FieldInfo::new("user", "user", FieldKind::Principal, "Option<u64>")];
        const OTHER: &[FieldInfo] = &[value("user", "user")];
        assert!(Clash::between(("Shop", ONE), ("Auth", ONE)).is_none());
        assert!(Clash::between(("Shop", ONE), ("Auth", OTHER)).is_some());
    }

    #[test]
    fn strings_are_compared_to_their_ends() {
        for (one, other) in [("", ""), ("a", "a"), ("a", "b"), ("a", "ab"), ("ab", "a")] {
            assert_eq!(same(one, other), one == other, "{one:?} {other:?}");
        }
    }
}
