//! Whoever serves a session for longer than a request learns when it ends, and writes to it on his own.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod watching {
    mod detached;
    mod elsewhere;
    mod ends;
    mod in_cookies;
    mod site;
}
