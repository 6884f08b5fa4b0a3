//! Nothing of its own: the tests are in `tests/`, in a crate apart so that no dev-dependency leads back into the crate it
//! comes from.
