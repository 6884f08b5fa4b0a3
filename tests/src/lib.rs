//! What several tests share: the stage that stories play on, and servers that they start themselves. The tests are in
//! `tests/`, in a crate apart so that no dev-dependency leads back into the crate it comes from.

pub mod redis;
pub mod stage;
