//! Stories over HTTP: what users, attackers and failures do to a session, on the memory driver.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod stories {
    mod browser_races;
    mod clockwork;
    mod commits;
    mod concurrency;
    mod cookies;
    mod endings;
    mod failures;
    mod first_visit;
    mod flash;
    mod frameworks;
    mod headers;
    mod lifetimes;
    mod login;
    mod manual;
    mod memory;
    mod schemas;
    mod slots;
    mod stage;
    mod tokens;
    mod turns;
    mod untyped;
}
