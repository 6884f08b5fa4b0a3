//! The sessions of one principal: listed, ended one by one or all others, and limited, on every driver.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

mod devices {
    mod cookie;
    mod limits;
    mod list;
    mod password;
    mod principals;
    mod races;
    mod revoke;
    mod stage;
}
