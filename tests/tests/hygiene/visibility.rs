//! Accessors are as visible as their fields, and carry their docs and deprecation.

use session_runtime::{Session, SessionError, SessionSchema};

mod outer {
    use super::SessionSchema;

    pub(super) mod inner {
        use super::SessionSchema;

        /// A schema for all of the crate.
        #[derive(SessionSchema)]
        pub(crate) struct Shop {
            /// Pages seen so far.
            pub(crate) views: u64,
            pub(in crate::visibility) theme: String,
            pub(super) language: String,
            secret_of_the_module: u64,
            #[deprecated = "it is called `views` now"]
            pub(crate) hits: u64,
        }
    }

    pub(super) fn language(
        session: &session_runtime::Session<inner::Shop>,
    ) -> Result<String, session_runtime::SessionError> {
        session.language().get()
    }
}

use outer::inner::{Shop, ShopFields};

fn uses(session: &Session<Shop>) -> Result<u64, SessionError> {
    let fields: &ShopFields = session;
    session.theme().get()?;
    outer::language(session)?;
    fields.views().get()
}

#[expect(deprecated, reason = "the accessor of a deprecated field is deprecated")]
fn uses_deprecated(session: &Session<Shop>) -> Result<u64, SessionError> {
    session.hits().get()
}

#[test]
fn the_fields_type_is_as_visible_as_the_schema() {
    let _ = (uses, uses_deprecated);
    assert_eq!(Shop::FIELDS.len(), 5);
}
