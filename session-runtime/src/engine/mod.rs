//! Loading and committing: carries out what the plan decided, with the driver, the clock and the random source.
//!
//! `core` holds them, `candidates` reads tokens from a request (`pairs`), `load` turns them into a ground to stand on, `exchange`
//! is what one request shares, `csrf` which key its forms' tokens are made from (`visitors` where there is no session),
//! `executor` carries a commit out in its `turn`, `commit` makes it outlive its caller. `seals` opens and seals what browsers
//! carry, `revocations` remembers what was ended of it. `limits` ends what is too many, `others` ends sessions from outside
//! of their requests, `credentials` those that were opened with credentials that have changed. `endings` rings for those who
//! wait for the end of a session, `watching` is how they wait. `tell` says what came of a commit.

mod at_once;
mod candidates;
mod commit;
mod core;
mod credentials;
mod csrf;
mod endings;
mod exchange;
mod executor;
mod fate;
mod limits;
mod load;
mod others;
mod pairs;
mod reloading;
mod replays;
mod revocations;
mod room;
mod seals;
mod tell;
mod turn;
mod visitors;
mod watching;

pub(crate) use self::candidates::Candidates;
pub use self::commit::CommitFuture;
pub(crate) use self::commit::Started;
pub(crate) use self::core::Core;
pub(crate) use self::endings::Endings;
pub(crate) use self::exchange::Exchange;
pub(crate) use self::seals::Seals;
pub(crate) use self::visitors::Visitors;
pub use self::watching::End;
pub(crate) use self::watching::{end as watch_end, owner_of};
