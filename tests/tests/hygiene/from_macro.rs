//! Schemas that a `macro_rules!` writes: fragments arrive in invisible groups, and names in other hygiene.

use session_runtime::{FieldKind, Session, SessionError, SessionSchema};

macro_rules! schema {
    ($name:ident, $key:literal, $default:expr, $text:literal, { $($field:ident: $ty:ty),* }) => {
        #[derive(SessionSchema)]
        #[session(crate = $crate::from_macro::runtime, prefix = $key)]
        struct $name {
            #[session(default = $default)]
            views: u64,
            #[session(default = $text, rename = $key)]
            theme: String,
            #[session(flash)]
            notice: Option<String>,
            $($field: $ty,)*
        }
    };
}

mod runtime {
    pub(crate) use session_runtime::*;
}

schema!(Shop, "shop_", 1 + 2, "light", { cart: Vec<u64>, r#type: Option<String> });

fn uses(session: &Session<Shop>) -> Result<(u64, String), SessionError> {
    session.cart().get()?;
    session.r#type().get()?;
    session.notice().get()?;
    Ok((session.views().get()?, session.theme().get()?))
}

#[test]
fn fragments_mean_what_they_say() {
    let _ = uses;
    assert_eq!(
        super::keys::<Shop>(),
        [
            ("views", "shop_views"),
            ("theme", "shop_shop_"),
            ("notice", "shop_notice"),
            ("cart", "shop_cart"),
            ("type", "shop_type"),
        ]
    );
    assert!(Shop::FIELDS.iter().any(|field| field.kind == FieldKind::Flash));
}
