//! The runtime under another name, as a re-export or a renamed dependency gives it.

use session_runtime::SessionSchema as _;

mod facade {
    pub(super) use session_runtime as sessions;
}

#[derive(facade::sessions::SessionSchema)]
#[session(crate = facade::sessions)]
struct Relative {
    views: u64,
}

#[derive(facade::sessions::SessionSchema)]
#[session(crate = crate::renamed::facade::sessions)]
struct Absolute {
    #[session(flash)]
    notice: Option<String>,
    #[session(default = "light")]
    theme: String,
}

#[test]
fn the_runtime_is_found_where_the_schema_says() {
    assert_eq!(super::keys::<Relative>(), [("views", "views")]);
    assert_eq!(Absolute::FIELDS.len(), 2);
}
