//! A module in which everything that generated code could mean is something else.

use session_runtime::{Session, SessionError, SessionSchema};

#[expect(dead_code, reason = "they are there to be avoided")]
mod decoys {
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod session_runtime {}
    pub(super) trait Clone {}
    pub(super) trait Deref {}
    pub(super) trait Debug {}
    pub(super) trait Default {}
    pub(super) trait Send {}
    #[derive(Debug)]
    pub(super) struct Option;
    #[derive(Debug)]
    pub(super) struct Result;
    #[derive(Debug)]
    pub(super) struct Slot;
    #[derive(Debug)]
    pub(super) struct FieldInfo;
    #[derive(Debug)]
    pub(super) struct UntypedSession;
    #[expect(non_camel_case_types, reason = "it stands for the primitive type")]
    #[derive(Debug)]
    pub(super) struct str;
}

#[expect(non_snake_case, unused_macros, reason = "they stand for what a prelude has")]
mod schema {
    #[expect(unused_imports, reason = "their presence is the test")]
    use super::decoys::{
        Clone, Debug, Default, Deref, FieldInfo, Option, Result, Send, Slot, UntypedSession, core,
        session_runtime, std, str,
    };
    use super::{Session, SessionError, SessionSchema};

    #[expect(dead_code, reason = "its presence is the test")]
    fn Ok() {}
    #[expect(dead_code, reason = "its presence is the test")]
    fn Some() {}
    #[expect(dead_code, reason = "its presence is the test")]
    fn Err() {}
    macro_rules! panic {
        () => {};
    }
    macro_rules! unreachable {
        () => {};
    }

    #[derive(SessionSchema)]
    pub(super) struct Shop {
        #[session(principal)]
        pub(super) user: ::core::option::Option<u64>,
        #[session(default = "light")]
        pub(super) theme: String,
        #[session(default = 3)]
        pub(super) views: u64,
        #[session(flash)]
        pub(super) notice: ::core::option::Option<String>,
    }

    pub(super) fn uses(session: &Session<Shop>) -> ::core::result::Result<Shop, SessionError> {
        session.user().get()?;
        session.theme().get()?;
        session.views().get()?;
        session.notice().get()?;
        session.snapshot()
    }
}

#[test]
fn no_decoy_is_mistaken_for_the_real_thing() {
    let _ = schema::uses;
    assert_eq!(schema::Shop::FIELDS.len(), 4);
}
