//! Typed HTTP sessions.
