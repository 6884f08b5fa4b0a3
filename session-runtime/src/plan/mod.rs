//! What a commit should do, decided without awaiting: what was recorded, the policy and the time go in, one step for
//! the driver comes out. And what the driver's answer means for the outcome and the cookie.

mod lifespan;
mod secret;
mod settle;
mod step;

pub use self::settle::Outcome;
pub(crate) use self::settle::{Settled, after_apply, after_create, after_ending};
pub(crate) use self::step::{Apply, NewRecord, Occasion, Plan, Situation, plan};

#[cfg(test)]
mod tests;
