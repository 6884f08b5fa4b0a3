//! Loading and committing: carries out what the plan decided, with the driver, the clock and the random source.
//!
//! `core` holds them, `candidates` reads tokens from a request, `load` turns them into a ground to stand on, `exchange`
//! is what one request shares, `executor` carries a commit out, `commit` makes it outlive its caller.

mod at_once;
mod candidates;
mod commit;
mod core;
mod exchange;
mod executor;
mod load;

pub(crate) use self::candidates::Candidates;
pub use self::commit::CommitFuture;
pub(crate) use self::commit::Started;
pub(crate) use self::core::Core;
pub(crate) use self::exchange::Exchange;
