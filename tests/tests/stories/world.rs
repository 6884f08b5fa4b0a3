//! The stage, as the stories name it.

pub(crate) use session_tests::stage::{Acts, Browser, Says, Shop, World};
