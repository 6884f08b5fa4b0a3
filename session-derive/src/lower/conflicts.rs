//! Takes the keys of one field in the order of writing; reports pairs that exclude each other.

use crate::attr::FieldKey;
use crate::diagnostics;
use crate::errors::Errors;
use proc_macro2::Ident;

/// A key, one that it excludes, why, and which of the two should go.
struct Conflict {
    key: FieldKey,
    excludes: FieldKey,
    reason: &'static str,
    cure: &'static str,
}

const CONFLICTS: [Conflict; 8] = [
    Conflict {
        key: FieldKey::Flash,
        excludes: FieldKey::Principal,
        reason: "a login outlives the next request",
        cure: "remove `flash` or `principal`",
    },
    Conflict {
        key: FieldKey::Flash,
        excludes: FieldKey::SurvivesLogout,
        reason: "a flash value lives for one request, so a logout has nothing to keep",
        cure: "remove `survives_logout`",
    },
    Conflict {
        key: FieldKey::Flash,
        excludes: FieldKey::Alias,
        reason: "a flash value is gone before an old key could matter",
        cure: "remove `alias`",
    },
    Conflict {
        key: FieldKey::Flash,
        excludes: FieldKey::Default,
        reason: "an absent flash value reads as `None`",
        cure: "remove `default`",
    },
    Conflict {
        key: FieldKey::Principal,
        excludes: FieldKey::SurvivesLogout,
        reason: "a logout is the removal of the principal",
        cure: "remove `survives_logout`",
    },
    Conflict {
        key: FieldKey::Principal,
        excludes: FieldKey::Default,
        reason: "before a login the principal reads as `None`",
        cure: "remove `default`",
    },
    Conflict {
        key: FieldKey::Principal,
        excludes: FieldKey::Alias,
        reason: "the principal is not stored under its key, so it has no old one",
        cure: "remove `alias`",
    },
    Conflict {
        key: FieldKey::Principal,
        excludes: FieldKey::OnMismatch,
        reason: "a principal of another type is an error, never a logout by accident",
        cure: "remove `on_mismatch`",
    },
];

/// Of each pair the later key is reported, and of each key only the first conflict.
pub(super) fn check_conflicts(order: &[(FieldKey, Ident)], errors: &mut Errors) {
    for (position, (later, name)) in order.iter().enumerate() {
        let found =
            order.iter().take(position).find_map(|(earlier, _)| Some((earlier, between(*earlier, *later)?)));
        if let Some((earlier, conflict)) = found {
            errors.push(diagnostics::conflict(name, *earlier, conflict.reason, conflict.cure));
        }
    }
}

fn between(one: FieldKey, other: FieldKey) -> Option<&'static Conflict> {
    CONFLICTS.iter().find(|conflict| {
        (conflict.key, conflict.excludes) == (one, other) || (conflict.key, conflict.excludes) == (other, one)
    })
}

#[cfg(test)]
mod tests {
    use super::{Errors, FieldKey, between, check_conflicts};
    use crate::attr::Key as _;
    use quote::format_ident;

    fn conflicts(order: &[FieldKey]) -> Vec<String> {
        let mut errors = Errors::default();
        let order: Vec<_> = order.iter().map(|key| (*key, format_ident!("{}", key.name()))).collect();
        check_conflicts(&order, &mut errors);
        errors.finish().map_or_else(|all| all.into_iter().map(|e| e.to_string()).collect(), |()| Vec::new())
    }

    #[test]
    fn the_order_of_writing_decides_which_key_is_reported() {
        let late_flash = conflicts(&[FieldKey::Default, FieldKey::Flash]);
        let late_default = conflicts(&[FieldKey::Flash, FieldKey::Default]);
        assert!(late_flash.iter().all(|text| text.starts_with("`flash` cannot be combined with `default`")));
        assert!(
            late_default.iter().all(|text| text.starts_with("`default` cannot be combined with `flash`"))
        );
        assert_eq!((late_flash.len(), late_default.len()), (1, 1));
    }

    #[test]
    fn a_key_is_reported_once_however_many_it_meets() {
        assert_eq!(conflicts(&[FieldKey::Flash, FieldKey::Principal, FieldKey::Default]).len(), 2);
    }

    #[test]
    fn plain_fields_take_everything_but_the_two_special_kinds() {
        use FieldKey::{Alias, Default, OnMismatch, Rename, Secret, SurvivesLogout};
        assert!(conflicts(&[Rename, Alias, Default, SurvivesLogout, OnMismatch, Secret]).is_empty());
    }

    #[test]
    fn no_key_excludes_itself() {
        assert!(FieldKey::ALL.iter().all(|key| between(*key, *key).is_none()));
    }
}
