//! The derive of `session-runtime`.
