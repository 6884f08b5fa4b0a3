//! Stories of forms: what was typed, what is wrong, and the way back, over HTTP.
//!
//! A test whose name begins with items such as `a6_57` shows what the predecessors have under them. Without a
//! counterpart are A4-57 (aged flash is copied to a key of the session for tests: `TestClient` reads it without that),
//! A6-40 and A5-62 (the whole interface of a store on flash) and A6-74.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod forms {
    mod bags;
    mod errors;
    mod frameworks;
    mod input;
    mod intended;
    mod redirects;
    mod rejection;
    mod room;
    mod site;
}
