//! What several tests share: servers that they start themselves. The tests are in `tests/`, in a crate apart so that no
//! dev-dependency leads back into the crate it comes from.

pub mod redis;
