//! Schemas that do not clash may be asserted anywhere, in any number.

use session_runtime::{SessionSchema, assert_disjoint};

#[derive(SessionSchema)]
struct Shop {
    #[session(principal)]
    user: Option<u64>,
    theme: String,
    #[session(alias = "basket")]
    cart: Vec<u64>,
}

#[derive(SessionSchema)]
#[session(prefix = "auth_")]
struct Auth {
    #[session(principal, rename = "user")]
    user: Option<u64>,
    theme: String,
}

#[derive(SessionSchema)]
struct Nothing {}

assert_disjoint!(Shop, Auth);
assert_disjoint!(Shop, Auth, Nothing,);
assert_disjoint!(Shop);

mod bare {
    #![no_implicit_prelude]

    ::session_runtime::assert_disjoint!(super::Shop, super::Auth);
}

#[test]
fn the_assertion_may_stand_in_a_function() {
    assert_disjoint!(Auth, Nothing);
    assert_eq!(super::keys::<Auth>(), [("user", "auth_user"), ("theme", "auth_theme")]);
}
