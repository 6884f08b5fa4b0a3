//! Stories over HTTP: what users, attackers and failures do to a session, on the memory driver.

mod stories {
    mod browser_races;
    mod commits;
    mod concurrency;
    mod cookies;
    mod endings;
    mod failures;
    mod first_visit;
    mod flash;
    mod headers;
    mod lifetimes;
    mod login;
    mod manual;
    mod memory;
    mod schemas;
    mod slots;
    mod tokens;
    mod untyped;
    mod world;
}
